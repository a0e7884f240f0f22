"""Web links without what only tells where somebody found them."""

import re
from urllib.parse import unquote_plus, urlsplit

from bot.domain.papers import TRACKING, is_web_url

_VIDEO_HOSTS = ("b23.tv", "bilibili.com", "youtu.be", "youtube.com")
# Words that mean something else on other sites. What stays is the place in a video: "t" is the
# second and "p" the part (https://www.bilibili.com/video/BV…?t=90&p=2).
_ON_VIDEOS = re.compile(r"from|from_\w+|si|feature|unique_k|timestamp|plat_id|buvid|pp|trackid")


def cleaned(url: str) -> str:
    """The same address without its tracking parameters; what is no web link stays as it is."""
    if not is_web_url(url):
        return url
    address, hash_sign, fragment = url.partition("#")
    path, _, query = address.partition("?")
    video = _is_video(urlsplit(url).hostname or "")
    given = query.split("&")
    kept = [one for one in given if not _tracks(one, video=video)]
    if kept == given:
        return url
    told = "&".join(one for one in kept if one)
    return path + (f"?{told}" if told else "") + hash_sign + fragment


def _is_video(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in _VIDEO_HOSTS)


def _tracks(parameter: str, *, video: bool) -> bool:
    name = unquote_plus(parameter.partition("=")[0]).lower()
    return bool(TRACKING.fullmatch(name) or (video and _ON_VIDEOS.fullmatch(name)))

"""From one page of the site to another: all relative, so that it works in any folder."""

from bot.domain.papers import is_web_url
from bot.publish.paths import as_link


def to_path(path: str, root: str) -> str:
    """`root` leads from the page that links to the group's folder: "" or "../"."""
    return root + as_link(path)


def href(url: str, root: str) -> str:
    """The same place for what the group's page links to: a web address, or a path beside it."""
    if is_web_url(url) or url.startswith("/"):
        return url
    return root + url.removeprefix("./")

"""New videos as an Atom feed (RFC 4287)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from feedgenerator import Atom1Feed
from markupsafe import Markup

from bot.domain.archive import Archive
from bot.domain.views import LinkView, MeetingView, TalkView
from bot.publish import shown
from bot.publish.markdown.words import one_line
from bot.publish.paths import Paths
from bot.text.render import full_day
from storage.enums import LinkKind

MOST_VIDEOS = 50
"""Entries in the feed: a year of weekly meetings, half of them with two recordings."""


@dataclass(frozen=True, slots=True)
class _Video:
    """`known_as` is what its entry is known by; `posted_at` is when it was posted in the chat, or
    for one that came with a page, when its meeting ended."""

    known_as: str
    posted_at: datetime
    url: str
    page: str
    title: str
    presenters: str
    date: date


def videos(archive: Archive, paths: Paths) -> bytes:
    """The newest videos, each known by the same id whatever its talk is called later."""
    known = sorted(_videos(archive, paths), key=lambda video: video.posted_at, reverse=True)
    newest = known[:MOST_VIDEOS]
    name = one_line(archive.group.name) or "Reading group"
    feed = _Feed(
        f"{name}: videos",
        paths.address(paths.index) or paths.index,
        None,
        author_name=name,
        feed_url=paths.address(paths.videos),
        feed_guid=archive.identity("videos").urn,
        language="en",
        updated=newest[0].posted_at if newest else archive.founded_at,
    )
    for video in newest:
        feed.add_item(
            video.title,
            paths.address(video.page) or video.url,
            _summary(video, paths),
            author_name=video.presenters or None,
            pubdate=video.posted_at,
            updateddate=video.posted_at,
            unique_id=archive.identity(video.known_as).urn,
        )
    return str(feed.writeString("utf-8")).encode()


class _Feed(Atom1Feed):  # type: ignore[misc]  # the library has no types
    def latest_post_date(self) -> datetime:
        """The library takes the time of day where there is no entry."""
        updated: datetime = self.feed["updated"]
        return updated


def _videos(archive: Archive, paths: Paths) -> Iterator[_Video]:
    for term in archive.terms:
        for meeting in term.meetings:
            talks = [(slot, slot.talk) for slot in meeting.slots if slot.talk]
            for slot, talk in talks:
                page = paths.of_talk(talk.id)
                yield from _of(archive, meeting, [talk], talk.links, f"slot {slot.id}", page)
            page, all_talks = paths.of_meeting(meeting), [talk for _, talk in talks]
            yield from _of(
                archive, meeting, all_talks, meeting.links, f"meeting {meeting.id}", page
            )


def _of(
    archive: Archive,
    meeting: MeetingView,
    talks: Sequence[TalkView],
    links: tuple[LinkView, ...],
    owner: str,
    page: str,
) -> Iterator[_Video]:
    titles = " · ".join(shown.title(talk) for talk in talks)
    people = dict.fromkeys(one_line(one.name) for talk in talks for one in talk.presenters)
    found = [link.url for link in shown.links(links) if link.kind is LinkKind.VIDEO]
    for number, url in enumerate(found, 1):
        yield _Video(
            f"video {number} of {owner}",
            archive.posted_at.get(url, meeting.ends_at).replace(microsecond=0),
            url,
            page,
            titles or one_line(meeting.title or "") or full_day(meeting.date),
            ", ".join(people),
            meeting.date,
        )


def _summary(video: _Video, paths: Paths) -> str:
    words = Markup('{}. <a href="{}">Watch the video</a>')
    return words.format(full_day(video.date), paths.address_of(video.url) or video.url)

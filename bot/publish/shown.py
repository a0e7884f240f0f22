"""What of a talk is shown outside the chat, and what it is called there."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.domain.page import PageLink
from bot.domain.titles import format_venue
from bot.domain.views import LinkView, TalkView
from bot.publish.markdown import marks
from bot.publish.markdown.page_links import is_usable, tidy_link
from bot.publish.markdown.words import one_line
from storage.enums import LinkKind

PAPER = "Paper"
"""What a link to the paper itself is called."""


class ShownLink(NamedTuple):
    """`url` is a web address, or a path beside the group's page. `kind` is `None` for the paper."""

    words: str
    url: str
    kind: LinkKind | None


def title(talk: TalkView) -> str:
    """`[SOSP'25] DiffKV: Differentiated Memory Management`, in one line."""
    venue = one_line(format_venue(talk.venue, talk.year))
    words = one_line(talk.title) or marks.UNTITLED
    return f"[{venue}] {words}" if venue else words


def links_of(talk: TalkView) -> Iterator[ShownLink]:
    """Its paper, and what was posted for it."""
    if talk.url and is_usable(talk.url):
        yield ShownLink(PAPER, talk.url, None)
    yield from links(talk.links)


def links(posted: Iterable[LinkView]) -> Iterator[ShownLink]:
    """Those that lead somewhere, in the order in which they were added."""
    for link in posted:
        tidy = tidy_link(PageLink(link.kind, link.url, link.label))
        if tidy is not None:
            words = tidy.label or marks.LINK_WORDS[tidy.kind].capitalize()
            yield ShownLink(words, tidy.url, tidy.kind)

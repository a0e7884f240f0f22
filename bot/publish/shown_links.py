"""Which links of a talk or a meeting are shown outside the chat, and what they are called."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.domain.page import PageLink
from bot.domain.views import LinkView, TalkView
from bot.publish.markdown import marks
from bot.publish.markdown.page_links import is_usable, tidy_link
from storage.enums import LinkKind


class ShownLink(NamedTuple):
    """`url` is a web address, or a path beside the group's page."""

    words: str
    url: str
    kind: LinkKind | None = None


def of_talk(talk: TalkView) -> Iterator[ShownLink]:
    """Its paper, and what was posted for it."""
    if talk.url and is_usable(talk.url):
        yield ShownLink("Paper", talk.url)
    yield from shown(talk.links)


def shown(links: Iterable[LinkView]) -> Iterator[ShownLink]:
    """Those that lead somewhere, in the order in which they were added."""
    for link in links:
        tidy = tidy_link(PageLink(link.kind, link.url, link.label))
        if tidy is not None:
            words = tidy.label or marks.LINK_WORDS[tidy.kind].capitalize()
            yield ShownLink(words, tidy.url, tidy.kind)

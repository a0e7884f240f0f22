"""What is left of a message's HTML once Telegram has read it."""

from html.parser import HTMLParser


def read(html: str) -> tuple[str, int]:
    """The text without its formatting, and how many pieces of formatting it had."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.text), reader.entities


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.entities = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.entities += 1

    def handle_data(self, data: str) -> None:
        self.text.append(data)

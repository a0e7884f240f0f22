"""The group's page in Markdown: read with all its dirt, and written cleanly.

For every page, `parse(write(page))` is `tidy(page)` without a problem, as long as the page and
each talk have a title, each talk a presenter, and no line more than 300 brackets `[` and `<`
(lines with more are not looked into). For a tidy page that is the page itself.
"""

from bot.publish.markdown.page_parser import parse
from bot.publish.markdown.page_tidy import tidy
from bot.publish.markdown.page_writer import write

__all__ = ["parse", "tidy", "write"]

"""The page's texts, which are Markdown with some HTML in it, as HTML that can do no harm."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.publish.markdown.page_links import is_usable
from bot.publish.site.hrefs import href

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def to_html(text: str, root: str) -> Markup:
    """`root` leads from the page that shows it to the group's folder. Of links only those to the
    web and into the folder stay; pictures and all that styles or acts is left out."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if (tag, name) != ("a", "href"):
            return value
        return href(value, root) if is_usable(value) else None

    return Markup(  # noqa: S704 - this is what makes it safe
        nh3.clean(
            _MARKDOWN.render(text),
            tags=_TAGS,
            attributes={"a": {"href"}, "ol": {"start"}},
            attribute_filter=attribute,
            url_schemes={"http", "https"},
            link_rel="noopener",
        )
    )

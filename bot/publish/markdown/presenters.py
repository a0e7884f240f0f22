"""Who presents, as a line says it."""

from bot.publish.markdown import marks
from bot.publish.markdown.page_lines import Line
from bot.publish.markdown.words import one_line


def read_names(rest: Line) -> list[tuple[str, str | None]]:
    """The names in a line, each with its affiliation if there is one in brackets."""
    # Commas inside brackets are part of an affiliation ("USTC, China").
    mask = marks.BRACKETS.sub(lambda match: match[0][0] + "\ufffd" * (len(match[0]) - 2) + ")",
                              rest.mask)  # fmt: skip
    names = []
    start = 0
    ends = [*(match.span() for match in marks.BETWEEN_NAMES.finditer(mask)), (len(mask), 0)]
    for end, following in ends:
        text, shape = rest.text[start:end], mask[start:end].rstrip()
        opening = max(shape.rfind("("), shape.rfind("（"))
        name = one_line(text)
        affiliation = None
        if shape.endswith(")") and opening > 0 and text[:opening].strip():
            affiliation = one_line(text[opening + 1 : len(shape) - 1]) or None
            name = one_line(text[:opening])
        if name:
            names.append((name, affiliation))
        start = following
    return names

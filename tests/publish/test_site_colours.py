"""That everybody can read the site's colours, light and dark: WCAG 2.2, level AA."""

import re
from importlib.resources import files

import pytest

CSS = (files("bot.publish.site") / "static" / "site.css").read_text(encoding="utf-8")
LIGHT, DARK, CHOSEN_DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root[^{]*\{([^}]*)\}", CSS)
)
TEXT = [
    (words, ground)
    for words in ("text", "muted", "accent", "warn")
    for ground in ("page", "surface")
] + [("on-accent", "accent"), ("accent", "soft"), ("text", "soft"), ("warn", "warn-soft")]


def _luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(colours: dict[str, str], one: str, other: str) -> float:
    darker, lighter = sorted(_luminance(colours[name]) for name in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def test_dark_is_the_same_whether_chosen_or_the_systems() -> None:
    assert DARK == CHOSEN_DARK
    assert set(DARK) == set(LIGHT)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_the_edges_of_fields_stand_out(colours: dict[str, str]) -> None:
    weak = {pair: _contrast(colours, *pair) for pair in TEXT if _contrast(colours, *pair) < 4.5}
    assert weak == {}
    assert min(_contrast(colours, "edge", ground) for ground in ("page", "surface")) >= 3


def test_every_colour_is_one_of_the_named() -> None:
    rules = re.sub(r":root[^{]*\{[^}]*\}", "", CSS)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsl", rules) == []
    assert set(re.findall(r"var\(--([\w-]+)\)", rules)) <= set(LIGHT)

"""What the places in a meeting are called on the page: Topic I, Topic II, and so on."""

from collections.abc import Sequence

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def name(position: int) -> str:
    """ "Topic II" for 2; positions count from 1."""
    return f"Topic {_ROMAN[position - 1]}"


def of(many: int) -> list[str | None]:
    """What so many places are called; a single one needs no name."""
    return [name(position) for position in range(1, many + 1)] if many > 1 else [None] * many


def renumbered(topics: Sequence[str | None], positions: Sequence[int]) -> list[str | None]:
    """The topics of places that stood at these positions and now follow one another from 1 on: a
    numbered one gets its new number, another keeps its name."""
    return [
        name(place) if topic == name(position) else topic
        for place, (topic, position) in enumerate(zip(topics, positions, strict=True), 1)
    ]


def another(topics: Sequence[str | None]) -> str | None:
    """What one more place is called beside these: numbered where the others are, else nothing."""
    numbered = all(topic == name(place) for place, topic in enumerate(topics, 1))
    return name(len(topics) + 1) if numbered else None

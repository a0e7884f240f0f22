"""The week's card, drawn."""

from bot.pictures.canvas import ACCENT, ALARM, LINE, SOFT, WIDTH, Canvas, Style
from bot.pictures.cards import Card, CardTalk
from bot.text import labels

MARGIN = 72
ROOM = WIDTH - 2 * MARGIN
LOWEST, HIGHEST = 566, 1440
"""From 1.91:1 to 3:4: what a chat shows whole, without cutting it."""

DATE = (76.0, 68.0, 60.0, 52.0)
GROUP, WHERE = Style(36, SOFT), Style(40, SOFT)
SPECIAL = Style(48, ACCENT)
CANCELLED = Style(56, ALARM)
HEADING, TITLE, PEOPLE = Style(33, ACCENT), Style(44), Style(37, SOFT)
FREE, INSTEAD = Style(40, ACCENT), Style(40, SOFT)
GAP = 46


def draw(card: Card) -> bytes:
    """A PNG, `WIDTH` wide and as high as it takes. A title gets three lines as long as there is
    room for that, then two, then one."""
    for lines in (3, 2, 1):
        canvas = Canvas()
        height = _talks(canvas, card, _head(canvas, card), lines) + MARGIN - GAP
        if height <= HIGHEST:
            break
    return canvas.png(min(max(height, LOWEST), HIGHEST))


def _head(canvas: Canvas, card: Card) -> float:
    """Who meets when and where. Returns how far down it goes."""
    y = MARGIN + 28.0
    canvas.write(canvas.shortened(card.group, GROUP, ROOM), GROUP, MARGIN, y)
    date = next(
        (style for style in map(Style, DATE) if canvas.measure(card.when, style) <= ROOM),
        Style(DATE[-1]),
    )
    y += 94
    canvas.write(canvas.shortened(card.when, date, ROOM), date, MARGIN, y)
    if card.cancelled:
        y += 80
        canvas.write(labels.CANCELLED, CANCELLED, MARGIN, y)
    elif where := canvas.shortened(card.where, WHERE, ROOM):
        y += 64
        canvas.write(where, WHERE, MARGIN, y)
    for line in canvas.wrapped(card.special, SPECIAL, ROOM, 2):
        y += 70
        canvas.write(line, SPECIAL, MARGIN, y)
    y += 44
    canvas.block(MARGIN, y, ROOM, 3, LINE)
    return y + GAP


def _talks(canvas: Canvas, card: Card, y: float, lines: int) -> float:
    for talk in card.talks:
        y = (_talk(canvas, talk, y, lines) if not talk.instead else _gap(canvas, talk, y)) + GAP
    if not card.talks and not card.cancelled:
        canvas.write(labels.NO_TALKS_YET, INSTEAD, MARGIN, y + 34)
        y += 46 + GAP
    if card.more:
        canvas.write(labels.and_more(card.more), PEOPLE, MARGIN, y + 28)
        y += 40 + GAP
    return y


def _talk(canvas: Canvas, talk: CardTalk, y: float, lines: int) -> float:
    if heading := canvas.shortened(talk.heading, HEADING, ROOM):
        y += 30
        canvas.write(heading, HEADING, MARGIN, y)
        y += 14
    for line in canvas.wrapped(talk.title, TITLE, ROOM, lines):
        y += 54
        canvas.write(line, TITLE, MARGIN, y)
    for number, line in enumerate(canvas.wrapped(talk.people, PEOPLE, ROOM, min(lines, 2))):
        y += 46 if number else 56
        canvas.write(line, PEOPLE, MARGIN, y)
    return y + 8


def _gap(canvas: Canvas, talk: CardTalk, y: float) -> float:
    """A place without a talk; a frame around it invites to take it."""
    style = FREE if talk.free else INSTEAD
    words = " · ".join(part for part in (talk.heading, talk.instead) if part)
    if talk.free:
        canvas.frame(MARGIN, y, ROOM, 92, ACCENT)
        canvas.write(canvas.shortened(words, style, ROOM - 64), style, MARGIN + 32, y + 60)
        return y + 92
    canvas.write(canvas.shortened(words, style, ROOM), style, MARGIN, y + 36)
    return y + 46

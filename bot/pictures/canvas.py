"""A sheet to draw on, in pixels from its upper left corner."""

import io
import re
from dataclasses import dataclass

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch, Rectangle

from bot.pictures.fonts import drawable, families

WIDTH = 1080
"""Pixels. On a phone the picture is 390 wide or so: letters of 36 pixels look like 13 there."""

DPI = 72
"""With this, a point is a pixel."""

NARROWEST = 8
"""So many of the narrowest letters are as wide as a letter is high, at the most."""

# The same in light and dark chats: a ground of its own, and nothing on it below a contrast of 4.5.
GROUND = "#1f3347"
INK = "#ffffff"
SOFT = "#b4c6d8"
ACCENT = "#ffce6b"
ALARM = "#ff9d8a"
LINE = "#3d566f"

# Words stay whole; a Chinese text may break after any character but before no closing sign.
_PIECE = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]"
    r"[\u3001\u3002\uff0c\uff1a\uff1b\uff01\uff1f\uff09\u300b\u300d\u201d]*\s*"
    r"|[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+\s*|\s+"
)


@dataclass(frozen=True, slots=True)
class Style:
    """The height of letters in pixels, and their colour."""

    size: float
    colour: str = INK


class Canvas:
    """How high it is, is told at the end, when it is known how much there is on it."""

    def __init__(self) -> None:
        self.figure = Figure(dpi=DPI, facecolor=GROUND)
        self._renderer = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()

    def measure(self, words: str, style: Style) -> float:
        """The width of a line in pixels."""
        width, _, _ = self._renderer.get_text_width_height_descent(
            words, _font(style), ismath=False
        )
        return float(width)

    def shortened(self, words: str, style: Style, width: float) -> str:
        """The line, cut with an ellipsis where it is wider than `width`."""
        words = drawable(words)
        # Measuring costs by length, and no line has more letters than this.
        most = int(width / style.size * NARROWEST)
        if len(words) <= most and self.measure(words, style) <= width:
            return words
        low, high = 0, min(len(words), most)
        while low < high:
            middle = (low + high + 1) // 2
            if self.measure(f"{words[:middle].rstrip()}…", style) <= width:
                low = middle
            else:
                high = middle - 1
        return f"{words[:low].rstrip()}…"

    def wrapped(self, words: str, style: Style, width: float, most: int) -> list[str]:
        """The text in at most `most` lines; the last one is cut where that is too few."""
        pieces = _PIECE.findall(drawable(words))
        lines: list[str] = []
        while pieces and len(lines) < most - 1:
            line = ""
            while pieces and self.measure(f"{line}{pieces[0]}".rstrip(), style) <= width:
                line += pieces.pop(0)
            # A word that is a line by itself is cut, and the rest goes on below.
            lines.append(line.rstrip() or self._part(pieces, style, width))
        rest = "".join(pieces).strip()
        return [*lines, self.shortened(rest, style, width)] if rest else lines

    def _part(self, pieces: list[str], style: Style, width: float) -> str:
        word = pieces[0]
        end = len(word)
        while end > 1 and self.measure(word[:end], style) > width:
            end -= 1
        pieces[0] = word[end:]
        if not pieces[0]:
            del pieces[0]
        return word[:end]

    def write(self, words: str, style: Style, left: float, baseline: float) -> None:
        """Put a line that `shortened` or `wrapped` made on the sheet."""
        self.axes.text(
            left,
            baseline,
            words,
            fontproperties=_font(style),
            color=style.colour,
            parse_math=False,
        )

    def block(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        self.axes.add_patch(
            Rectangle((left, top), width, height, facecolor=colour, edgecolor="none")
        )

    def frame(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """A dashed frame with round corners."""
        self.axes.add_patch(
            FancyBboxPatch(
                (left, top),
                width,
                height,
                boxstyle="round,pad=0,rounding_size=16",
                facecolor="none",
                edgecolor=colour,
                linewidth=3,
                linestyle=(0, (4, 3)),
            )
        )

    def png(self, height: float) -> bytes:
        """The sheet as a file, `height` pixels high."""
        self.figure.set_size_inches(WIDTH / DPI, height / DPI)
        self.axes.set_xlim(0, WIDTH)
        self.axes.set_ylim(height, 0)
        made = io.BytesIO()
        self.figure.savefig(made, format="png", metadata={"Software": None})
        return made.getvalue()


def _font(style: Style) -> FontProperties:
    return FontProperties(family=list(families()), size=style.size)

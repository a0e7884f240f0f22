"""Makes the font that pictures are drawn with: `python -m bot.pictures.subset NotoSansCJK.ttc`.

It is Noto Sans CJK SC with what names and titles here are written in: Latin, Chinese as GB 2312 and
the common part of Big5 have it, and characters that are frequent in names alone. It bears a name of
its own, so that it is never taken for a whole font of the machine.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

TARGET = Path(__file__).parent / "font" / "ReadingGroupSans.otf"
NAME = "Reading Group Sans"
SOURCE = "Noto Sans CJK SC"

LETTERS = (
    (0x20, 0x7E),
    (0xA0, 0x17F),  # Latin with accents
    (0x2010, 0x2015),
    (0x2020, 0x2025),
    (0x2030, 0x203A),
    (0x2190, 0x2193),
    (0x3000, 0x30FF),  # Chinese and Japanese punctuation, kana
    (0xFF00, 0xFFEF),
)
WIDE = "·‘’“”…—―"
"""Signs that a Chinese font makes as wide as a character: those of another are better here."""

SIGNS = "€±×÷−√≈≠≤≥∞αβγδεθλμπστφωΔΩΣ●○■□★☆"
IN_NAMES = (
    "喆玥堃昇珺煊祎旻垚淼犇焱燚翀珩玮琛堉婧嫚媞镕瑀玢琎璟翯骉鑫垕垲奡姮婳嬿彧昉昶晗晞暐曈桢梓楷沄洺浠涵渼湉潆澍灏炅炜烜"
    "熠燊珈珞琀琋琬瑄瑭畑祺禤筠綦翊芃茜菡蓁蔺薇蘅謇赟轶逯郄郦鄢钰钲铖锜锴闫靓顼颀飏骁骐骞鸾麒黛濛玙玚瑒珏珣瑗璇璐祐祜"
)


def characters() -> frozenset[str]:
    """What the font is to have."""
    letters = {chr(code) for first, last in LETTERS for code in range(first, last + 1)}
    simplified = _encoded("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
    # The part of Big5 that is in daily use.
    traditional = _encoded("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    return frozenset(letters | simplified | traditional | set(SIGNS + IN_NAMES)) - set(WIDE)


def _encoded(encoding: str, first: range, second: tuple[int, ...] | range) -> set[str]:
    made = (bytes((high, low)).decode(encoding, "ignore") for high in first for low in second)
    return {character for character in made if character}


def main(source: Path) -> None:
    fonts = TTCollection(source, lazy=True).fonts
    font = next(each for each in fonts if each["name"].getDebugName(1) == SOURCE)
    options = subset.Options()
    options.layout_features, options.hinting = ["kern"], False
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    maker = subset.Subsetter(options)
    maker.populate(text="".join(characters()))
    maker.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
    font["CFF "].cff.fontNames = [NAME.replace(" ", "")]
    top = font["CFF "].cff.topDictIndex[0]
    top.FamilyName = top.FullName = NAME
    font.save(TARGET)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""An update as it came, made fit for a database: what no text may hold is taken out of all texts,
in one place, before anybody reads them."""

from typing import Any, Final

_DEEPEST: Final = 50
_LARGEST: Final = 2**63 - 1
_BLANK: Final = {0: " "}


def tidied(raw: Any, depth: int = 0) -> Any:
    """The same with a blank for each zero byte, which PostgreSQL does not store, and a mark for
    each half of a character, which nothing can encode; places in texts stay the same.

    Raises `ValueError` for a number past 64 bits and for what is nested without end: Telegram
    sends neither.
    """
    if isinstance(raw, str):
        return _tidied_text(raw)
    if isinstance(raw, dict):
        _check(depth < _DEEPEST)
        return {_tidied_text(key): tidied(value, depth + 1) for key, value in raw.items()}
    if isinstance(raw, list):
        _check(depth < _DEEPEST)
        return [tidied(value, depth + 1) for value in raw]
    if isinstance(raw, int):
        _check(abs(raw) <= _LARGEST)
    return raw


def _tidied_text(text: str) -> str:
    if text.isascii():
        return text.translate(_BLANK) if "\0" in text else text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text)
    return text.translate(_BLANK) if "\0" in text else text


def _check(fine: bool) -> None:  # noqa: FBT001 - a condition is all there is to it
    if not fine:
        raise ValueError("no update of Telegram's")

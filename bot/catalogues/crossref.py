"""Crossref's API: https://api.crossref.org/swagger-ui/index.html"""

import json
import re
from typing import Any
from urllib.parse import quote

from bot.catalogues.fetch import NoAnswerError
from bot.catalogues.tidy import MAX_AUTHORS, MAX_NAME, MAX_TITLE, plain, without_markup, year
from bot.domain import venues
from bot.domain.papers import PaperFacts
from bot.domain.titles import parse_venue

PUBLIC = "https://api.crossref.org"

AT_ONCE = 4
"""Crossref allows five to those who leave no address:
https://www.crossref.org/documentation/retrieve-metadata/rest-api/access-and-authentication/"""

_SHORT = re.compile(r"[A-Za-z][A-Za-z-]{1,19}")


def path(doi: str) -> str:
    return f"/works/{quote(doi, safe='')}"


def read(record: bytes, _doi: str) -> PaperFacts | None:
    """The work that a record tells of; `None` where it has no title. Raises `NoAnswerError` for
    what is no record."""
    try:
        message = json.loads(record)["message"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoAnswerError("what came is no record") from error
    if not isinstance(message, dict):
        raise NoAnswerError("what came is no record")
    title, subtitle = (without_markup(_first(message.get(key))) for key in ("title", "subtitle"))
    if not title:
        return None
    whole = f"{title}: {subtitle}" if subtitle and subtitle not in title else title
    authors = (_name(author) for author in _list(message.get("author")))
    venue, of_venue = _venue(message)
    return PaperFacts(
        whole[:MAX_TITLE].rstrip(),
        tuple(name for name in authors if name)[:MAX_AUTHORS],
        venue,
        of_venue or _year(message),
    )


def _venue(message: dict[str, Any]) -> tuple[str | None, int | None]:
    """By the event's short name ("SOSP '25") if there is one, else by the proceedings' title."""
    event = message.get("event")
    if isinstance(event, dict):
        short, of_event = parse_venue(plain(event.get("acronym")))
        if short and _SHORT.fullmatch(short):
            return short, of_event
    return venues.of_proceedings(without_markup(_first(message.get("container-title")))), None


def _year(message: dict[str, Any]) -> int | None:
    for key in ("published", "issued"):
        date = message.get(key)
        if isinstance(date, dict):
            return year(_first(_first(date.get("date-parts"))))
    return None


def _name(author: Any) -> str:
    """Of a person or, with nothing but a name, of an organisation."""
    if not isinstance(author, dict):
        return ""
    parts = (without_markup(author.get(key)) for key in ("given", "family"))
    return (" ".join(filter(None, parts)) or without_markup(author.get("name")))[:MAX_NAME]


def _list(values: Any) -> list[Any]:
    return values if isinstance(values, list) else []


def _first(values: Any) -> Any:
    return next(iter(_list(values)), None)

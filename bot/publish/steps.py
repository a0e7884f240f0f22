"""What can be done with a term's file."""

import hashlib
from dataclasses import dataclass

from pydantic import Base64UrlBytes

from bot.domain.page import Page
from bot.domain.page_changes import Merged


@dataclass(frozen=True, slots=True)
class Write:
    """Write this text over the file, provided that it is still `found`. With `copy` what is there
    is saved beside it first."""

    text: str
    found: Base64UrlBytes | None
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """The file says this, which is what it should."""

    text: str


@dataclass(frozen=True, slots=True)
class ReadBack:
    """The schedule should take over what the file says. `schedule` is what it says now, in the
    page's format; `agreed` that an organizer chose the page. With `copy` not all of the file can be
    taken over, so it is saved beside."""

    merged: Merged
    schedule: Page
    found: Base64UrlBytes
    agreed: bool = False
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """The file is left alone until somebody decides, or mends it."""

    digest: str
    sentences: tuple[str, ...]
    takable: bool


Step = Write | Settled | ReadBack | Clash


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

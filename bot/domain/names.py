"""Names of files and folders, made of what people write."""

import re
import unicodedata

LONGEST = 60
"""Characters; with a date before and an ending behind, every file system takes it."""


def slug(text: str) -> str:
    """The text as a part of an address: small letters and digits of any script, with hyphens
    between them ("2025 Fall" becomes "2025-fall"); empty when it has none."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "-", plain).strip("-")[:LONGEST].strip("-")

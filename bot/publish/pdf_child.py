"""Opens what it is given as a PDF, within limits, and ends with 0 if that went well."""

import io
import sys

from pypdf import PdfReader

try:
    import resource
except ImportError:  # Windows, where the time alone is limited
    resource = None  # type: ignore[assignment]

SECONDS = 20
MEMORY = 1 << 30
"""Bytes."""

HEADER_WITHIN = 1024
"""Bytes before the header, which readers put up with."""


def _limit() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def has_a_page(content: bytes) -> bool:
    """Raises `pypdf.errors.PyPdfError` for what is broken."""
    if b"%PDF-" not in content[:HEADER_WITHIN]:
        return False
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        return False
    return reader.pages[0] is not None


def main() -> int:
    _limit()
    return 0 if has_a_page(sys.stdin.buffer.read()) else 1


if __name__ == "__main__":
    sys.exit(main())

"""What is typed at a terminal, and what is said there."""

from pathlib import Path

import pytest

REAL_PAGE = Path(__file__).parents[1] / "data" / "2025-fall.md"
PAGES = REAL_PAGE.parent / "pages"
SMALL_PAGE = """# 2026 Spring

## Schedule

### March 10

#### Topic I

- 💡 [arXiv] [REFRAG](https://arxiv.org/pdf/2509.01092)
- 🙎‍♂️ Bosen Yang

#### Topic II

- 💡 *open*
"""


def says(capsys: pytest.CaptureFixture[str]) -> str:
    """What is on standard error: one line and no traceback."""
    said = capsys.readouterr().err.strip()
    assert said != ""
    assert "\n" not in said
    assert "Traceback" not in said
    return said

"""Use cases refuse with what the sentence needs that people read."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.errors import DomainError, Refusal
from bot.text.render import render_refusal


@pytest.fixture(autouse=True)
def _every_refusal_can_be_put_into_words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    refused: list[DomainError] = []
    begin = DomainError.__init__

    def noted(self: DomainError, code: Refusal, **params: Any) -> None:
        begin(self, code, **params)
        refused.append(self)

    monkeypatch.setattr(DomainError, "__init__", noted)
    yield
    for refusal in refused:
        assert "None" not in render_refusal(refusal), refusal.params

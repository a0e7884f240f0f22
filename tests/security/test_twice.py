"""After a crash an update may come once more, and people tap twice: whatever can be done acts
once."""

from collections.abc import Iterator
from typing import Any

from bot.domain.callbacks import encode
from tests.fuzz.inside import command
from tests.fuzz.rows import difference
from tests.security.conftest import Trial
from tests.security.rights import BUTTONS, COMMANDS, Ids

PUT_AGAIN = ("drafts", "requests", "deliveries", "slots")
"""A question is put again, in the place of the first, and a card again below. Nobody hears of it:
what the first one owed is void."""


def _updates(trial: Trial) -> Iterator[tuple[object, str, dict[str, Any]]]:
    inside, here = trial.scene.inside, trial.scene.here
    for text, may in COMMANDS:
        for name in sorted(may)[:1]:
            message = here.add(trial.people[name], inside.clock.now(), text=text)
            yield text, "message", message.as_api() | command(text)
    for make, may in BUTTONS:
        asked = make(Ids(trial.watch))
        for name in sorted(may)[:1]:
            under = here.add(inside.bot_person, inside.clock.now(), text="?")
            tap = inside.sandbox.queries.tap(trial.people[name], under, encode(asked))
            yield asked, "callback_query", tap.as_api()


async def test_whatever_is_done_twice_acts_once(trial: Trial) -> None:
    acted, wrong = 0, []
    for asked, kind, content in _updates(trial):
        await trial.scene.inside.take(kind, content)
        once = trial.watch.rows(1)
        await trial.scene.inside.take(kind, content)
        again = difference(once, trial.watch.rows(1))
        acted += once != trial.before[1]
        wrong += [(asked, row) for row in again if row[0] not in PUT_AGAIN]
        trial.put_back()
    trial.scene.inside.heard.records.clear()  # that a tap was answered already

    assert "\n".join(map(str, wrong)) == ""
    assert acted > 60

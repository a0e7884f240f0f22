"""What `make fuzz` found, once more by itself."""

from sqlalchemy import select

from bot.domain.callbacks import MakeTerm, encode
from storage.enums import DraftKind
from storage.models import Draft
from tests.fuzz.scene import Scene


async def test_the_log_tells_that_a_planned_term_was_taken_back(scene: Scene) -> None:
    inside, admin = scene.inside, scene.cast.admin
    with inside.store.reading() as session:
        draft_id = session.scalars(select(Draft.id).where(Draft.kind == DraftKind.TERM)).one()

    await inside.tap(admin, encode(MakeTerm(1, draft_id)), scene.here)
    await inside.say(admin, "/undo", scene.here)
    message, data = inside.button("Take that back", scene.here)
    await inside.tap_under(admin, data, message)
    log = await inside.say(admin, "/log", scene.here)

    assert "took back that 2026 Spring was planned" in log

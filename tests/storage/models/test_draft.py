from collections.abc import Callable

from sqlalchemy.orm import Session

from storage.enums import DraftKind
from tests.factories import make_draft
from tests.refusals import refused_by


def test_a_claim_that_waits_has_a_title_or_a_link_to_find_it_by(session: Session) -> None:
    refusal = refused_by(session, lambda session: make_draft(session, title=None))
    assert refusal == "ck_drafts_claim_is_named"
    url = "https://arxiv.org/abs/2509.01092"
    assert refused_by(session, lambda session: make_draft(session, title=None, url=url)) is None


def test_a_video_that_waits_has_its_url(session: Session) -> None:
    def make_video(url: str | None) -> Callable[[Session], object]:
        return lambda session: make_draft(session, kind=DraftKind.VIDEO, title=None, url=url)

    without = refused_by(session, make_video(None))
    with_url = refused_by(session, make_video("https://video.example/1?t=90"))
    assert (without, with_url) == ("ck_drafts_video_has_url", None)

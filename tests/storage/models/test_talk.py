import pytest
from sqlalchemy.orm import Session

from storage.enums import LinkKind, Role
from storage.models import Group, Slot
from tests.factories import (
    make_group,
    make_link,
    make_meeting,
    make_member,
    make_paper,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
)
from tests.refusals import refused_by


def test_a_slot_has_one_talk(session: Session) -> None:
    talk = make_talk(session)
    slot = session.get_one(Slot, talk.slot_id)
    assert refused_by(session, lambda session: make_talk(session, slot)) == "uq_talks_slot_id"


def test_a_paper_is_one_row_in_a_group(session: Session) -> None:
    group = make_group(session)
    make_paper(session, group, identity="arxiv:2509.00001")
    refusal = refused_by(
        session, lambda session: make_paper(session, group, identity="arxiv:2509.00001")
    )
    assert refusal == "uq_papers_group_id_identity"


def test_several_groups_may_read_one_paper(session: Session) -> None:
    make_paper(session, identity="arxiv:2509.00001")
    refusal = refused_by(session, lambda session: make_paper(session, identity="arxiv:2509.00001"))
    assert refusal is None


def test_a_talk_has_one_main_presenter(session: Session) -> None:
    talk = make_talk(session)
    make_presenter(session, talk, role=Role.MAIN)
    refusal = refused_by(session, lambda session: make_presenter(session, talk, role=Role.MAIN))
    assert refusal == "uq_presenters_one_main"


def test_a_talk_has_any_number_of_supporters(session: Session) -> None:
    talk = make_talk(session)
    roles = [make_presenter(session, talk).role for _ in range(4)]
    assert roles == [Role.MAIN, Role.SUPPORTER, Role.SUPPORTER, Role.SUPPORTER]


def test_a_member_presents_a_talk_once(session: Session) -> None:
    talk = make_talk(session)
    member = make_member(session, session.get_one(Group, talk.group_id))
    make_presenter(session, talk, member)
    refusal = refused_by(session, lambda session: make_presenter(session, talk, member))
    assert refusal == "uq_presenters_talk_id_member_id"


def test_two_presenters_of_a_talk_do_not_share_a_position(session: Session) -> None:
    talk = make_talk(session)
    make_presenter(session, talk)
    refusal = refused_by(session, lambda session: make_presenter(session, talk, position=0))
    assert refusal == "uq_presenters_talk_id_position"


def test_a_link_is_on_a_talk_or_on_a_meeting_never_both_or_neither(session: Session) -> None:
    group = make_group(session)
    meeting = make_meeting(session, make_term(session, group))
    talk = make_talk(session, make_slot(session, meeting))
    both = refused_by(session, lambda session: make_link(session, talk, meeting_id=meeting.id))
    neither = refused_by(session, lambda session: make_link(session, talk, talk_id=None))
    assert (both, neither) == ("ck_links_one_target", "ck_links_one_target")


@pytest.mark.parametrize("target", ["talk_id", "meeting_id"])
def test_a_link_of_a_kind_is_kept_once(session: Session, target: str) -> None:
    meeting = make_meeting(session)
    talk = make_talk(session, make_slot(session, meeting))
    where = {"talk_id": None, "meeting_id": None} | {
        target: {"talk_id": talk.id, "meeting_id": meeting.id}[target]
    }
    make_link(session, talk, **where)
    again = refused_by(session, lambda session: make_link(session, talk, **where))
    other = refused_by(
        session, lambda session: make_link(session, talk, **where, kind=LinkKind.VIDEO)
    )
    assert (again, other) == (f"uq_links_{target}_kind_url", None)

"""A long page costs the database no more statements than a short one."""

from datetime import date, time, timedelta

from bot.clock import MovableClock
from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.views import GroupView
from bot.services import groups, imports, terms
from bot.services.groups import NewGroup
from storage.enums import ChatKind, LinkKind, MeetingKind, Role, Weekday
from storage.models import Chat
from storage.store import Store
from tests import statements

NEW = NewGroup("Systems", "Asia/Shanghai", Weekday.TUESDAY, time(19), 120)


def _talk(topic: str, week: int) -> PageTalk:
    return PageTalk(
        f"{topic} of week {week}",
        "arXiv",
        None,
        f"https://p.example/{topic[-1]}/{week}",
        (PagePresenter(f"Presenter {week}", Role.MAIN, "USTC"),),
        (PageLink(LinkKind.SLIDES, f"https://s.example/{topic}/{week}"),),
    )


def _term_of(weeks: int) -> Page:
    """A page with so many weekly meetings, eleven of them to come, each with other people."""
    first = date(2026, 3, 31) - timedelta(weeks=weeks)
    meetings = [
        PageMeeting(
            first + timedelta(weeks=week),
            tuple(PageSlot(topic, _talk(topic, week)) for topic in ("Topic I", "Topic II")),
            links=(PageLink(LinkKind.VIDEO, f"https://v.example/{week}"),),
        )
        for week in range(weeks)
    ]
    return Page(f"Term of {weeks}", meetings=tuple(reversed(meetings)))


def _corrected(page: Page) -> Page:
    """The page with another fact about each meeting, slot, talk, presenter and link."""
    return page._replace(meetings=tuple(_corrected_meeting(one) for one in page.meetings))


def _corrected_meeting(meeting: PageMeeting) -> PageMeeting:
    talks = [slot.talk for slot in meeting.slots if slot.talk is not None]
    slots = [
        PageSlot(
            f"Place {position}",
            talk._replace(
                title=f"{talk.title}, corrected",
                presenters=(talk.presenters[0]._replace(affiliation="MIT"),),
                links=(*talk.links, PageLink(LinkKind.VIDEO, "https://v.example/all")),
            ),
        )
        for position, talk in enumerate(talks, 1)
    ]
    title = f"Workshop of {meeting.date}"
    return meeting._replace(title=title, kind=MeetingKind.SPECIAL, slots=tuple(slots))


def _statements(store: Store, group: GroupView, page: Page, clock: MovableClock) -> int:
    with store.writing() as session, statements.noted() as said:
        imports.import_page(session, group, page, clock.now())
    return len(said)


def test_a_long_page_is_taken_with_as_many_statements_as_a_short_one(
    store: Store, clock: MovableClock
) -> None:
    costs = []
    for weeks in (12, 60):
        with store.writing() as session:
            group, _ = groups.create(session, NEW._replace(name=f"Group {weeks}"), clock.now())
            session.add(Chat(group_id=group.id, telegram_id=-weeks, kind=ChatKind.GROUP, title="C"))
            session.flush()
            group = groups.by_id(session, group.id)
        page = _term_of(weeks)
        pages = (page, page, _corrected(page))
        costs.append([_statements(store, group, one, clock) for one in pages])
        with store.reading() as session:
            term = terms.named(session, group, page.title, clock.now())
            assert term is not None
            assert terms.as_page(term) == pages[-1]
    few, many = costs
    assert many == few
    assert max(few) <= 40

"""Two groups in the middle of a term, with everything under way that can be: talks, questions,
offers, drafts, messages to come; and people of every standing to either."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.domain.page import Page, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.sandbox import Chat, Person
from bot.sandbox.files import Upload
from bot.services import groups, identities, imports, ledger, page_clashes
from bot.services.groups import NewGroup
from bot.services.ledger import Promise
from storage.enums import DeliveryKind, DeliveryState, DraftKind, Role, Weekday
from storage.models import Delivery, Draft, Group, Member, Term
from tests.fuzz.inside import Inside
from tests.pdfs import a_pdf

BEGINS = datetime(2026, 1, 9, 2, tzinfo=UTC)
"""A Friday morning in Shanghai."""

LINK, OWN_LINK = "https://video.example/1", "https://own.example/2"
KNOWN_HOST = "slides.example"


def _talk(title: str, venue: str, who: str) -> PageTalk:
    return PageTalk(title, venue, presenters=(PagePresenter(who, Role.MAIN),))


def _two(day: date, *talks: PageTalk) -> PageMeeting:
    first, second = (*talks, None, None)[:2]
    return PageMeeting(day, (PageSlot("Topic I", first), PageSlot("Topic II", second)))


TERM = Page(
    "2025 Fall",
    meetings=(
        _two(date(2026, 2, 10)),
        _two(date(2026, 2, 3)),
        _two(date(2026, 1, 27)),
        _two(date(2026, 1, 20)),
        _two(date(2026, 1, 13), _talk("REFRAG", "arXiv", "Bosen Yang")),
        _two(date(2026, 1, 6), _talk("Jenga", "SOSP", "Pia"), _talk("Mirage", "arXiv", "Pia")),
    ),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody by their standing to the first group.

    `admin` created its chat. `removed` was an administrator until a moment ago. `presenter` (Pia),
    `rival` and `supporter` have talks, `member` has none. `gone` was a member and left unnoticed.
    `boss` and `other` are organizer and member of the second group, `stranger` is nobody.
    """

    admin: Person
    removed: Person
    presenter: Person
    rival: Person
    supporter: Person
    member: Person
    gone: Person
    boss: Person
    other: Person
    stranger: Person

    def named(self) -> dict[str, Person]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


OUTSIDE = frozenset({"gone", "boss", "other", "stranger"})
INSIDE = frozenset({"admin", "removed", "presenter", "rival", "supporter", "member"})


@dataclass(slots=True)
class Scene:
    """`here` is the first group's chat, `there` the second's, with topics; `nowhere` nobody's.
    `here` and `nowhere` may become supergroups."""

    inside: Inside
    cast: Cast
    here: Chat
    there: Chat
    nowhere: Chat


def people(inside: Inside) -> Cast:
    names = ("Ada Admin", "Rem Oved", "Pia", "Rita", "Sue", "Mia", "Gus", "Bob Boss", "Otto", "Xu")
    return Cast(*(inside.sandbox.add_person(name) for name in names))


async def build(inside: Inside) -> Scene:
    """Everything comes about as it does in life where it can."""
    cast = people(inside)
    statuses = {
        cast.admin: "creator",
        cast.removed: "administrator",
        **dict.fromkeys((cast.presenter, cast.rival, cast.supporter, cast.member), "member"),
        cast.gone: "member",
    }
    here = inside.sandbox.add_group("Systems", statuses, "group")
    theirs = {cast.boss: "creator", cast.other: "member"}
    there = inside.sandbox.add_group("Databases", theirs, forum=True)
    inside.sandbox.add_topic(there, "Papers")
    nobodys = {cast.stranger: "creator", cast.member: "member"}
    nowhere = inside.sandbox.add_group("Chatter", nobodys, "group")
    with inside.store.writing() as session:
        codes = [
            _group(session, name, cast, inside.clock.now()) for name in ("Systems", "Databases")
        ]
    await inside.say(cast.admin, f"/setup {codes[0]}", here)
    await inside.say(cast.boss, f"/setup {codes[1]}", there)
    for name, person in cast.named().items():
        if name != "stranger":
            await inside.say(person, "/start")
            await inside.say(person, "/remind")
    await inside.say(cast.removed, "/settings", here)
    here.members[cast.removed.id] = "member"
    await _under_way(inside, cast, here)
    await inside.say(cast.other, "/claim jan 20 1 A talk of the other group", there)
    here.members[cast.gone.id] = "left"
    with inside.store.writing() as session:
        sent = inside.sandbox.files.add(Upload("slides.pdf", a_pdf(), "application/pdf"))
        _prepared(session, cast, sent["file_id"], inside.clock.now())
    # Whether people are still there is asked anew.
    inside.clock.move(timedelta(minutes=11))
    inside.refused.clear()
    inside.heard.records.clear()
    return Scene(inside, cast, here, there, nowhere)


def _group(session: Session, name: str, cast: Cast, now: datetime) -> str:
    new = NewGroup(name, "Asia/Shanghai", Weekday.TUESDAY, time(19), 90)
    group, code = groups.create(session, new, now)
    imports.import_page(session, group, TERM, now)
    if name == "Systems":
        identities.link(session, group.id, "Pia", cast.presenter.id)
    return code


async def _under_way(inside: Inside, cast: Cast, here: Chat) -> None:
    said: Sequence[tuple[Person, str]] = (
        (cast.presenter, "/claim jan 20 1 [SOSP'25] DiffKV"),
        (cast.supporter, "/support jan 20 1"),
        (cast.rival, "/claim jan 20 2 [arXiv] LithOS"),
        (cast.presenter, "/swap jan 20 2"),
        (cast.rival, "/handover Mia"),
        (cast.member, "/iam Bosen Yang"),
        (cast.supporter, "/claim jan 13 2 [arXiv] Another of the same sort"),
        (cast.member, "/wait jan 20 1"),
        (cast.supporter, "/claim jan 27 1 [arXiv] Soon free"),
        (cast.member, "/wait jan 27 1"),
        (cast.supporter, "/release"),
        (cast.member, "/claim A title for any slot"),
        (cast.admin, "/assign jan 27 2 Somebody New"),
        (cast.admin, "/announce Room 401 is closed"),
        (cast.admin, "/term new 2026 Spring"),
        (cast.admin, "/cancel feb 3"),
    )
    for person, text in said:
        await inside.say(person, text, here)
        if text == "/release":
            message, data = inside.button("Tue 27 January: Soon free", here)
            await inside.tap_under(person, data, message)
        if text.startswith("/cancel"):
            message, data = inside.button("Cancel it", here)
            await inside.tap_under(person, data, message)


def _prepared(session: Session, cast: Cast, file_id: str, now: datetime) -> None:
    """What only a rough network or a busy day brings about."""
    kept: tuple[tuple[Person, DraftKind, dict[str, str]], ...] = (
        (cast.presenter, DraftKind.VIDEO, {"title": "video", "url": LINK}),
        (cast.admin, DraftKind.VIDEO, {"title": "video", "url": OWN_LINK}),
        (cast.presenter, DraftKind.FILE, {"text": file_id}),
    )
    for person, kind, said in kept:
        member = session.query(Member).filter_by(group_id=1, telegram_id=person.id).one()
        session.add(Draft(group_id=1, member_id=member.id, kind=kind, created_at=now, **said))
    session.get_one(Group, 1).link_hosts = KNOWN_HOST
    term_id = session.query(Term).filter_by(group_id=1).one().id
    page_clashes.ask(session, 1, term_id, "0" * 64, ("A clash.",), now, takable=True)
    owed = (
        ("uncertain", now - timedelta(hours=1), "Was it told?"),
        ("later", now + timedelta(hours=9), "Later."),
    )
    for name, due_at, text in owed:
        promise = Promise(
            f"scene:{name}",
            DeliveryKind.MESSAGE,
            due_at,
            now + timedelta(days=1),
            chat_id=1,
            text=text,
        )
        ledger.owe(session, 1, promise, now)
    delivery = session.query(Delivery).filter_by(key="scene:uncertain").one()
    delivery.state = DeliveryState.UNCERTAIN

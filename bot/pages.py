"""Pages in and out, as whoever runs the bot asks for it."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.config import Settings
from bot.domain.archive import Archive
from bot.domain.calendar import local
from bot.domain.page import Page, ParsedPage
from bot.domain.views import GroupView
from bot.errors import OperatorError
from bot.new_groups import new_group
from bot.publish.files import write_whole
from bot.publish.ical import calendar
from bot.publish.markdown import write
from bot.publish.markdown.words import counted
from bot.publish.page_json import to_json
from bot.publish.paths import Paths
from bot.publish.places import places
from bot.publish.readers.calendars import Usual
from bot.publish.site import build
from bot.services import archive as archives
from bot.services import groups, imports, publications, terms
from bot.services.import_talks import Imported
from storage.engine import has_database, parse_url
from storage.store import Store, open_store


def today_in(settings: Settings) -> date:
    """The day that it is where a new group meets."""
    return local(SystemClock().now(), ZoneInfo(settings.group.timezone)).date()


def usual_of(settings: Settings, group_name: str | None) -> Usual:
    """When and in which zone the group of this name meets, or the only one, or a new one. Looks
    into the database only if there is one already."""
    new = new_group(settings, group_name)
    usual = Usual(ZoneInfo(new.timezone), new.start_time)
    if not has_database(parse_url(settings.storage.url)):
        return usual
    now = SystemClock().now()
    with closing(open_store(settings.storage.url, now)) as store, store.reading() as session:
        group = _known_group(session, group_name)
    return Usual(group.zone, group.start_time) if group is not None else usual


def store_pages(
    store: Store,
    settings: Settings,
    pages: Sequence[ParsedPage],
    group_name: str | None,
    console: Console,
) -> None:
    """Import pages, all or none, into the group of this name, or the only one; a new name is a new
    group. Tells `console` what was done and what comes next."""
    now = SystemClock().now()
    with store.writing() as session:
        group, code = _group_to_fill(session, settings, group_name, now)
        done = [
            (parsed.page, imports.import_page(session, group, parsed.page, now)) for parsed in pages
        ]
        for parsed in pages:
            if parsed.text:
                publications.remember(session, group.id, parsed.page.title, parsed.text)
    for page, imported in done:
        _tell(console, group, page, imported)
    if code is not None:
        console.print(f"Next: add the bot to the group's chat and send /setup {code} there.")


def export_page(store: Store, form: str, group_name: str | None, term_title: str | None) -> str:
    """The page of a term, as `markdown` or `json`. Raises `OperatorError` when there is no such
    group or term."""
    now = SystemClock().now()
    with store.reading() as session:
        group = _group_to_show(session, group_name)
        titles = terms.titles(session, group.id)
        if not titles:
            raise OperatorError(f"“{group.name}” has no term yet. Import its page first.")
        title = term_title or titles[0]
        term = terms.named(session, group, title, now)
    if term is None:
        raise _no_term(group, title, titles)
    page, statuses = terms.as_page(term), {one.date: one.status for one in term.meetings}
    if form == "markdown":
        return write(page, term.past)
    return to_json(group.name, page, lambda meeting: statuses[meeting.date])


def export_calendar(
    store: Store, settings: Settings, group_name: str | None, term_title: str | None
) -> bytes:
    """The calendar of a term, or of all. Raises `OperatorError` like `export_page`."""
    archive, base_url = _archive_to_show(store, settings, group_name, term_title)
    return calendar(archive, Paths(archive, base_url))


def export_site(
    store: Store, settings: Settings, group_name: str | None, term_title: str | None, folder: Path
) -> None:
    """Write the site of a term, or of all, into a folder, which is made if it is not there. Raises
    `OperatorError` like `export_page`, and when a file cannot be written."""
    archive, base_url = _archive_to_show(store, settings, group_name, term_title)
    for path, content in build(archive, base_url, SystemClock().now()).items():
        with _told(folder / path):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            write_whole(folder / path, content)


def save(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises `OperatorError` when that fails."""
    with _told(path):
        write_whole(path, content)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OperatorError(
            f"{path} was not written: {error.strerror}. Name another place with --output."
        ) from None


def _archive_to_show(
    store: Store, settings: Settings, group_name: str | None, term_title: str | None
) -> tuple[Archive, str | None]:
    """The group's archive, or this one term of it, and where its folder is served."""
    with store.reading() as session:
        group = _group_to_show(session, group_name)
        place = places(settings.publish, groups.all_groups(session))[group.id]
        found = archives.load(session, group.id, SystemClock().now())
    titles = [term.title for term in found.terms]
    if term_title is None:
        return found, place.site_url
    if term_title not in titles:
        raise _no_term(group, term_title, titles)
    only = tuple(term for term in found.terms if term.title == term_title)
    return found._replace(terms=only), place.site_url


def _no_term(group: GroupView, title: str, known: Sequence[str]) -> OperatorError:
    return OperatorError(f"“{group.name}” has no term “{title}”. It has: {', '.join(known)}.")


def _group_to_fill(
    session: Session, settings: Settings, name: str | None, now: datetime
) -> tuple[GroupView, str | None]:
    """The group and, while it waits for its chat, its setup code."""
    group = _known_group(session, name)
    if group is None:
        return groups.create(session, new_group(settings, name), now)
    return group, dict(groups.waiting_codes(session)).get(group.name)


def _known_group(session: Session, name: str | None) -> GroupView | None:
    """The group of this name, or the only one."""
    known = groups.all_groups(session)
    if name is None and len(known) > 1:
        raise OperatorError(f"Say which group it is for: {_choices(known)}.")
    return groups.by_name(session, name) if name is not None else next(iter(known), None)


def _group_to_show(session: Session, name: str | None) -> GroupView:
    known = groups.all_groups(session)
    if not known:
        raise OperatorError("There is no group yet. Import a page, or send /setup in its chat.")
    if name is None:
        if len(known) > 1:
            raise OperatorError(f"Say which group: {_choices(known)}.")
        return known[0]
    group = groups.by_name(session, name)
    if group is None:
        raise OperatorError(f"There is no group “{name}”. There is: {_choices(known)}.")
    return group


def _choices(known: tuple[GroupView, ...]) -> str:
    return " or ".join(f'--group "{group.name}"' for group in known)


def _tell(console: Console, group: GroupView, page: Page, done: Imported) -> None:
    counts = (
        (done.added_meetings, "new meeting"),
        (done.added_talks, "new talk"),
        (done.changed_meetings, "changed meeting"),
        (done.changed_talks, "changed talk"),
    )
    news = [counted(count, what) for count, what in counts if count]
    if done.changed_term:
        news.append("the term's texts")
    says = [f"“{group.name}”, {page.title}: {', '.join(news) or 'nothing is new'}."]
    says += [f"Kept: {sentence}" for sentence in done.kept]
    for sentence in says:
        console.print(sentence, markup=False, highlight=False)

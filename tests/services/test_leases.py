"""One running copy of the bot on each database."""

from datetime import UTC, datetime, timedelta

from bot.clock import MovableClock
from bot.services import leases
from bot.services.leases import LASTS, SKEW, Holder
from storage.store import Store

BEGAN = datetime(2026, 1, 9, tzinfo=UTC)
ME, OTHER = Holder("here", 1, BEGAN), Holder("elsewhere", 2, BEGAN)
SECOND = timedelta(seconds=1)


def _alive(_process: int) -> bool:
    return True


def _dead(_process: int) -> bool:
    return False


def _take(store: Store, holder: Holder, clock: MovableClock, alive: bool = True) -> Holder | None:
    with store.writing() as session:
        return leases.acquire(session, holder, clock.now(), _alive if alive else _dead)


def test_the_first_copy_gets_it_and_renews_it(store: Store, clock: MovableClock) -> None:
    assert _take(store, ME, clock) is None
    clock.move(LASTS * 3)
    assert _take(store, ME, clock) is None
    clock.move(LASTS - SECOND)
    assert _take(store, OTHER, clock) == ME


def test_a_second_copy_is_told_who_holds_it(store: Store, clock: MovableClock) -> None:
    _take(store, ME, clock)
    clock.move(LASTS - SECOND)

    assert _take(store, OTHER, clock) == ME


def test_a_copy_that_fell_silent_holds_nothing_after_a_minute(
    store: Store, clock: MovableClock
) -> None:
    _take(store, ME, clock)
    clock.move(LASTS)

    assert _take(store, OTHER, clock) is None
    assert _take(store, ME, clock) == OTHER


def test_after_a_crash_the_same_machine_does_not_wait(store: Store, clock: MovableClock) -> None:
    _take(store, ME, clock)

    assert _take(store, Holder("here", 99, BEGAN), clock, alive=False) is None


def test_a_dead_process_number_elsewhere_says_nothing(store: Store, clock: MovableClock) -> None:
    _take(store, ME, clock)

    assert _take(store, OTHER, clock, alive=False) == ME


def test_a_copy_of_the_same_name_and_number_that_began_later_is_another(
    store: Store, clock: MovableClock
) -> None:
    namesake = ME._replace(since=BEGAN + SECOND)
    _take(store, ME, clock)

    assert _take(store, namesake, clock) == ME
    assert _take(store, namesake, clock, alive=False) is None
    with store.writing() as session:
        leases.release(session, ME)
    assert _take(store, ME, clock) == namesake


def test_a_clock_that_was_set_back_does_not_lengthen_what_a_lost_copy_held(
    store: Store, clock: MovableClock
) -> None:
    _take(store, ME, clock)

    clock.move(-SKEW)
    assert _take(store, OTHER, clock) == ME
    clock.move(-SECOND)
    assert _take(store, OTHER, clock) is None


def test_only_its_holder_gives_it_back(store: Store, clock: MovableClock) -> None:
    _take(store, ME, clock)
    with store.writing() as session:
        leases.release(session, OTHER)
    assert _take(store, OTHER, clock) == ME

    with store.writing() as session:
        leases.release(session, ME)
    assert _take(store, OTHER, clock) is None


def test_the_machine_is_asked_for_the_holders_own_process(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        leases.acquire(session, ME, clock.now(), _alive)
        second = Holder("here", 2, BEGAN)
        assert leases.acquire(session, second, clock.now(), lambda number: number == 1) == ME
        assert leases.acquire(session, second, clock.now(), lambda number: number != 1) is None

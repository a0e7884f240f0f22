"""The sites of a group's own, on both databases."""

import pytest

from bot.clock import MovableClock
from bot.domain.web_links import host_number
from bot.errors import DomainError, Refusal
from bot.services import hosts, links
from storage.models import AuditEntry
from storage.store import Store
from tests.factories import make_actor, make_group

URL = "https://cdn.slides.example.org/a.pdf"


def test_an_organizer_makes_a_site_known_and_takes_that_back(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ada = make_actor(session, make_group(session), "Ada", organizer=True)
        assert links.unknown_host(ada.group, URL) == "cdn.slides.example.org"
        for text in (
            "https://www.Slides.example.org/b",
            "slides.example.org",
            "a.example",
            "youtu.be",
        ):
            group = hosts.add(session, ada, text, clock.now())
        assert group.link_hosts == ("a.example", "slides.example.org")
        assert links.unknown_host(group, URL) is None
        for _twice in range(2):
            number = host_number("slides.example.org")
            assert hosts.remove(session, ada, number, clock.now()).link_hosts == ("a.example",)
        assert session.query(AuditEntry).count() == 3


def test_only_organizers_choose_them_and_only_sites_are_taken(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "MOST_HOSTS", 1)
    with store.writing() as session:
        group = make_group(session)
        ada = make_actor(session, group, "Ada", organizer=True)
        ben = make_actor(session, group, "Ben")
        hosts.add(session, ada, "a.example", clock.now())
        for actor, text, refusal in (
            (ben, "b.example", Refusal.ORGANIZERS_ONLY),
            (ada, "my slides", Refusal.NOT_A_HOST),
            (ada, "b.example", Refusal.TOO_MANY_HOSTS),
        ):
            with pytest.raises(DomainError) as caught:
                hosts.add(session, actor, text, clock.now())
            assert caught.value.code is refusal
        with pytest.raises(DomainError):
            hosts.remove(session, ben, host_number("a.example"), clock.now())
        assert hosts.add(session, ada, "a.example", clock.now()).link_hosts == ("a.example",)

"""What services hand out: frozen facts, safe to keep after the transaction is over."""

from bot.domain.views.asked import ChangeView, DraftView, PageClashView, RequestView
from bot.domain.views.groups import Actor, ChatView, GroupView, HearingView, MemberView
from bot.domain.views.meetings import (
    FoundTalk,
    LinkView,
    MeetingView,
    OfferView,
    PresenterView,
    ScheduleView,
    SlidesView,
    SlotView,
    TalkView,
)
from bot.domain.views.terms import TermNow, TermSum, TermView
from bot.domain.views.told import DeliveryView, NewsView, OnlineView, OwedMessage, ReassignedView

__all__ = [
    "Actor",
    "ChangeView",
    "ChatView",
    "DeliveryView",
    "DraftView",
    "FoundTalk",
    "GroupView",
    "HearingView",
    "LinkView",
    "MeetingView",
    "MemberView",
    "NewsView",
    "OfferView",
    "OnlineView",
    "OwedMessage",
    "PageClashView",
    "PresenterView",
    "ReassignedView",
    "RequestView",
    "ScheduleView",
    "SlidesView",
    "SlotView",
    "TalkView",
    "TermNow",
    "TermSum",
    "TermView",
]

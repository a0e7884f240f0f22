"""The tables, one file for each noun. Rules that must never break are constraints here."""

from storage.models.audit import AuditEntry
from storage.models.delivery import Delivery
from storage.models.draft import Draft
from storage.models.file import File
from storage.models.group import Chat, Group
from storage.models.lease import Lease
from storage.models.lookup import Lookup
from storage.models.member import Member
from storage.models.offer import Offer, Wait
from storage.models.publication import Publication, TermPage
from storage.models.request import Request
from storage.models.talk import Link, Paper, Presenter, Talk
from storage.models.term import Meeting, Slot, Term

__all__ = [
    "AuditEntry",
    "Chat",
    "Delivery",
    "Draft",
    "File",
    "Group",
    "Lease",
    "Link",
    "Lookup",
    "Meeting",
    "Member",
    "Offer",
    "Paper",
    "Presenter",
    "Publication",
    "Request",
    "Slot",
    "Talk",
    "Term",
    "TermPage",
    "Wait",
]

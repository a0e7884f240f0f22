"""The tables, one file for each noun. Rules that must never break are constraints here."""

from storage.models.audit import AuditEntry
from storage.models.delivery import Delivery
from storage.models.draft import Draft
from storage.models.group import Chat, Group
from storage.models.lease import Lease
from storage.models.member import Member
from storage.models.talk import Link, Paper, Presenter, Talk
from storage.models.term import Meeting, Slot, Term

__all__ = [
    "AuditEntry",
    "Chat",
    "Delivery",
    "Draft",
    "Group",
    "Lease",
    "Link",
    "Meeting",
    "Member",
    "Paper",
    "Presenter",
    "Slot",
    "Talk",
    "Term",
]

"""The closed sets of words that are stored. The values are what the tables hold."""

from enum import StrEnum


class MeetingKind(StrEnum):
    REGULAR = "regular"
    SPECIAL = "special"


class MeetingStatus(StrEnum):
    """`HELD` is never stored: a planned meeting is held once it is over (see `domain.calendar`)."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    HELD = "held"


class Role(StrEnum):
    MAIN = "main"
    SUPPORTER = "supporter"


class LinkKind(StrEnum):
    SLIDES = "slides"
    VIDEO = "video"
    SUMMARY = "summary"
    OTHER = "other"


class ChatKind(StrEnum):
    GROUP = "group"
    SUPERGROUP = "supergroup"


class DeliveryKind(StrEnum):
    ANNOUNCEMENT = "announcement"  # three days before a meeting
    DAY_BEFORE = "day_before"
    UNCERTAIN = "uncertain"  # asks an organizer whether another delivery arrived


class DeliveryState(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class DraftKind(StrEnum):
    CLAIM = "claim"
    VIDEO = "video"


class Weekday(StrEnum):
    """Days are named, never numbered: libraries disagree on where a week begins."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

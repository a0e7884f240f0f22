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
    REQUEST = "request"  # asks somebody to agree to something
    ANSWER = "answer"  # tells the asker what became of a request
    OFFER = "offer"  # offers a slot to a member
    CHANGE = "change"  # tells of something that was changed


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
    PAPER = "paper"  # another title or link for a talk
    VIDEO = "video"


class RequestKind(StrEnum):
    SWAP = "swap"
    HAND_OVER = "hand_over"
    BEND = "bend"  # a paper that the group's selection rule does not have in that meeting
    IDENTITY = "identity"  # "this name on the page is me"


class RequestState(StrEnum):
    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class OfferKind(StrEnum):
    WAITING = "waiting"  # to the first of the waiting list, for whom the slot is held
    TURN = "turn"  # to whose turn it is; anybody else may still claim the slot
    FILLED = "filled"  # given by turn already, and may be declined


class OfferState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Weekday(StrEnum):
    """Days are named, never numbered: libraries disagree on where a week begins."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

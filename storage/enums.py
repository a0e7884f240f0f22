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
    # To the group's chat.
    ANNOUNCEMENT = "announcement"  # some days before a meeting
    DAY_BEFORE = "day_before"
    STARTING_SOON = "starting_soon"
    NO_MEETING = "no_meeting"  # this week
    OPEN_SLOTS = "open_slots"  # of the coming weeks
    CHANGES = "changes"  # of the schedule
    ONLINE = "online"  # slides, videos and summaries that were posted
    MESSAGE = "message"  # what an organizer wrote
    TERM_CLOSED = "term_closed"  # sums a term up
    # To one member.
    PREPARE = "prepare"  # to a presenter, before their meeting
    REMINDER = "reminder"  # to whoever wants to hear of every meeting
    SLIDES_MISSING = "slides_missing"
    # To organizers.
    VIDEO_MISSING = "video_missing"
    UNCERTAIN = "uncertain"  # asks whether another delivery arrived
    UNREACHABLE = "unreachable"  # a member whom the bot cannot write to
    TROUBLE = "trouble"  # with the group's chat
    REQUEST = "request"  # asks somebody to agree to something
    ANSWER = "answer"  # tells the asker what became of a request
    OFFER = "offer"  # offers a slot to a member
    CHANGE = "change"  # tells of something that was changed
    PAGE = "page"  # asks which side of a page is right, or tells why it is not published


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
    MESSAGE = "message"  # to the group, from an organizer
    TERM = "term"  # a new one, half planned
    MEETING = "meeting"  # a new date, place or title for one, or a new one
    FILE = "file"  # slides that were sent, and for which talk is still asked


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


class PageChoice(StrEnum):
    """Which side is right where a page that was edited by hand and the schedule clash."""

    PAGE = "page"
    SCHEDULE = "schedule"


class Weekday(StrEnum):
    """Days are named, never numbered: libraries disagree on where a week begins."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

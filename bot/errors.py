"""What can go wrong on purpose. The sentences that people read are in `bot/text`."""

from enum import StrEnum
from typing import Any


class Refusal(StrEnum):
    """Why a use case refused. Each has a template of its own, `refusal/<value>.html`."""

    CHANGED_SINCE = "changed_since"
    CHAT_IS_TIED = "chat_is_tied"
    CHECKLIST_TOO_LONG = "checklist_too_long"
    COUNTRY_UNKNOWN = "country_unknown"
    DAY_IS_PAST = "day_is_past"
    DAY_IS_TAKEN = "day_is_taken"
    DRAFT_GONE = "draft_gone"
    ENOUGH_SUPPORTERS = "enough_supporters"
    HAS_NO_ACCOUNT = "has_no_account"
    LINK_IS_NO_LINK = "link_is_no_link"
    MEETING_CANCELLED = "meeting_cancelled"
    MEETING_IS_OVER = "meeting_is_over"
    MESSAGE_MISSING = "message_missing"
    MESSAGE_TOO_LONG = "message_too_long"
    MOVE_WHERE = "move_where"
    NAME_TAKEN = "name_taken"
    NAMED_ALREADY = "named_already"
    NO_GROUP = "no_group"
    NO_MEETING_THEN = "no_meeting_then"
    NO_SUCH_SLOT = "no_such_slot"
    NO_SUPPORTER = "no_supporter"
    NO_TALK_THERE = "no_talk_there"
    NO_TERM_RUNS = "no_term_runs"
    NOT_A_DATE = "not_a_date"
    NOT_A_HOST = "not_a_host"
    NOT_A_NAME = "not_a_name"
    NOT_A_START = "not_a_start"
    NOT_A_TIME = "not_a_time"
    NOT_CANCELLED = "not_cancelled"
    NOT_IN_PLAN = "not_in_plan"
    NOT_YOUR_TALK = "not_your_talk"
    NOT_YOURS_TO_POST = "not_yours_to_post"
    NOT_WAITING = "not_waiting"
    NOT_YET_HELD = "not_yet_held"
    NOTHING_TO_POST_TO = "nothing_to_post_to"
    NOTHING_TO_UNDO = "nothing_to_undo"
    NOTHING_TO_WAIT_FOR = "nothing_to_wait_for"
    OFFER_ENDED = "offer_ended"
    ONLY_IN_GROUP = "only_in_group"
    ORGANIZERS_ONLY = "organizers_only"
    OPEN_ALREADY = "open_already"
    OLD_BUTTON = "old_button"
    PLACE_TOO_LONG = "place_too_long"
    REQUEST_SETTLED = "request_settled"
    RULE_UNREADABLE = "rule_unreadable"
    SETUP_CODE_UNKNOWN = "setup_code_unknown"
    SHOW_YOURSELF = "show_yourself"
    SLOT_HELD = "slot_held"
    SLOT_IS_FREE = "slot_is_free"
    SLOT_IS_YOURS = "slot_is_yours"
    SLOT_SPOKEN_FOR = "slot_spoken_for"
    SLOT_TAKEN = "slot_taken"
    SLOTS_ENOUGH = "slots_enough"
    SOMEBODY_ELSES_BUTTON = "somebody_elses_button"
    START_FOR_EACH = "start_for_each"
    TERM_ENDS_FIRST = "term_ends_first"
    TERM_HAS_MEETINGS = "term_has_meetings"
    TERM_IS_CLOSED = "term_is_closed"
    TERM_IS_EMPTY = "term_is_empty"
    TERM_IS_PAST = "term_is_past"
    TERM_OVERLAPS = "term_overlaps"
    TERM_TITLE_TAKEN = "term_title_taken"
    TERM_TOO_LONG = "term_too_long"
    TOO_LATE_TO_SEND = "too_late_to_send"
    TOO_MANY_HOSTS = "too_many_hosts"
    TITLE_MISSING = "title_missing"
    TITLE_TOO_LONG = "title_too_long"
    TOPICS_HOW_MANY = "topics_how_many"
    WHICH_SLOT = "which_slot"


class DomainError(Exception):
    """A use case refused and changed nothing. `params` are what its template is given."""

    def __init__(self, code: Refusal, **params: Any) -> None:
        super().__init__(code.value)
        self.code = code
        self.params = params


class OperatorError(Exception):
    """Something whoever runs the bot must mend. The text is one line that says what to do."""

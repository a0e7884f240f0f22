"""What stands on buttons: a few words each."""

EARLIER = "‹ Earlier"
LATER = "Later ›"
BACK_TO_NEXT = "What is on"
ALL_TOPICS = "All of them"
IT_ARRIVED = "It arrived"
SEND_AGAIN = "Send again"
PAGE_IS_RIGHT = "The page"
SCHEDULE_IS_RIGHT = "The schedule"
OPEN_PRIVATE_CHAT = "Open a private chat"
AGREE = "Agree"
DECLINE = "No"
TAKE_BACK = "Take it back"
ACCEPT = "I take it"
NOT_THIS_TIME = "Not this time"
TAKE = "Take it"
YOURS = "yours"
SUPPORT = "Support"
WAIT = "Wait for it"
WAIT_FOR = "Wait for"
ANY_SLOT = "Any slot of the term"
STOP_WAITING = "Stop waiting"
STOP = "Stop"
ALL_THE_SAME = "Take it all the same"
RATHER_NOT = "Rather not"
CANCEL_IT = "Cancel it"
RESTORE_IT = "Restore it"
EDIT = "Title or link"
SUPPORTERS = "Supporters"
SWAP = "Swap"
HAND_OVER = "Hand over"
GIVE_BACK = "Give back"
STOP_SUPPORTING = "Stop supporting"
LET_GO = "Let go"
MAKE_MAIN = "Main"
NEW_NAME = "New"
UNDO = "Take that back"
RULE_ON = "Rule on"
RULE_OFF = "Rule off"
FILL = "Fill:"
FILL_NEVER = "Fill: never"
ON = "on"
OFF = "off"
NONE = "Off"
NEVER = "Never"
AS_THE_MEETING = "As the meeting"
BACK = "‹ Back"
MY_TALKS = "My talks"
EVERY_MEETING = "Every meeting"
MUTE = "Mute"
UNMUTE = "Unmute"
WHAT_I_TELL = "Reminders …"
POST_NOW = "Post now"
IN_AN_HOUR = "In an hour"
TOMORROW = "Tomorrow, 09:00"
TO_COME = "To come"
WHAT_WAS = "What was told"
POST_IT = "Post it anyway"
KNOW_IT = "Know it from now on"
REMOVE = "Remove"
SLIDES = "📕 Slides"
HOSTS = "Sites of links"
MOVE = "Move …"
CANCEL = "Cancel …"
PLACE = "Place and link …"
SPECIAL = "Special …"
ADD_SLOT = "Add a slot"
DROP_SLOT = "Drop a slot"
USUAL_PLACE = "The usual place"
REGULAR = "Regular again"
ADD_MEETING = "Add a meeting …"
NEW_TERM = "Plan a new term …"
CLOSE_TERM = "Close the term …"
CLOSE_IT = "Close it"
OPEN_AGAIN = "Open it again"
MAKE_IT = "Make it"
CHANGE_IT = "Change it"
SHOW_PLAN = "Show the plan ›"
THAT_IS_ALL = "That is all ›"
NO_PLACE = "No place yet"
NO_HOLIDAYS = "No holidays"
LEFT_OUT = "✕"
CHOSEN = "✓"
SPECIAL_MEETINGS = {1: "Rehearsal", 2: "Kick-off meeting", 3: "Guest talk"}
"""What a meeting is called after a tap, by the number in the button."""

LEADS = {1: "1 hour", 3: "3 hours", 24: "1 day", 48: "2 days", 72: "3 days"}
"""How long before a meeting, by hours."""

UNITS = {"announcement_days": "days", "soon_minutes": "minutes"}
"""Of what there is a number of, by the names in `ReminderRules`."""

REMINDERS = {
    "announcement_days": "Announcement",
    "day_before": "Day before",
    "soon_minutes": "Last call",
    "open_slots_day": "Open slots",
    "slides_missing": "Slides",
    "video_missing": "Video",
    "no_meeting": "No meeting",
    "pins": "Pin",
    "tell_at": "Time of day",
    "quiet": "Quiet",
    "online": "Now online",
    "cards": "Card",
}
"""By the names in `ReminderRules`."""
SHOW_YOURSELF = "Open me once first"
NOTHING_FOUND = "No talk matches that"

# On pictures.
ONLINE = "online"
OPEN_SLOT = "open, claim it"
OFFERED_TO = "offered to"
NO_TALK = "no talk"
CANCELLED = "Cancelled"
NO_TALKS_YET = "No talks yet"
ALL_TERMS = "All terms"
TALKS_PER_PRESENTER = "Talks per presenter"
TALKS_PER_VENUE = "Talks per venue"
EARLIER_TERMS = "earlier"


def and_more(number: int) -> str:
    return f"and {number} more"

"""What stands on buttons: a few words each."""

EARLIER = "‹ Earlier"
LATER = "Later ›"
BACK_TO_NEXT = "What is next"
ALL_TOPICS = "All of them"
IT_ARRIVED = "It arrived"
SEND_AGAIN = "Send again"
OPEN_PRIVATE_CHAT = "Open a private chat"

"""What a message or an update may hold besides text."""

from typing import Any, Final

from bot.sandbox.world import Json

CHANNEL: Final[Json] = {"id": -1_009_999_999_999, "type": "channel", "title": "News"}
FILE: Final[Json] = {"file_id": "f", "file_unique_id": "f"}
MEDIA: Final[tuple[Json, ...]] = (
    {"sticker": FILE | {"type": "regular", "width": 512, "height": 512, "is_animated": False,
                        "is_video": False}},
    {"voice": FILE | {"duration": 3}},
    {"video": FILE | {"width": 1, "height": 1, "duration": 1}},
    {"photo": [FILE | {"width": 9, "height": 9}]},
    {"document": FILE | {"file_name": "../../slides.pdf", "mime_type": "application/pdf",
                         "file_size": 2**40}},
    {"document": FILE},
    {"animation": FILE | {"width": 1, "height": 1, "duration": 1}},
    {"location": {"latitude": 31.8, "longitude": 117.2}},
    {"contact": {"phone_number": "0", "first_name": "Somebody"}},
    {"dice": {"emoji": "🎲", "value": 6}},
    {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
              "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
              "allows_revoting": False, "members_only": False}},
    {"venue": {"location": {"latitude": 1, "longitude": 1}, "title": "t", "address": "a"}},
    {"new_chat_title": "<b>Another</b>"},
    {"delete_chat_photo": True},
    {"group_chat_created": True},
    {"forum_topic_created": {"name": "t", "icon_color": 1}},
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 1}},
    {"video_chat_started": {}},
    {"web_app_data": {"data": "x", "button_text": "y"}},
    {"users_shared": {"request_id": 1, "users": [{"user_id": 1}]}},
    {"something_of_tomorrow": {"a": [1, {"b": None}]}},
)  # fmt: skip
OTHER_KINDS: Final[tuple[tuple[str, Json], ...]] = (
    ("poll", {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
              "is_anonymous": True, "type": "regular", "allows_multiple_answers": False}),
    ("chosen_inline_result", {"result_id": "1", "query": "x"}),
    ("shipping_query", {"id": "1", "invoice_payload": "x", "shipping_address": {}}),
    ("pre_checkout_query", {"id": "1", "currency": "EUR", "total_amount": 1,
                            "invoice_payload": "x"}),
    ("poll_answer", {"poll_id": "1", "option_ids": [0]}),
    ("business_connection", {"id": "1", "user_chat_id": 1, "date": 1, "is_enabled": True}),
    ("purchased_paid_media", {"paid_media_payload": "x"}),
    ("something_of_tomorrow", {"id": 1}),
)  # fmt: skip
ANYTHING: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 2**31, 2**63, -(2**63), 2**80, 1.5, "", "x", "\0", "\ud800", "9" * 400, [],
    {},
    [[]], {"id": 1}, [None], {"id": "x"}, -1_001_000_000_000, "member", 10**18,
)  # fmt: skip

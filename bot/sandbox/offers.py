"""What the bot offers in answer to an inline query, looked at as strictly as Telegram does."""

import re

from bot.sandbox.access import Surroundings
from bot.sandbox.composing import MAX_TEXT, formatted, keyboard_of
from bot.sandbox.refusals import ApiError, bad_request
from bot.sandbox.world import Json

MAX_RESULTS = 50
MAX_ID = 64
"""Bytes of a result's id, and of an offset."""


def answer_inline_query(here: Surroundings, given: Json) -> bool:
    asked = here.inline.waiting(given["inline_query_id"])
    if asked is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    results = [_offer(here, result) for result in given["results"]]
    ids = [result["id"] for result in results]
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    offset = given.get("next_offset", "")
    if len(offset.encode()) > MAX_ID:
        raise bad_request("NEXT_OFFSET_INVALID")
    _check_button(given.get("button"))
    asked.results, asked.button, asked.next_offset = results, given.get("button"), offset
    asked.cache_time = given.get("cache_time", 300)
    asked.is_personal = given.get("is_personal", False)
    asked.answered.set()
    here.changed()
    return True


def _offer(here: Surroundings, result: Json) -> Json:
    if result["type"] != "article":
        raise ApiError(501, "Not Implemented: the sandbox shows articles only")
    if not 1 <= len(result["id"].encode()) <= MAX_ID:
        raise bad_request("RESULT_ID_INVALID")
    if not result["title"].strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = result["input_message_content"]
    if "message_text" not in content:
        raise ApiError(501, "Not Implemented: the sandbox shares texts only")
    text, entities = formatted(here, {**content, "text": content["message_text"]}, MAX_TEXT)
    if not text:
        raise bad_request("message text is empty")
    return {
        "id": result["id"],
        "title": result["title"],
        "description": result.get("description", ""),
        "text": text,
        "entities": entities,
        "keyboard": keyboard_of(result),
    }


def _check_button(button: Json | None) -> None:
    if button is None:
        return
    start = button.get("start_parameter")
    if not button["text"].strip():
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    if ("web_app" in button) == (start is not None):
        raise bad_request("can't parse inline query results button: one action is expected")
    if start is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start):
        raise bad_request("START_PARAM_INVALID")

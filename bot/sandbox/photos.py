"""The methods about pictures."""

import io
import warnings

from PIL import Image

from bot.sandbox.access import Surroundings, sendable
from bot.sandbox.composing import caption_of, change, keyboard_of, own, post
from bot.sandbox.files import Upload
from bot.sandbox.refusals import ApiError, bad_request
from bot.sandbox.world import Json

MAX_PHOTO = 10 * 1024 * 1024
MAX_SIDES = 10_000
"""Width and height together, in pixels."""

MAX_RATIO = 20


def send_photo(here: Surroundings, given: Json) -> Json:
    chat = sendable(here, given["chat_id"], "photos")
    caption, entities = caption_of(here, given)
    return post(
        here, chat, given, caption, entities, lambda: {"photo": _photo(here, given["photo"])}
    )


def edit_message_caption(here: Surroundings, given: Json) -> Json:
    message = own(here, given, "edit")
    if not message.has_media:
        raise bad_request("there is no caption in the message to edit")
    caption, entities = caption_of(here, given)
    return change(here, message, caption, entities, keyboard_of(given))


def edit_message_media(here: Surroundings, given: Json) -> Json:
    """Telegram also adds pictures to messages of text; whoever wants that has to build it here."""
    message = own(here, given, "edit")
    if not message.has_media:
        raise bad_request("there is no media in the message to edit")
    media = given["media"]
    if media["type"] != "photo":
        raise ApiError(501, "Not Implemented: the sandbox puts photos in place of media only")
    caption, entities = caption_of(here, media)
    photo = _photo(here, media["media"])
    return change(here, message, caption, entities, keyboard_of(given), photo=photo, document=None)


def _photo(here: Surroundings, given: Upload | str) -> list[Json]:
    if isinstance(given, str):
        known = here.files.photo(given)
        if known is None and here.files.document(given):
            raise bad_request("can't use file of type Document as Photo")
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return known
    size = len(given.content)
    if not size:
        raise bad_request("file must be non-empty")
    if size > MAX_PHOTO:
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; "
            f"the maximum size is {MAX_PHOTO} bytes"
        )
    width, height = _measured(given.content)
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return here.files.add_photo(given.content, width, height)


def _measured(content: bytes) -> tuple[int, int]:
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content)) as image:
            return image.size
    except (OSError, ValueError, Image.DecompressionBombError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None

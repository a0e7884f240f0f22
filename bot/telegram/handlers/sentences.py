"""What people write alone with the bot as they write to people."""

import re

from telegram import Update

from bot.domain.claims import read_sentence
from bot.domain.likeness import near_names, same_name
from bot.domain.linked_text import Linked, apart
from bot.domain.papers import is_papers_site
from bot.domain.patterns import pattern
from bot.domain.web_links import is_video
from bot.errors import DomainError, Refusal
from bot.services import members, nags
from bot.telegram.context import Context
from bot.telegram.handlers import (
    claims,
    hearing,
    identities,
    links,
    papers,
    schedule,
    waiting,
    welcome,
)
from bot.telegram.handlers.where import read
from bot.telegram.incoming import chat_of, replied_to
from bot.text.render import render
from storage.enums import LinkKind

_WANTS_SLOT = pattern(
    r"\b(?:take|claim|present|sign\s+up|(?:free|open)\s+slots?)\b"
    r"|报名|认领|空位|[想来能要]讲|可以讲"
    r"|\b(?:vortragen|übernehmen?|anmelden|freien?\s+(?:termine?|slots?|plätze))\b",
    re.IGNORECASE,
)
_ABOUT_OWN = pattern(
    r"\b(?:somebody|someone|anybody|anyone)\b.{0,40}\bmy\s+(?:talk|slot|paper)\b"
    r"|\bcan(?:no|['’])?t\s+(?:make|present|come|attend|give|do)\b"
    r"|\b(?:when|what|where|which)\b.{0,60}\b(?:do|am|will)\s+i\b"
    r"|不讲了|讲不了|来不了|不[能想]讲|我(?:什么时候|哪天|哪次)|我的(?:报告|论文|演讲)"
    r"|\A(?:edit|change)\b"
    r"|\bmeine?[nrms]?\s+(?:vortr\w+|talks?|slots?|paper)\b|\bwann\s+bin\s+ich\b"
    r"|\bich\s+kann\b.{0,60}\bnicht\b|\babsagen\b",
    re.IGNORECASE,
)
_THANKS = pattern(
    r"\W*(?:(?:many\s+)?thanks?(?:\s+(?:you|a\s+lot|so\s+much))*|thx|多?谢谢?你?"
    r"|(?:vielen\s+)?danke?\w*(?:\s+schön)?)\W*",
    re.IGNORECASE,
)
_SHOWN = (
    (pattern(r"\b(?:waiting|wait\s*list)\b|候补|排队", re.IGNORECASE), waiting.show),
    (_ABOUT_OWN, schedule.mine),
    (_WANTS_SLOT, papers.show_open),
    (pattern(r"\b(?:free|book)\b", re.IGNORECASE), papers.show_open),
    (pattern(r"\bmy\s+(?:talk|slot|paper)s?\b", re.IGNORECASE), schedule.mine),
    (pattern(r"\b(?:stop|unsubscribe|reminders?)\b|退订|提醒", re.IGNORECASE), hearing.remind),
    (pattern(r"\bhelp\b|帮助", re.IGNORECASE), welcome.help_),
)
"""What a sentence in private may be about, and what is shown for it: nothing that acts."""

_LINKED = (
    (pattern(r"\bslides?\b|\bppt|幻灯", re.IGNORECASE), LinkKind.SLIDES),
    (pattern(r"\b(?:video|recording)\b|录像|视频", re.IGNORECASE), LinkKind.VIDEO),
    (pattern(r"\bsummary\b|总结", re.IGNORECASE), LinkKind.SUMMARY),
)
"""What a link in private may be, by the words beside it."""


_NAME = pattern(
    r"(?:(?:hi|hello|hey)[\s,!.]+)?(?:(?P<surely>my\s+name\s+is|我叫)|i\s+am|i['’]?m|我是)"
    r"\s*(?P<name>\S.*?)[\s.!。！]*",
    re.IGNORECASE,
)


async def said(update: Update, context: Context, words: str) -> None:
    """A link is a paper to claim, unless words or its site say that it is a talk's; a sentence is
    answered with what it is about, or with the meeting of the day that it names. Whoever says who
    they are is asked for no command either."""
    linked = apart(words)
    if _THANKS.fullmatch(words):
        await context.reply(update, render("welcome"))
    elif linked.url is not None:
        await _linked(update, context, words, linked)
    elif (me := _NAME.fullmatch(words)) and (
        me["surely"] or await _is_a_name(update, context, me["name"])
    ):
        await identities.named(update, context, me["name"])
    elif show := next((show for about, show in _SHOWN if about.search(words)), None):
        await show(update, context)
    else:
        try:
            await schedule.show_meeting(update, context, words)
        except DomainError as error:
            if error.code is not Refusal.NOT_A_DATE:
                raise
            if not await papers.perhaps_named(update, context, words):
                await welcome.unknown(update, context, words)


async def _is_a_name(update: Update, context: Context, words: str) -> bool:
    """Whether somebody of the group is called so, or nearly: "I am sick" names nobody. One word
    must be the whole name."""
    _, known = await context.ask(update, lambda s, group: members.all_members(s, group.id))
    names = [member.name for member in known]
    near = near_names(words, names) if " " in words else ()
    return bool(near) or any(same_name(words, name) for name in names)


async def _asked(update: Update, context: Context) -> nags.Asked | None:
    """What the message that this one answers asks for."""
    about, chat = replied_to(update), chat_of(update)
    if about is None:
        return None
    _, asked = await context.ask(update, lambda s, _: nags.answered(s, chat.id, about.message_id))
    return asked


async def _linked(update: Update, context: Context, words: str, linked: Linked) -> None:
    url, now = linked.url or "", context.now
    kind = next((kind for about, kind in _LINKED if about.search(linked.words)), None)
    asked = await _asked(update, context)
    if asked is not None and not is_papers_site(url):
        day = "" if any(map(str.isdigit, linked.words)) else asked.day.isoformat()
        await links.posted(update, context, kind or asked.kind, f"{day} {words}")
    elif is_video(url) or (kind is not None and not is_papers_site(url)):
        await links.posted(update, context, kind or LinkKind.VIDEO, words)
    elif _WANTS_SLOT.search(linked.words):
        _, wish = await context.ask(
            update, lambda s, group: read(s, group, words, now, read_sentence)
        )
        await context.tools.catalogues.look_up(url)
        await claims.claim_for(update, context, wish, None)
    else:
        await claims.claim_with(update, context, words)

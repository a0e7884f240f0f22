"""What columns, labels and short remarks are called, in English and Chinese."""

import re
from enum import StrEnum

from storage.enums import LinkKind


class Field(StrEnum):
    """What a cell is about."""

    DATE = "date"
    TITLE = "title"
    PRESENTERS = "presenters"
    SUPPORTERS = "supporters"
    VENUE = "venue"
    YEAR = "year"
    PAPER = "paper"
    SLIDES = "slides"
    VIDEO = "video"
    SUMMARY = "summary"
    CODE = "code"
    LINKS = "links"
    TOPIC = "topic"
    STATUS = "status"
    NO_PLACE = "no place"


LINK_FIELDS = (Field.PAPER, Field.SLIDES, Field.VIDEO, Field.SUMMARY, Field.CODE, Field.LINKS)
KINDS = {
    Field.SLIDES: LinkKind.SLIDES,
    Field.VIDEO: LinkKind.VIDEO,
    Field.SUMMARY: LinkKind.SUMMARY,
}

_HEADERS = {
    Field.DATE: "date day when dates 日期 时间 日程 日",
    Field.TITLE: "title paper papers talk article reading readings 论文 题目 标题 文章 论文题目",
    Field.PRESENTERS: "presenter presenters speaker speakers leader lead who presented discussant"
    " facilitator name names person 主讲人 主讲 报告人 分享人 汇报人 讲者 演讲者 分享 主讲者 姓名",
    Field.SUPPORTERS: "supporter supporters support assistant helper helpers backup"
    " 辅助 协助 支持 助讲",
    Field.VENUE: "venue conference conf journal proceedings publication 会议 期刊 出处 来源 发表",
    Field.YEAR: "year 年份",
    Field.PAPER: "pdf arxiv doi url link preprint 论文链接 原文",
    Field.SLIDES: "slide slides deck presentation ppt pptx 幻灯片 课件 讲义",
    Field.VIDEO: "video videos recording recordings recorded youtube bilibili playback"
    " 视频 录像 录屏 回放 视频记录",
    Field.SUMMARY: "summary summaries blog writeup minutes review notes 总结 摘要 笔记 纪要 博客",
    Field.CODE: "code repo repository github implementation 代码 源码",
    Field.LINKS: "links resource resources issue issues material materials files"
    " 链接 资料 材料 资源",
    Field.TOPIC: "topic topics theme content contents subject agenda description event session"
    " 主题 内容 议题 话题 方向",
    Field.STATUS: "status state type 状态 类型",
    Field.NO_PLACE: "no week wk number num id idx index room location place where host chair"
    " moderator time hour author authors affiliation duration zoom meeting"
    " 周数 周次 周 序号 编号 地点 教室 主持 主持人 作者 时长 单位 第几周",
}
_FIELD_OF = {word: field for field, words in _HEADERS.items() for word in words.split()}
# A column may be called by several words ("Talk title", "Link to slides"): the first here decides.
_FIRST = (
    Field.SLIDES, Field.VIDEO, Field.SUMMARY, Field.CODE, Field.DATE, Field.SUPPORTERS,
    Field.PRESENTERS, Field.TITLE, Field.TOPIC, Field.VENUE, Field.PAPER, Field.LINKS,
    Field.STATUS, Field.YEAR, Field.NO_PLACE,
)  # fmt: skip
_WORD = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")
_LONGEST_LABEL = 40


def field_of(header: str) -> Field | None:
    """What a column of this name is about."""
    if len(header) > _LONGEST_LABEL:
        return None
    words = _WORD.findall(header.casefold())
    if not words:
        return Field.NO_PLACE if header.strip() == "#" else None
    found = {field for word in words for field in _fields(word)}
    if {Field.TITLE, Field.LINKS} <= found or {Field.TITLE, Field.PAPER} <= found:
        return Field.PAPER  # "paper link", or "link" alone
    if len(found & {Field.SLIDES, Field.VIDEO, Field.SUMMARY, Field.CODE}) > 1:
        return Field.LINKS
    if found & {Field.TITLE} and found & {Field.CODE}:
        return Field.TITLE  # "Paper / code"
    if Field.SLIDES in found and Field.LINKS in found and "resources" in words:
        return Field.LINKS
    return next((field for field in _FIRST if field in found), None)


def label_of(words: str) -> Field | None:
    """What a line is about that begins with these words and a colon. Each must be a column's name:
    "Time series: A survey" is a title."""
    plain = [word for word in _WORD.findall(words.casefold()) if word not in ("s", *_FILLERS)]
    return field_of(words) if plain and all(map(_fields, plain)) else None


def _fields(word: str) -> set[Field]:
    if word in _FIELD_OF:
        return {_FIELD_OF[word]}
    if word.isascii():
        return set()
    # Chinese names of columns are made of several words without blanks between them.
    longest = max((key for key in _FIELD_OF if key in word), key=len, default=None)
    return {_FIELD_OF[longest]} if longest else set()


_LABELS = {
    Field.SLIDES: "slides slide deck presentation ppt pptx powerpoint keynote 幻灯片 课件",
    Field.VIDEO: "video videos recording record recorded youtube bilibili playback watch"
    " 视频 录像 回放 录屏 观看",
    Field.SUMMARY: "summary notes blog writeup review minutes zhihu 总结 摘要 笔记 纪要 博客 知乎",
    Field.CODE: "code repo repository github 代码",
    Field.PAPER: "paper pdf arxiv doi preprint acm usenix ieee openreview abs abstract article"
    " 论文 原文",
    Field.LINKS: "link url here 链接 这里",
}
_LABEL_OF = {word: field for field, words in _LABELS.items() for word in words.split()}
_FILLERS = frozenset({"the", "our", "to", "of", "talk", "zoom", "file", "a", "and"})


def meaning_of(label: str) -> Field | None:
    """What a link of this label leads to; `LINKS` if the label says nothing, and `None` if it says
    something else."""
    words = _WORD.findall(label.casefold())
    fields = [_LABEL_OF.get(word) for word in words if word not in _FILLERS]
    if None in fields or len(label) > _LONGEST_LABEL:
        return None
    return next((field for field in _LABELS if field in fields), Field.LINKS)


OPEN = re.compile(
    r"(?:tb[acd]|open(?: slot)?|free|available|n/?a|none|paper|title|待定|未定|空|无"
    r"|to be (?:announced|decided|confirmed|determined)|[-–—_?？.…*/\s]*)[.!]?",
    re.IGNORECASE,
)
"""What stands where nothing is settled yet."""

_OFF = (
    r"no (?:meetings?|reading(?: group)?|seminar|class(?:es)?|sessions?|talks?|paper)"
    r"(?: this week| today)?|cancell?ed|skipped|postponed|on break|off"
    r"|取消|停会|暂停|无组会|不开会|停一次"
)
_HOLIDAY = (
    r"(?:[\w.'’&-]+ ){0,3}(?:holidays?|break|vacation|recess|reading week|thanksgiving|christmas"
    r"|new year(?:['’]?s)?(?: day| eve)?|easter|labou?r day|independence day)"
    r"|holidays?|break|[\u4e00-\u9fff]{0,6}(?:假期|放假|节|寒假|暑假|休息|元旦)"
)
_DASHES = r"[\s\-–—_*~=]*"
_CANCELLED = re.compile(
    rf"{_DASHES}(?:(?:{_OFF}){_DASHES}[:：,，(（]?\s*(?P<why>[^()（）]{{0,200}})[)）]?"
    rf"|(?P<holiday>(?:{_HOLIDAY})(?: \([^()]{{0,60}}\))?)"
    rf"(?:\s*[:：,，(（–—-]\s*(?:{_OFF})[)）]?)?)"
    rf"[.!]?{_DASHES}",
    re.IGNORECASE,
)  # fmt: skip
_MOST_WORDS = 12


def cancelled(text: str) -> str | None:
    """Why there is no meeting ("" if the text gives no reason); `None` if it does not say so."""
    if len(text) > 300 or len(text.split()) > _MOST_WORDS:
        return None
    match = _CANCELLED.fullmatch(text)
    if match is None:
        return None
    return (match["holiday"] or match["why"] or "").strip(" -–—*_~.")

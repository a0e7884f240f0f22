"""What people write, and what nobody should."""

from random import Random
from typing import Final

from bot.text.commands import COMMANDS

DATES: Final = (
    "jan 13", "jan 20", "jan 27", "feb 3", "feb 10", "jan 6", "13.1.", "20 January 2026",
    "2026-01-27", "tomorrow", "next tuesday", "tuesday", "13/1", "1/13", "jan 6 2025",
    "february 31",
    "1 月 13 日", "2026年1月13日", "jan 99", "0", "31.2.0000", "9" * 30, "jan 13 jan 14", "29 feb",
    "99999-12-31", "feb 17", "mar 3", "jan 13 25:99", "jan 20 jan 21 18:30", "٢٠٢٦-٠١-١٣",
)  # fmt: skip
NUMBERS: Final = ("1", "2", "3", "0", "-1", "99", "²", "١", "2147483648", "1e9", "I", "II", "NaN")
NAMES: Final = (
    "Ann", "Mia", "Pia", "Sue", "Bosen Yang", "Bosen Yan", "Ada Admin", "Somebody New", "O'Neil",
    "李明", "محمد", "Zoë-Ann d'Été", "<b>Bo</b>", "%s", "{{ name }}", "me", "@reading_group_bot",
)  # fmt: skip
TITLES: Final = (
    "DiffKV", "[SOSP'25] LithOS", "[arXiv] REFRAG: Rethinking RAG", '[OSDI] 1 < 2 && "x"', "off",
    "A title", "[Re]thinking", "$O(n^2)$ \\frac{1}{2}", "SOSP/OSDI + arXiv", "[]", "[ ] x",
    "[SOSP'25] " + "Long " * 60, "[OSDI'24] " + "w" * 500, f"[{'V' * 60} '25] q",
    "[SOSP'99999999999] A year", "[arXiv 2147483648] A number",
)  # fmt: skip
LINKS: Final = (
    "https://arxiv.org/abs/2509.01092", "https://arxiv.org/abs/2504.15465v2",
    "https://doi.org/10.1145/3731569.3764810", "https://video.example/1?t=9&x=<y>",
    "https://bilibili.com/video/BV1?spm_id_from=1&t=90", "http://127.0.0.1:1/", "http://[::1]/",
    "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "javascript:alert(1)",
    "https://user:secret@example.org/", "https://exa mple.org", "http://" + "a" * 3000 + ".org",
    "https://example.org:99999/", "https://пример.рф/статья", "HTTPS://EXAMPLE.ORG/%00", "http://",
    "https://example.org/\u202egnp.exe", "ftp://example.org/x", "https://doi.org/10.1145/..%2f..",
    "http://[", "http://x:y:z/", "https://arxiv.org/abs/9999.99999",
    "https://example.org/#" + "é" * 900, "https://video.example/" + "a" * 1978,
    "https://youtu.be/abcdefghijk?x=" + "b" * 1969, "https://doi.org/10.1145/" + "d" * 1900,
)  # fmt: skip
ODD: Final = (
    "", " ", "\n", "\0", "a\0b", "\ud800", "x\udfff", "\u202eevil\u202c", "\u200b", "\u2060\u200e",
    "👩‍👩‍👧‍👦", "🇩🇪" * 30, "😀" * 2048, "z̷̢̛̛" * 200, "<b>",
    "</b></i>", "<a href='x'>y</a>", "&lt;&#0;&#x110000;&nosuch;",
    "'; DROP TABLE members; --", '" OR 1=1 --', "%' OR '1'='1", "{{ 7*7 }}{% raw %}",
    "${jndi:ldap://x}",
    "%n%s%d", "../../etc/passwd", "=cmd|' /C calc'!A0", "\x1b[31mred\x07", "\u2028\u2029\x85\x1c",
    "x" * 4096,
    "\ufeff", "\uffff", "İıſß", "ﷺ" * 100, "a\tb\vc\fd", "NULL", "None", "true", "-" * 300,
    "(" * 500,
    "[" * 500 + "]" * 500, "1 " * 2000, "\r\n" * 2000, "tuesday " * 400, "jan " * 900,
)  # fmt: skip
USAGES: Final = {command.name: command.usage for command in COMMANDS}
NAMED: Final = tuple(USAGES)
FOUND: Final = ("a", "ref", "pia", "sosp", "jenga mirage", "rag re", "李", "💡", "2025", "")
"""What the schedule's search may find something for."""

OWN: Final[dict[str, tuple[str, ...]]] = {
    "term": ("new 2026 Spring", "new 2026 Fall", "new", "close"),
    "meeting": ("new mar 3", "new feb 12 18:00 SOSP Rehearsal", "feb 10"),
    "rule": ("SOSP/OSDI + arXiv", "SOSP + OSDI", "off"),
    "hosts": ("slides.example", "video.example"),
    "checklist": ("Send the slides\nBring an adapter", "1\n2\n3\n4"),
    "start": ("g1", "g2", "g3"),
    "move": ("jan 20 jan 21 18:30", "feb 10 feb 11", "jan 27 18:00"),
    "find": FOUND,
    "swap": ("with Mia", "with Rita", "jan 20 with @Pia", "places with Sue", "为 Pia", "with me"),
    "handover": ("to Mia", "Sue", "my talk to Rita", "jan 20 to Somebody New", "给 Mia", "to @Bea"),
    "wait": ("any", "for any slot of the term", "any REFRAG", "jan 20 1 DiffKV", "jan 13"),
    "support": ("jan 20 1", "jan 20 2 Ann", "jan 13 2"),
    "claim": (
        "jan 27 DiffKV https://arxiv.org/abs/2504.15465 https://video.example/1",
        "https://slides.example/1 https://arxiv.org/abs/2509.01092 next second slot",
        "next",
        "any",
        "tuesday 2 [SOSP 25] “Tally” arXiv:2509.01092",
        "第二个 jan 27 LithOS",
    ),
    "announce": (
        "Room <401> is closed & cold",
        "jan 13 18:00: Bring a pen",
        "tomorrow: Bring two",
        "x\n" * 60,
    ),
    "stats": ("Mia", "2025 Fall", "2026 Spring"),
    "video": (
        "jan 6 https://video.example/rec",
        "https://youtu.be/abcdefghijk jan 6",
        "jan 6 0:00 47:10 https://video.example/" + "a" * 1978,
    ),
}
"""What only one of them wants."""

ANSWERS: Final = (
    "A title https://arxiv.org/abs/2504.15465", "[SOSP'25] Another title", "Room 401", "18:30",
    "feb 12 18:00", "mar 3 18:00 SOSP Rehearsal", "2026 Spring", "2026 Fall", "feb 24", "tuesday",
    "12", "2", "1:30 47:10", "0:00 0:45:10", "off", "none", "march 3, march 10",
    "https://video.example/9", "could I take https://arxiv.org/abs/2504.15465 on jan 20?", "Next?",
    "my slides https://video.example/8", "claim jan 27 2 Tally", "swap with Mia", "stop",
)  # fmt: skip
"""What the bot's questions want, and what needs no command."""

SENTENCES: Final = (
    "next", "next?", "Open slots please", "can I take {date}?", "could I take {link} on {date}?",
    "I'd like to present {title} {date}", "{title} {link}", "{link}", "claim {date} 2 {title}",
    "my slides {link}", "the recording of {date}: {link}", "summary {link}", "show my talks",
    "swap with {name}", "handover to {name}", "wait any", "release", "stop the reminders", "turns",
    "edit my talk", "what is on {date}", "find {title}", "mine", "MUTE", "help", "iam {name}",
    "/clam {date} {title}", "/claims", "报名 {date} {title}", "{date} 有空位吗", "第二个 {title}",
    "support {date} {number}", "video {date} {link} 47:10", "thanks", "start", "{link} {link}",
)  # fmt: skip
"""What people write alone with the bot, as they would to anybody."""

TO_SOMEBODY: Final = ("swap", "handover", "claim", "slides", "video", "support", "wait", "edit",
                      "assign", "iam")  # fmt: skip
"""Commands that mean something else below what somebody wrote."""

HUGE: Final = 100_000


def words(random: Random) -> str:
    """What follows a command: mostly what one of them wants, sometimes anything."""
    roll = random.random()
    if roll < 0.12:
        return ""
    if roll < 0.2:
        return odd(random)
    parts = [random.choice(DATES)] if random.random() < 0.7 else []
    if random.random() < 0.6:
        parts.append(random.choice(NUMBERS[:3] if random.random() < 0.7 else NUMBERS))
    parts += [random.choice(sort) for sort in (NAMES, TITLES, LINKS) if random.random() < 0.35]
    if random.random() < 0.08:
        parts.append(random.choice(LINKS[:5]))  # beside another one, most likely
    if random.random() < 0.1:
        parts.append(odd(random))
    if random.random() < 0.1:
        random.shuffle(parts)
    return random.choice((" ", " ", " ", "  ", "\n", "\t", ", ", "\u00a0")).join(parts)


def spoken(random: Random, name: str) -> str:
    """A message with this command of ours."""
    blank = random.choice((" ", " ", " ", "\n", "\u00a0"))
    roll = random.random()
    if roll < 0.2:
        return f"/{name}{blank}{USAGES[name]}"
    if roll < 0.5 and name in OWN:
        return f"/{name}{blank}{random.choice(OWN[name])}"
    return f"/{name}{blank}{words(random)}"


def answer(random: Random) -> str:
    """A whole message that answers the bot."""
    return random.choice(ANSWERS) if random.random() < 0.5 else words(random) or written(random)


def sentence(random: Random) -> str:
    sorts = {"date": DATES, "number": NUMBERS, "name": NAMES, "title": TITLES, "link": LINKS}
    # The first of each sort are the likely ones.
    said = {
        sort: random.choice(known[:4] if random.random() < 0.8 else known)
        for sort, known in sorts.items()
    }
    return random.choice(SENTENCES).format(**said)


def odd(random: Random) -> str:
    roll = random.random()
    if roll < 0.6:
        return random.choice(ODD)
    if roll < 0.62:
        return random.choice(("x", "é", "😀", "<b>", "1 ", "jan 13 ", "http://x.y/", "\n")) * (
            HUGE // random.choice((1, 4, 25))
        )
    pools = (range(0x20, 0x7F), range(0x20, 0x250), range(0x4E00, 0x9FFF), range(0x1F300, 0x1FAFF),
             range(0x600, 0x6FF), range(0x2000, 0x2070), range(0x300, 0x36F),
             range(0x10FFFF))  # fmt: skip
    pool = random.choice(pools)
    return "".join(chr(random.choice(pool)) for _ in range(random.choice((1, 5, 40, 300))))


def written(random: Random) -> str:
    """A whole message: a command of ours mostly."""
    roll = random.random()
    if roll < 0.07:
        name = random.choice(NAMED)
        if random.random() < 0.6:
            name += random.choice(
                ("@reading_group_bot", "@Reading_Group_Bot", "@other_bot", "@", "x")
            )
        else:
            name = name.upper()
        return f"/{name} {words(random)}"
    if roll < 0.85:
        return spoken(random, random.choice(NAMED))
    return words(random) or random.choice(ODD)

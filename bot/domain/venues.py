"""Where a paper came out, as far as its address or a catalogue's words tell."""

import re

from bot.domain.patterns import pattern

Venue = tuple[str, int]
"""A short name and a year: ("SOSP", 2025)."""

# What ACM's own citations say of each ("... (SOSP '24) ... https://doi.org/10.1145/3694715.3695964").
# ASPLOS has a volume for each of its deadlines.
_ACM = {
    "SOSP": {3132747: 2017, 3341301: 2019, 3477132: 2021, 3600006: 2023, 3694715: 2024,
             3731569: 2025},
    "EuroSys": {3552326: 2023, 3627703: 2024, 3689031: 2025, 3767295: 2026},
    "ASPLOS": {3567955: 2023, 3575693: 2023, 3617232: 2024, 3620665: 2024, 3620666: 2024,
               3669940: 2025, 3676641: 2025, 3779212: 2026},
}  # fmt: skip
_ACM_PROCEEDINGS = {
    str(number): (name, year) for name, years in _ACM.items() for number, year in years.items()
}
_ACM_DOI = pattern(r"10\.1145/(\d+)(?:\..*)?")

# File names in USENIX proceedings begin with conference and year: "osdi25-ren.pdf".
_USENIX = pattern(r"/(?:system/files/(?:conference/)?|conference/)([a-z]+)(\d\d)(?:[-/_.]|$)")
_USENIX_NAMES = {
    "atc": "ATC",
    "fast": "FAST",
    "hotcloud": "HotCloud",
    "hotos": "HotOS",
    "hotstorage": "HotStorage",
    "nsdi": "NSDI",
    "osdi": "OSDI",
}

_NAMES = {
    name.upper(): name
    for name in (
        "ASPLOS", "ATC", "CoNEXT", "EuroSys", "FAST", "HotCloud", "HotNets", "HotOS", "HotStorage",
        "HPCA", "HPDC", "ICLR", "ICML", "ISCA", "MICRO", "MLSys", "NeurIPS", "NSDI", "OSDI", "PLDI",
        "PPoPP", "SC", "SIGCOMM", "SIGMOD", "SoCC", "SOSP", "VLDB",
    )
}  # fmt: skip
"""How the field writes the conferences that systems papers come from."""

_WRITTEN = _NAMES | {"ARXIV": "arXiv"}
"""These, and where papers are that have not appeared yet."""

_ELSEWHERE = frozenset((
    "AAAI", "ACL", "APSYS", "CCS", "CGO", "CHI", "CIDR", "CIKM", "COLM", "CVPR", "DAC", "ECCV",
    "EMNLP", "FSE", "ICCAD", "ICCV", "ICDCS", "ICDE", "ICPP", "ICRA", "ICS", "ICSE",
    "IISWC", "IJCAI", "IMC", "INFOCOM", "IPDPS", "ISPASS", "KDD", "MIDDLEWARE", "MM", "MOBICOM",
    "MOBISYS", "NAACL", "NDSS", "OOPSLA", "PACT", "PODC", "PODS", "POPL", "S&P", "SECURITY",
    "SENSYS", "SIGGRAPH", "SIGIR", "SIGKDD", "SPAA", "SYSTOR", "UIST", "WSDM", "WWW",
))  # fmt: skip
"""Conferences of other fields, and names that mean one only where a year follows."""

_SOCIETY = pattern(r"(?:ACM|IEEE|USENIX) ")

_FULL_NAMES = {
    "architectural support for programming languages and operating systems": "ASPLOS",
    "european conference on computer systems": "EuroSys",
    "symposium on cloud computing": "SoCC",
    "symposium on operating systems design and implementation": "OSDI",
    "symposium on operating systems principles": "SOSP",
}
_IN_BRACKETS = pattern(r".*\(([A-Z][A-Za-z]{1,14})\)")
_ACCEPTED = pattern(
    r"(?:(?:accepted|published|presented|appears|appeared|to appear) (?:at|by|for|in|to) )?"
    r"(?:the )?(?:(?:acm|ieee|usenix) )?([a-z]+) ?['’]?(20\d\d|\d\d)",
    re.IGNORECASE,
)


def of_doi(doi: str) -> Venue | None:
    """The conference whose proceedings ACM numbers so."""
    match = _ACM_DOI.fullmatch(doi)
    return _ACM_PROCEEDINGS.get(match[1]) if match else None


def of_usenix_path(path: str) -> Venue | None:
    match = _USENIX.match(path)
    if match is None or match[1] not in _USENIX_NAMES:
        return None
    return _USENIX_NAMES[match[1]], 2000 + int(match[2])


def usual_name(short: str) -> str:
    """The venue as the field writes it, whatever its capitals: "EuroSys", "arXiv"."""
    return _WRITTEN.get(short.upper(), short)


def is_usual(name: str) -> bool:
    """Whether this is one of the conferences that systems papers come from."""
    return name.upper() in _NAMES


def is_known(name: str) -> bool:
    """Whether this is a conference of any field, or where papers are that have not appeared yet.
    Digits right behind such a name are a year."""
    short = _SOCIETY.sub("", name.upper())
    return short in _WRITTEN or short in _ELSEWHERE


def of_proceedings(title: str) -> str | None:
    """The short name of a conference by its proceedings' title: for "Proceedings of the ACM SIGOPS
    31st Symposium on Operating Systems Principles" it is "SOSP"."""
    folded = title.casefold()
    for full, short in _FULL_NAMES.items():
        if full in folded:
            return short
    match = _IN_BRACKETS.fullmatch(title)
    return usual_name(match[1]) if match else None


def of_comment(comment: str) -> Venue | None:
    """The conference that authors name in a comment on their paper ("13 pages, to appear in SOSP
    2025"). Only a part that says nothing else counts: what was submitted is not yet accepted."""
    for part in re.split(r"[,;.]", comment):
        match = _ACCEPTED.fullmatch(" ".join(part.split()))
        if match and not match[1].islower() and match[1].upper() in _NAMES:
            return _NAMES[match[1].upper()], 2000 + int(match[2]) % 100
    return None

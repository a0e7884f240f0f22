"""What may be said on the command line."""

import argparse
from collections.abc import Sequence
from pathlib import Path


def read(argv: Sequence[str] | None) -> argparse.Namespace:
    """The `command` and what was said with it. Ends the program, with 2, for what cannot be read,
    and once help was shown."""
    return _parser().parse_args(argv)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reading-group-bot",
        description="A chat bot that runs a weekly paper reading group from its Telegram group.",
    )
    parser.add_argument("--config", type=Path, help="the settings file (default: config.toml)")
    commands = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")

    commands.add_parser("run", help="run the bot")

    demo = commands.add_parser("demo", help="try the bot in the browser, without Telegram")
    demo.add_argument("--tour", action="store_true", help="play a story as text, then end")
    demo.add_argument("--port", type=_port, default=8765, help="the page's port (default: 8765)")

    imports = commands.add_parser("import", help="take a term's page into the schedule")
    imports.add_argument(
        "page", type=Path, metavar="PAGE", help="Markdown, CSV, a calendar (.ics), or a folder"
    )
    imports.add_argument("--group", metavar="NAME", help="the group it belongs to; made if new")
    imports.add_argument("--term", metavar="NAME", help="the term, if the page does not name it")
    imports.add_argument("--dry-run", action="store_true", help="show what is read, store nothing")
    imports.add_argument(
        "--accept-problems",
        action="store_true",
        help="import although some lines do not fit, and without asking",
    )

    export = commands.add_parser("export", help="write a term's page, the calendar or the site")
    export.add_argument("--format", choices=("markdown", "json", "ics", "html"), default="markdown")
    export.add_argument("--group", metavar="NAME", help="the group (default: the only one)")
    export.add_argument(
        "--term", metavar="NAME", help="the term (default: the newest; ics and html: all)"
    )
    export.add_argument(
        "--output", type=Path, metavar="FILE", help="default: standard output; html: a folder"
    )

    commands.add_parser("publish", help="bring all groups' pages up to date now")
    commands.add_parser("doctor", help="check settings, database and Telegram")

    backup = commands.add_parser("backup", help="copy the database, also while the bot runs")
    backup.add_argument("file", type=Path, metavar="FILE")

    restore = commands.add_parser("restore", help="go back to a copy that backup made")
    restore.add_argument("file", type=Path, metavar="FILE")

    database = commands.add_parser("db", help="look after the database")
    of_database = database.add_subparsers(required=True, metavar="COMMAND")
    of_database.add_parser("upgrade", help="bring the database up to date")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; a port is a number up to 65535")
    return int(text)

"""The command line. Exit codes: 0 done, 1 the work failed, 2 wrong use."""

import asyncio
import errno
import gc
import logging
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from bot.arguments import read
from bot.clock import SystemClock
from bot.errors import OperatorError
from storage.errors import StorageError

if TYPE_CHECKING:
    from rich.console import Console

    from bot.config import Settings
    from storage.store import Store

log = logging.getLogger(__name__)

DONE, FAILED, WRONG_USE = 0, 1, 2

OF_OUTPUT = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What writing to standard output ends with; other faults without a file's name are ours."""

# Each command imports what it needs when it runs: `export` does not wait for Telegram's library,
# `run` not for the page's parser, and `--help` for nothing.
# ruff: noqa: PLC0415


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _make_output_usable()
    arguments = read(argv)
    try:
        code = WORK[arguments.command](arguments)
        sys.stdout.flush()  # while a broken pipe can still be told from a fault
    except (OperatorError, StorageError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return FAILED
    except KeyboardInterrupt:
        return FAILED
    except OSError as error:
        if error.filename is not None:
            print(f"{error.filename} cannot be used: {error.strerror}.", file=sys.stderr)  # noqa: T201
            return FAILED
        if error.errno not in OF_OUTPUT:
            raise
        if not isinstance(error, BrokenPipeError):  # whoever read it has seen enough
            print(f"The output cannot be written: {error.strerror}.", file=sys.stderr)  # noqa: T201
        # Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def _make_output_usable() -> None:
    """What a terminal of another age cannot show is a question mark there; and what is said where
    nobody listens is no fault."""
    if sys.stdout is None:
        sys.stdout = TextIOWrapper(BytesIO(), "utf-8")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _settings(arguments: Namespace) -> "Settings":
    from bot.config import PREFIX, load

    named = arguments.config or os.environ.get(f"{PREFIX}CONFIG")
    return load(Path(named) if named else None)


@contextmanager
def _store(settings: "Settings", *, made: bool = True) -> "Iterator[Store]":
    """The database, explained when it fails; with `made=False` it has to be there already."""
    from sqlalchemy.exc import DatabaseError

    from storage.engine import need_database, parse_url
    from storage.store import open_store

    if not made:
        need_database(parse_url(settings.storage.url))
    store = open_store(settings.storage.url, SystemClock().now())
    try:
        yield store
    except DatabaseError as error:
        raise StorageError(store.explain(error)) from error
    finally:
        store.close()


def _run(arguments: Namespace) -> int:
    from concurrent.futures import ThreadPoolExecutor
    from importlib import import_module

    # Python's own way to interrupt an import may leave its lock held, and with it the thread
    # below, for good. Nothing has begun that would have to be ended.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Whatever is imported stays. Looking through it for garbage again and again takes a tenth of
    # the start, and holds up answers later: it is left out of all that follows.
    gc.disable()
    with ThreadPoolExecutor(1) as beside:
        # As it is imported, aiohttp has OpenSSL read the machine's certificates, and that twice.
        # Python can do something else meanwhile.
        beside.submit(import_module, "aiohttp")
        from bot.app import ReadingGroupBot, require_token

    gc.freeze()
    gc.enable()
    signal.signal(signal.SIGINT, before)

    settings = _settings(arguments)
    require_token(settings)  # before a database is made for a bot that cannot run
    _log_to_stderr()

    async def work() -> None:
        with _store(settings) as store:
            bot = ReadingGroupBot(settings, store)
            loop = asyncio.get_running_loop()

            def end() -> None:
                log.info("Stopping, once what is in hand is done.")
                bot.stop()

            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                if signal.getsignal(number) != signal.SIG_IGN:  # as nohup wants it
                    loop.add_signal_handler(number, end)
            await bot.run()

    asyncio.run(work())
    return DONE


def _demo(arguments: Namespace) -> int:
    from bot.demo import serve, tour

    return asyncio.run(tour()) if arguments.tour else asyncio.run(serve(arguments.port))


def _import(arguments: Namespace) -> int:
    from bot.pages import store_pages, today_in, usual_of
    from bot.publish.readers.files import read_file, read_folder
    from bot.publish.report import print_file, print_folder

    console = _console()
    settings = _settings(arguments)
    usual = cache(lambda: usual_of(settings, arguments.group))
    if not arguments.page.is_dir():
        folder = read_file(arguments.page, arguments.term, usual)
        print_file(console, folder.files[0], today_in(settings))
    elif arguments.term is None:
        folder = read_folder(arguments.page, usual)
        print_folder(console, folder)
    else:
        print("--term is for one page; those in a folder name their own.", file=sys.stderr)  # noqa: T201
        return WRONG_USE
    if arguments.dry_run:
        console.print("Nothing was stored: this was a dry run.")
        return DONE
    if not arguments.accept_problems:
        _ask_first(unclear=folder.has_problems, strange=not folder.is_own)
    with _store(settings) as store:
        store_pages(store, settings, folder.pages, arguments.group, console)
    return DONE


def _ask_first(*, unclear: bool, strange: bool) -> None:
    """Whoever sits at a terminal is asked about a page that has problems or is not in the group's
    own format; a script has said beforehand what it wants. Raises `OperatorError` for a no."""
    if not (unclear or strange):
        return
    if sys.stdin is not None and sys.stdin.isatty():
        left_out = ", without the lines above" if unclear else ""
        print(f"Import this{left_out}? [y/N] ", end="", file=sys.stderr, flush=True)  # noqa: T201
        if sys.stdin.readline().strip().casefold() not in ("y", "yes"):
            raise OperatorError("Nothing was imported.")
    elif unclear:
        raise OperatorError(
            "Nothing was imported. Mend the lines above, or leave them out with --accept-problems."
        )


def _export(arguments: Namespace) -> int:
    from bot.pages import export_calendar, export_page, export_site, save

    form, group, term = arguments.format, arguments.group, arguments.term
    output: Path | None = arguments.output
    if form == "html" and output is None:
        print("A site is many files: name a folder with --output.", file=sys.stderr)  # noqa: T201
        return WRONG_USE
    settings = _settings(arguments)
    with _store(settings, made=False) as store:
        if form == "html" and output is not None:
            export_site(store, settings, group, term, output)
            print(f"The site is there: open {output / 'index.html'}")  # noqa: T201
            return DONE
        if form == "ics":
            content = export_calendar(store, settings, group, term)
        else:
            content = export_page(store, form, group, term).encode()
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        save(output, content)
    return DONE


def _publish(arguments: Namespace) -> int:
    from bot.publishing import publish_all

    settings = _settings(arguments)
    with _store(settings, made=False) as store:
        return DONE if asyncio.run(publish_all(store, settings, _console())) else FAILED


def _doctor(arguments: Namespace) -> int:
    from bot.doctor import examine

    return DONE if asyncio.run(examine(_settings(arguments), _console())) else FAILED


def _backup(arguments: Namespace) -> int:
    from storage.backup import back_up
    from storage.engine import parse_url

    settings = _settings(arguments)
    back_up(parse_url(settings.storage.url), arguments.file)
    _console().print(f"The database is copied to {arguments.file}.", markup=False)
    return DONE


def _restore(arguments: Namespace) -> int:
    from bot.restoring import report, restore

    settings = _settings(arguments)
    done = asyncio.run(restore(settings.storage.url, arguments.file, SystemClock()))
    for line in report(done, settings.publish.folder):
        _console().print(line, markup=False, highlight=False)
    return DONE


def _upgrade(arguments: Namespace) -> int:
    from storage.store import bring_up_to_date

    copy = bring_up_to_date(_settings(arguments).storage.url, SystemClock().now())
    before = f" As it was before, it is in {copy}." if copy else ""
    _console().print(f"The database is up to date.{before}", markup=False, highlight=False)
    return DONE


def _console() -> "Console":
    from rich.console import Console

    # A line that is broken for the terminal's sake cannot be copied or searched.
    return Console(soft_wrap=True)


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    # Some log every request, and the token is part of its address; all tell what nobody asked.
    for chatty in ("httpx", "httpcore", "aiohttp.access", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


WORK: dict[str, Callable[[Namespace], int]] = {
    "run": _run,
    "demo": _demo,
    "import": _import,
    "export": _export,
    "publish": _publish,
    "doctor": _doctor,
    "backup": _backup,
    "restore": _restore,
    "db": _upgrade,
}

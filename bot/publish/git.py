"""A local git checkout, through the `git` program: never a shell, a question or an endless wait."""

import asyncio
import os
import re
import signal
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LOCAL_SECONDS = 60.0
NETWORK_SECONDS = 120.0
ENDING_SECONDS = 5.0
"""How long git has to put its locks away when it is to end."""

_OPTIONS = (
    # Other people's hooks may ask, hang, or change what is committed.
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "commit.gpgSign=false"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "rebase.autoStash=false"),
    *("-c", "core.quotePath=false"),
)
_NUL_LISTED = ("--pathspec-from-file=-", "--pathspec-file-nul")

Changed = Mapping[Path, str]
"""Git's two letters for what became of a file."""

UNTRACKED = "??"


class GitError(Exception):
    """Git did not do it. The text is a sentence that says why."""


class RemoteAheadError(GitError):
    """The remote has something that is not here."""


@dataclass(frozen=True, slots=True)
class _Ended:
    code: int
    out: str
    err: str

    @property
    def well(self) -> bool:
        return self.code == 0


@dataclass(frozen=True, slots=True)
class Checkout:
    """The checkout whose top folder is `top`. What the bot commits bears `author`'s name, written
    as `Name <address>`. All methods raise `GitError`; paths are absolute."""

    top: Path
    author: str

    async def branch(self) -> str:
        """The current branch, when it is in a state to be committed to."""
        found = await self._run("symbolic-ref", "--quiet", "--short", "HEAD")
        if not found.well:
            raise GitError(f"The checkout {self.top} is on no branch. Check one out there.")
        if (await self._run("rev-parse", "--quiet", "--verify", "MERGE_HEAD")).well:
            raise GitError(f"A merge is under way in the checkout {self.top}. End it there.")
        return found.out.strip()

    async def changed(self, paths: Collection[Path]) -> Changed:
        """Those of these files that are not as in the last commit: changed, new, or gone."""
        await self.branch()
        names = {path.relative_to(self.top).as_posix() for path in paths}
        listed = await self._need(
            "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"
        )
        signs = {entry[3:]: entry[:2] for entry in listed.split("\0") if entry}
        return {self.top / name: sign for name, sign in signs.items() if name in names}

    async def commit(self, changed: Changed, message: str) -> None:
        """Commit these files as they are now, and nothing else that is changed or staged."""
        names = {path.relative_to(self.top).as_posix(): sign for path, sign in changed.items()}
        new = [name for name, sign in names.items() if sign == UNTRACKED]
        if new:
            await self._need("add", *_NUL_LISTED, text=_listed(new))
        with_message = ("--quiet", "--no-verify", "--cleanup=whitespace", "--message", message)
        await self._need("commit", "--only", *with_message, *_NUL_LISTED, text=_listed(names))

    async def committed(self, path: Path) -> str | None:
        """What is in the file by the last commit; `None` where it is not in it."""
        name = path.relative_to(self.top).as_posix()
        found = await self._run("show", f"HEAD:{name}")
        return found.out if found.well else None

    async def push(self) -> None:
        """Push the current branch to its upstream, if it has anything new. Raises
        `RemoteAheadError` when the other side has something new as well."""
        remote, ref = await self.upstream()
        if not await self._count("@{upstream}..HEAD"):
            return
        pushed = await self._run(
            "push", "--porcelain", "--no-verify", remote, f"HEAD:{ref}", seconds=NETWORK_SECONDS
        )
        if pushed.well:
            return
        said = pushed.out + pushed.err
        if "[rejected]" in said:
            raise RemoteAheadError(f"The remote {remote} has something that is not here yet.")
        refused = re.search(r"\[remote rejected\].*\((.+)\)", said)
        if refused:
            raise GitError(f"The remote {remote} refuses it: {refused[1]}.")
        raise GitError(f"Pushing to {remote} did not work: {_why(pushed)}")

    async def update(self) -> bool:
        """Take over what is new on the other side, where it applies cleanly. Returns whether
        anything was."""
        remote, _ = await self.upstream()
        fetched = await self._run("fetch", "--quiet", remote, seconds=NETWORK_SECONDS)
        if not fetched.well:
            raise GitError(f"The remote {remote} cannot be asked: {_why(fetched)}")
        if not await self._count("HEAD..@{upstream}"):
            return False
        if not await self._count("@{upstream}..HEAD"):
            tried = await self._run("merge", "--ff-only", "--quiet", "@{upstream}")
            if tried.well:
                return True
        else:
            # A rebase wants a clean folder; a merge minds only what it would overwrite.
            for way in (("rebase", "--quiet"), ("merge", "--quiet", "--no-edit")):
                tried = await self._run(*way, "@{upstream}")
                if tried.well:
                    return True
                await self._run(way[0], "--abort")
        raise GitError(
            f"What is new on {remote} does not go together with the checkout {self.top}: "
            f"{_why(tried)} Bring the two together there."
        )

    async def upstream(self) -> tuple[str, str]:
        """Where the current branch is pushed to: the remote's name, and the branch's there."""
        branch = await self.branch()
        form = "--format=%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream:track)"
        found = await self._need("for-each-ref", form, f"refs/heads/{branch}")
        remote, ref, track = found.strip("\n").split("\0") if "\0" in found else ("", "", "")
        if not remote or not ref or track == "[gone]":
            raise GitError(
                f"The branch {branch} of {self.top} has no upstream: "
                f"“git push -u origin {branch}” there gives it one."
            )
        return remote, ref

    async def _count(self, commits: str) -> int:
        return int(await self._need("rev-list", "--count", commits))

    async def _need(self, *words: str, text: str = "") -> str:
        ended = await self._run(*words, text=text)
        if not ended.well:
            raise GitError(f"git {words[0]} did not work: {_why(ended)}")
        return ended.out

    async def _run(self, *words: str, text: str = "", seconds: float | None = None) -> _Ended:
        names = _names(self.author)
        return await _run(self.top, *words, text=text, seconds=seconds, names=names)


async def checkout_of(folder: Path, author: str) -> Checkout:
    """The checkout in which the folder is. Raises `GitError` when it is in none, when that leaves
    it out, and when there is no git."""
    there = folder
    while not there.is_dir() and there != there.parent:
        there = there.parent
    found = await _run(there, "rev-parse", "--show-toplevel")
    if not found.well:
        if "not a git repository" in found.err:
            raise GitError(f"{folder} is in no git checkout. Make one there, or set publish.git.")
        raise GitError(f"git cannot use {folder}: {_why(found)}")
    if (await _run(there, "check-ignore", "--quiet", str(folder))).well:
        raise GitError(
            f"Git ignores {folder}. Set publish.folder to one in a checkout of your own, or take "
            "it out of .gitignore."
        )
    return Checkout(Path(found.out.rstrip("\n")), author)


def _names(author: str) -> dict[str, str]:
    name, _, address = author.rstrip(">").rpartition(" <")
    return {
        f"GIT_{role}_{what}": said
        for role in ("AUTHOR", "COMMITTER")
        for what, said in (("NAME", name), ("EMAIL", address))
    }


async def _run(
    folder: Path,
    *words: str,
    text: str = "",
    seconds: float | None = None,
    names: Mapping[str, str] | None = None,
) -> _Ended:
    environment = {
        # What belongs to a checkout that somebody else works in is nothing to ours.
        **{name: value for name, value in os.environ.items() if not _names_a_checkout(name)},
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_EDITOR": "true",
        "GIT_OPTIONAL_LOCKS": "0",
        "SSH_ASKPASS_REQUIRE": "never",
        "LC_ALL": "C.UTF-8",
        **(names or {}),
    }
    try:
        process = await asyncio.create_subprocess_exec(
            "git",
            *_OPTIONS,
            *words,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # without a terminal, on which ssh could ask
        )
    except FileNotFoundError:
        raise GitError("There is no git here. Install it, or set publish.git to off.") from None
    except OSError as error:
        raise GitError(f"git does not start: {error.strerror}.") from None
    seconds = LOCAL_SECONDS if seconds is None else seconds
    try:
        async with asyncio.timeout(seconds):
            out, err = await process.communicate(text.encode())
    except TimeoutError:
        await _end(process)
        raise GitError(f"git {words[0]} took longer than {seconds:.0f} seconds.") from None
    except asyncio.CancelledError:
        await _end(process)
        raise
    return _Ended(
        process.returncode or 0,
        out.decode(errors="surrogateescape"),
        err.decode(errors="replace"),
    )


def _listed(names: Iterable[str]) -> str:
    """The names as patterns that mean nothing but themselves."""
    return "\0".join(f":(literal){name}" for name in names)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Let git put its locks away, with whatever it started; then end it for good."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDING_SECONDS):
                await process.wait()
                return


def _names_a_checkout(name: str) -> bool:
    return name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE")


def _why(ended: _Ended) -> str:
    """Git's own words, in one line and without a password that an address may have in it."""
    lines = [line.strip() for line in f"{ended.err}\n{ended.out}".splitlines() if line.strip()]
    if any("index.lock" in line for line in lines):
        return "another program is at work there (index.lock). If none is, remove that file."
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "CONFLICT"))]
    line = next(iter(telling or lines), "it gave no reason")
    plain = re.sub(r"//[^/\s]+@", "//", re.sub(r"^(fatal|error):\s*", "", line))
    return plain[:150].rstrip(".") + "."

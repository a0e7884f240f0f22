"""A local git checkout, through the `git` program."""

import asyncio
import re
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.publish.git_program import NETWORK_SECONDS, Ended, GitError, PassingError, run, why

_NUL_LISTED = ("--pathspec-from-file=-", "--pathspec-file-nul")

Changed = Mapping[Path, str]
"""Git's two letters for what became of a file."""

UNTRACKED = "??"

MARKS = {"reading-group-bot-commits": (), "reading-group-bot-updates": ("rebase", "merge")}
"""Files in git's own folder, each there as long as the bot does something to the checkout. If one
is there afterwards, these are what may be half done, and are the bot's and nobody else's."""

COMMITS, UPDATES = MARKS


class RemoteAheadError(PassingError):
    """The remote has something that is not here."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """The checkout whose top folder is `top`. What the bot commits bears `author`'s name, written
    as `Name <address>`. All methods raise `GitError`; paths are absolute."""

    top: Path
    author: str
    git_folder: Path

    async def branch(self) -> str:
        """The current branch, when it is in a state to be committed to."""
        found = await self._run("symbolic-ref", "--quiet", "--short", "HEAD")
        if not found.well:
            if await asyncio.to_thread((self.git_folder / "rebase-merge").is_dir):
                raise GitError(f"A rebase is under way in the checkout {self.top}. End it there.")
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
        with_message = ("--quiet", "--no-verify", "--cleanup=whitespace", "--message", message)
        async with self._changing(COMMITS):
            if new:
                await self._need("add", *_NUL_LISTED, text=_listed(new))
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
        raise PassingError(f"Pushing to {remote} did not work: {why(pushed)}")

    async def update(self) -> bool:
        """Take over what is new on the other side, where it applies cleanly. Returns whether
        anything was."""
        remote, _ = await self.upstream()
        fetched = await self._run("fetch", "--quiet", remote, seconds=NETWORK_SECONDS)
        if not fetched.well:
            raise PassingError(f"The remote {remote} cannot be asked: {why(fetched)}")
        if not await self._count("HEAD..@{upstream}"):
            return False
        ahead = await self._count("@{upstream}..HEAD")
        async with self._changing(UPDATES):
            tried = await self._bring_together(ahead=ahead > 0)
        if tried.well:
            return True
        raise GitError(
            f"What is new on {remote} does not go together with the checkout {self.top}: "
            f"{why(tried)} Bring the two together there."
        )

    async def _bring_together(self, *, ahead: bool) -> Ended:
        if not ahead:
            return await self._run("merge", "--ff-only", "--quiet", "@{upstream}")
        # A rebase wants a clean folder; a merge minds only what it would overwrite.
        for way in (("rebase", "--quiet"), ("merge", "--quiet", "--no-edit")):
            tried = await self._run(*way, "@{upstream}")
            if tried.well:
                break
            await self._run(way[0], "--abort")
        return tried

    async def mend(self) -> None:
        """Take back what the bot's own git had begun when it was killed, with the bot or with the
        machine."""
        try:
            for name, ways in MARKS.items():
                mark = self.git_folder / name
                if await asyncio.to_thread(_is_left, mark):
                    for way in ways:
                        await self._run(way, "--abort")
                    await asyncio.to_thread(mark.unlink)
        except OSError as error:
            raise GitError(f"git cannot use {self.top}: {error.strerror}.") from error

    @asynccontextmanager
    async def _changing(self, name: str) -> AsyncIterator[None]:
        """What breaks off in here leaves the mark of this name: `mend` looks at it."""
        mark = self.git_folder / name
        try:
            await asyncio.to_thread(mark.touch)
            yield
            await asyncio.to_thread(mark.unlink)
        except OSError as error:
            raise GitError(f"git cannot use {self.top}: {error.strerror}.") from error

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
            raise GitError(f"git {words[0]} did not work: {why(ended)}")
        return ended.out

    async def _run(self, *words: str, text: str = "", seconds: float | None = None) -> Ended:
        names = _names(self.author)
        return await run(self.top, *words, text=text, seconds=seconds, names=names)


async def checkout_of(folder: Path, author: str) -> Checkout:
    """The checkout in which the folder is. Raises `GitError` when it is in none, when that leaves
    it out, and when there is no git."""
    there = folder
    while not there.is_dir() and there != there.parent:
        there = there.parent
    found = await run(there, "rev-parse", "--show-toplevel", "--absolute-git-dir")
    if not found.well:
        if "not a git repository" in found.err:
            raise GitError(f"{folder} is in no git checkout. Make one there, or set publish.git.")
        raise GitError(f"git cannot use {folder}: {why(found)}")
    if (await run(there, "check-ignore", "--quiet", str(folder))).well:
        raise GitError(
            f"Git ignores {folder}. Set publish.folder to one in a checkout of your own, or take "
            "it out of .gitignore."
        )
    top, git_folder = found.out.splitlines()
    return Checkout(Path(top), author, Path(git_folder))


def _is_left(mark: Path) -> bool:
    """Whether something was cut off, and nothing is at work there any more: a lock that was there
    before, when this was asked last, is nobody's, and is taken away."""
    if not mark.exists():
        return False
    lock = mark.with_name("index.lock")
    try:
        found = lock.stat()
    except FileNotFoundError:
        return True
    seen = f"{found.st_ino} {found.st_mtime_ns}"
    if mark.read_text() != seen:
        mark.write_text(seen)
        return False
    lock.unlink(missing_ok=True)
    return True


def _names(author: str) -> dict[str, str]:
    name, _, address = author.rstrip(">").rpartition(" <")
    return {
        f"GIT_{role}_{what}": said
        for role in ("AUTHOR", "COMMITTER")
        for what, said in (("NAME", name), ("EMAIL", address))
    }


def _listed(names: Iterable[str]) -> str:
    """The names as patterns that mean nothing but themselves."""
    return "\0".join(f":(literal){name}" for name in names)

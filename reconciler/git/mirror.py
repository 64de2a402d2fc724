"""A bare repository of our own: what has been read from a remote, and what goes there.

The user's repository is asked for its settings alone. Its objects, refs, index, work tree, hooks
and shallow boundary stay what they are, so that nothing of this shows in anybody's daily work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from reconciler.git.borrow import borrowed
from reconciler.git.history import LOG_FORMAT, Step, parse_log
from reconciler.git.objects import NewCommit, import_stream, parse_batch, parse_tree
from reconciler.git.process import LOCAL_SECONDS, NETWORK_SECONDS, Ran, run
from reconciler.git.pushing import Pushed, Update, arguments, parse, refspecs
from reconciler.git.remote import Remote

_SCRATCH = "refs/scratch/next"
_WHOLE = "--depth=2147483647"  # git's own number for "all there is"


@contextmanager
def kept_mirror(folder: Path, remote: Remote) -> Iterator[Mirror]:
    """The mirror that is kept in `folder`, or a new one while somebody else uses that.

    Raises `GitError`, and OSError where nothing can be written.
    """
    with borrowed(folder) as loan:
        mirror = Mirror(loan.folder, remote)
        try:
            yield mirror
        finally:
            loan.sound = mirror.sound


class Mirror:
    """The repository in `folder`; made when it is not there. Every method raises `GitError`."""

    def __init__(self, folder: Path, remote: Remote) -> None:
        self.folder = folder
        self.remote = remote
        self.sound = True
        """False once a command that needs no network has failed, or one was killed."""
        if not (folder / "HEAD").exists():
            self._create()

    def tips(self, *refs: str) -> Mapping[str, str]:
        """Where each of the refs stands at the remote now; absent ones are left out."""
        listed = self._ask("ls-remote", "--quiet", self.remote.name, *refs, network=True)
        pairs = (line.split("\t") for line in listed.decode().splitlines())
        return {ref: commit for commit, ref in pairs if ref in refs}

    def known(self, ref: str) -> str | None:
        """Where the ref stood when it was last fetched or pushed."""
        return self._run("rev-parse", "--verify", "--quiet", ref).out.decode().strip() or None

    def fetch(self, ref: str, *, whole: bool = False) -> str:
        """Bring the ref's newest commit here, or its `whole` history; the commit's name."""
        depth = [_WHOLE] if whole else self._shallow(ref)
        options = ["--quiet", "--no-tags", "--no-write-fetch-head", "--force", *depth]
        self._ask("fetch", *options, self.remote.name, f"+{ref}:{ref}", network=True)
        return self._ask("rev-parse", "--verify", ref).decode().strip()

    def keep(self, ref: str, commit: str) -> None:
        """Remember that the ref stands there."""
        self._ask("update-ref", ref, commit)

    def tree(self, commit: str) -> Mapping[str, str]:
        """All files of a commit: the names of their bytes, by path."""
        return parse_tree(self._ask("ls-tree", "-r", "-z", commit))

    def read(self, names: Sequence[str]) -> Iterator[bytes]:
        """The bytes behind each of the names, in one process however many there are."""
        if not names:
            return iter(())
        wanted = "\n".join([*names, ""]).encode()
        output = self._ask("cat-file", "--batch", "--buffer", stdin=wanted, bulky=True)
        return parse_batch(output, names)

    def commit(self, new: NewCommit) -> str:
        """Make a commit, here alone; its name."""
        made = self._ask(
            "fast-import", "--quiet", "--done", "--force", stdin=import_stream(new, _SCRATCH)
        )
        return made.decode().strip()

    def push(self, *updates: Update) -> Pushed:
        """Ask the remote to move each ref from exactly where we think it stands."""
        options = ["--porcelain", "--no-verify", *arguments(updates)]
        ran = self._run("push", *options, self.remote.name, *refspecs(updates), network=True)
        pushed = parse(ran.out.decode(errors="replace"), ran.complaint)
        if pushed is None:
            raise ran.failure()
        return pushed

    def history(self, ref: str) -> Iterator[Step]:
        """Every commit that is here, oldest first, with the files that it changed."""
        options = ["--reverse", "--first-parent", "--diff-merges=first-parent", "--root"]
        options += ["--raw", "--no-abbrev", "--no-renames", f"--format={LOG_FORMAT}"]
        return parse_log(self._ask("log", *options, ref).decode("utf-8", errors="replace"))

    def _create(self) -> None:
        command = ["init", "--quiet", "--bare", "--template=", *self._format(), str(self.folder)]
        run(command, cwd=self.remote.cwd, environment=self.remote.environment).output()

    def _format(self) -> list[str]:
        usual = self.remote.object_format == "sha1"
        return [] if usual else [f"--object-format={self.remote.object_format}"]

    def _shallow(self, ref: str) -> list[str]:
        """Once something is here, only what is newer has to come."""
        return ["--depth=1"] if self.known(ref) is None else []

    def _ask(
        self,
        command: str,
        *rest: str,
        stdin: bytes = b"",
        network: bool = False,
        bulky: bool = False,
    ) -> bytes:
        ran = self._run(command, *rest, stdin=stdin, network=network, bulky=bulky)
        self.sound = self.sound and (network or ran.status == 0)
        return ran.output()

    def _run(
        self,
        command: str,
        *rest: str,
        stdin: bytes = b"",
        network: bool = False,
        bulky: bool = False,
    ) -> Ran:
        # The folder goes by the environment, so that the command's own name comes first.
        sound, self.sound = self.sound, False
        ran = run(
            [command, *rest],
            cwd=self.remote.cwd,
            environment={**self.remote.environment, "GIT_DIR": str(self.folder)},
            stdin=stdin,
            seconds=NETWORK_SECONDS if network else LOCAL_SECONDS,
            bulky=bulky,
        )
        self.sound = sound
        return ran

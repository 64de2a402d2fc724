"""What goes wrong with the state of the `git:` backend, said of the state and not of git."""

from __future__ import annotations

import re

from reconciler.errors import RefusedError, StateError
from reconciler.git.process import GitError
from reconciler.state.remote_lock import Held

_ADVICE = "Check the network, the remote's address and your right to use it."
_FULL = "Free some space, here (git keeps what it has read in the user's cache) or at the remote."
_NO_SPACE = re.compile(r"no space left|out of diskspace|quota exceeded", re.IGNORECASE)


def failed(shown: str, error: GitError) -> StateError:
    """A command of git that failed."""
    advice = _FULL if _NO_SPACE.search(error.summary) else _ADVICE
    return StateError(f"{shown}: {error.summary}", error.advice or advice)


def unwritable(shown: str, error: OSError) -> StateError:
    """A file on this machine that cannot be written."""
    where = error.filename or shown
    return StateError(
        f"{where}: cannot be written: {error.strerror or error}",
        "Free some space or mend the permissions, then run it again.",
    )


def another(held: Held) -> RefusedError:
    """The lock that was to be freed is held under another id."""
    who = "somebody unknown" if held.holder is None else held.holder.shown
    return RefusedError(
        f"the lock is not that one but {held.id}, held by {who}",
        "Free that one only if you are sure that it is dead.",
    )

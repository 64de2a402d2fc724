"""A thread that shares outcomes in batches: so many, or after so long, whichever is first."""

from __future__ import annotations

import threading
from collections.abc import Callable

from reconciler.errors import ReconcilerError

COUNT = 50
SECONDS = 1.0


class Batches:
    """Calls `share` for what `added` tells it about; stops for good at the first failure."""

    def __init__(
        self, share: Callable[[], None], *, count: int | None = None, seconds: float | None = None
    ) -> None:
        self._share = share
        self._count = COUNT if count is None else count
        self._seconds = SECONDS if seconds is None else seconds
        self._changed = threading.Condition()
        self._waiting = 0
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="state-batches")
        self.trouble: ReconcilerError | None = None
        """Why nothing is shared any more."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def added(self) -> None:
        """There is one more to share."""
        with self._changed:
            self._waiting += 1
            self._changed.notify()

    def stop(self) -> None:
        """End after the batch under way; what has been added since is left."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while self.trouble is None and self._wait():
            self._share_now()

    def _share_now(self) -> None:
        try:
            self._share()
        except ReconcilerError as error:
            self.trouble = error

    def _wait(self) -> bool:
        """Until there is a batch; False when it is time to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            self._changed.wait_for(
                lambda: self._waiting >= self._count or self._closing, timeout=self._seconds
            )
            self._waiting = 0
            return not self._closing

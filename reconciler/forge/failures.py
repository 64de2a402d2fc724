"""What a forge's API may do instead of what was asked."""

from __future__ import annotations

from reconciler.errors import ReconcilerError


class ForgeError(ReconcilerError):
    """The forge did not do what was asked; `status` is HTTP's, None where no answer came.

    `uncertain` is True where a write may have been done all the same.
    """

    def __init__(
        self,
        summary: str,
        advice: str = "",
        *,
        status: int | None = None,
        uncertain: bool = False,
    ) -> None:
        super().__init__(summary, advice)
        self.status = status
        self.uncertain = uncertain

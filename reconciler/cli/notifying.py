"""`--notify`: tell others what came of it. Whatever goes wrong here is a warning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reconciler.notify import Notice
    from reconciler.plan.board import Row
    from reconciler.plan.outcomes import Outcome

Notify = Annotated[
    list[str] | None,
    typer.Option(
        "--notify",
        metavar="URL",
        envvar="RECONCILER_NOTIFY",
        help="Send the summary to a Slack, Feishu, Lark, DingTalk or WeCom robot, or as JSON to "
        "any other address; repeatable. An address is a secret: better in the environment.",
    ),
]


def tell_applied(addresses: Sequence[str] | None, outcomes: Sequence[Outcome]) -> None:
    """What apply did, unless there was nothing to do."""
    if addresses and outcomes:
        from reconciler.render.notices import applied_notice

        _tell(addresses, applied_notice(outcomes))


def tell_status(addresses: Sequence[str] | None, rows: Sequence[Row]) -> None:
    """Where the reviewers stand."""
    if addresses:
        from reconciler.render.notices import status_notice

        _tell(addresses, status_notice(rows))


def _tell(addresses: Sequence[str], notice: Notice) -> None:
    from reconciler.cli.console import warn
    from reconciler.notify import NotifyError, send

    for address in addresses:
        try:
            send(address, notice)
        except NotifyError as error:
            warn(f"{error.summary}. {error.advice}")

"""What apply does for a terminal: one line an outcome as it happens, and one line at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.plan.outcomes import Outcome, Result, summarise
from reconciler.render.counts import join
from reconciler.render.escape import terminal
from reconciler.render.reasons import explain_word
from reconciler.render.style import PLAIN, Painter, Style
from reconciler.render.width import pad

_STYLES: Mapping[Result, Style] = {
    Result.SUBMITTED: Style.GREEN,
    Result.ADOPTED: Style.CYAN,
    Result.CREATED: Style.GREEN,
    Result.DELETED: Style.RED,
    Result.FORGOTTEN: Style.DIM,
    Result.SKIPPED: Style.YELLOW,
    Result.FAILED: Style.RED,
    Result.UNKNOWN: Style.RED,
}
UNSUCCESSFUL = frozenset({Result.SKIPPED, Result.FAILED, Result.UNKNOWN})
"""The results that leave something undone, so that the reason is told."""
_CELLS = max(len(result) for result in Result)


def outcome_line(outcome: Outcome, *, cells: int = 0, painter: Painter = PLAIN) -> str:
    """Such as `submitted  retail/acme  SIG1`, with why and the request where it went wrong.

    Names are filled up to `cells`, so that lines printed one by one stand in columns.
    """
    result = painter(pad(outcome.result.value, _CELLS), _STYLES[outcome.result])
    identity = "(no id)" if outcome.id is None else terminal(outcome.id)
    why = _why(outcome)
    return f"{result}  {pad(terminal(outcome.name), cells)}  {identity}" + (
        f"  {why}" if why else ""
    )


def outcomes_summary(outcomes: Iterable[Outcome]) -> str:
    """Such as `Apply: 3 submitted, 1 adopted, 1 skipped, 1 failed`."""
    counts = summarise(outcomes)
    counted = join((number, result) for result, number in counts.items())
    return f"Apply: {counted or 'nothing to do'}"


def _why(outcome: Outcome) -> str:
    if outcome.result not in UNSUCCESSFUL:
        return terminal(outcome.detail)
    words = terminal(outcome.detail or explain_word(outcome.reason))
    request = outcome.request_uuid
    if request is None or terminal(request) in words:  # the service's own errors name it already
        return words
    return f"{words} (request {terminal(request)})"

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


def outcome_line(outcome: Outcome, *, painter: Painter = PLAIN) -> str:
    """Such as `submitted  retail/acme  SIG1`, with why and the request where it went wrong."""
    result = painter(pad(outcome.result.value, _CELLS), _STYLES[outcome.result])
    identity = "(no id)" if outcome.id is None else terminal(outcome.id)
    why = _why(outcome)
    return f"{result}  {terminal(outcome.name)}  {identity}" + (f"  {why}" if why else "")


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
    return words if request is None else f"{words} (request {terminal(request)})"

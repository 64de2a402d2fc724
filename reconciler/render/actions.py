"""How each action looks in a terminal: its symbol, its word and its colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.plan.changes import Action, Verdict
from reconciler.render.style import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One action, as a row of the plan shows it."""

    symbol: str
    word: str
    styles: tuple[Style, ...]


_LOOKS: Mapping[Action, Look] = {
    Action.RESUBMIT: Look(symbol="~", word="resubmit", styles=(Style.YELLOW,)),
    Action.CREATE: Look(symbol="+", word="create", styles=(Style.GREEN,)),
    Action.ADOPT: Look(symbol="=", word="adopt", styles=(Style.CYAN,)),
    Action.DELETE: Look(symbol="-", word="delete", styles=(Style.BOLD, Style.RED)),
    Action.FORGET: Look(symbol=".", word="forget", styles=(Style.DIM,)),
    Action.NO_OP: Look(symbol=" ", word="unchanged", styles=(Style.DIM,)),
    Action.BLOCKED: Look(symbol="x", word="blocked", styles=(Style.RED,)),
}
_ATTENTION = Look(symbol="!", word="attention", styles=(Style.BOLD, Style.YELLOW))


def look(verdict: Verdict) -> Look:
    """What needs attention looks so whatever its action is."""
    return _ATTENTION if verdict.attention else _LOOKS[verdict.action]

"""Plans of so many submissions, deletions and forgets, and the guards that refuse them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.errors import RefusedError
from reconciler.guards import Here, Limits, guard
from reconciler.model import NOT_ASKED, Desired
from reconciler.plan.build import change
from reconciler.plan.changes import Change, Failure, Plan
from reconciler.plan.guarded import Guard
from reconciler.plan.pairing import Target
from tests.unit.builders import NOT_FOUND, PROJECT, desired, observed, recorded

HERE = Here(
    manifests=1, projects=frozenset({PROJECT}), endpoint_of=lambda _: "http://service.example"
)


def submissions(count: int) -> list[Change]:
    """Half of them resubmitted, half applied for."""
    return [_resubmit(n) if n % 2 else _create(n) for n in range(count)]


def deletions(count: int) -> list[Change]:
    """Signatures whose manifests are tombstones."""
    tombstones = [replace(desired(f"d{n}", absent=True), submission=None) for n in range(count)]
    return [
        change(Target(desired=each, id=f"DEL{n}", recorded=None), observed())
        for n, each in enumerate(tombstones)
    ]


def forgets(count: int) -> list[Change]:
    """Records whose manifests are gone."""
    records = [recorded(f"OLD{n}", name=f"f{n}") for n in range(count)]
    return [change(Target(desired=None, id=each.id, recorded=each), NOT_ASKED) for each in records]


def kept(want: Desired | None = None) -> Change:
    """A row that sends nothing: it is adopted."""
    return change(
        Target(desired=want or desired("kept", content="辰巳午未"), id="SIG0", recorded=None),
        observed(content="辰巳午未"),
    )


def _resubmit(n: int) -> Change:
    want = desired(f"s{n}", content=f"第{n}号店")
    return change(Target(desired=want, id=f"SIG{n}", recorded=None), observed())


def _create(n: int) -> Change:
    want = desired(f"s{n}", ids=(), content=f"第{n}号店")
    return change(Target(desired=want, id=None, recorded=None), NOT_FOUND)


def plan(*changes: Change, errors: tuple[Failure, ...] = ()) -> Plan:
    return Plan(changes=changes, errors=errors)


def refusal(plan: Plan, limit: int = 20, here: Here = HERE) -> RefusedError:
    """What a guard says of this plan."""
    with pytest.raises(RefusedError) as caught:
        guard(plan, Limits(max_submissions=limit), here)
    return caught.value


def allowing(*guards: Guard, most: int = 20) -> Limits:
    """Limits that let these guards' findings through."""
    return Limits(max_submissions=most, allowed=frozenset(guards))

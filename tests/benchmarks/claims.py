"""What is claimed, and how it is judged: every claim is a figure and the most that it may be. Pure.

A figure is taken within one run of the benchmark, nearly always as a ratio to something else that
was measured in the same rounds: seconds differ from machine to machine, ratios hardly do.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run of one work: seconds, seconds of processor time, MiB at the peak."""

    wall: float
    cpu: float
    peak: float


Samples = Mapping[str, Sequence[Sample]]
"""By the work's name, in the order of the rounds."""
Figure = Callable[[Samples], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One line of the table."""

    work: str
    """What is done, in the words of the table."""
    ours: str
    theirs: tuple[str, ...]
    """The works that have to be measured besides ours."""
    target: str
    """The most that is allowed, in words."""
    figure: Figure
    most: float
    unit: str = "×"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A claim and what came of it; `figure` is None where a work could not be measured."""

    claim: Claim
    figure: float | None

    @property
    def verdict(self) -> str:
        """Met, missed, or not measured."""
        if self.figure is None:
            return "not measured"
        return "met" if self.figure <= self.claim.most else "missed"


def median(samples: Sequence[Sample], kind: str) -> float:
    """Of one kind of figure: `wall`, `cpu` or `peak`."""
    return float(statistics.median(getattr(each, kind) for each in samples))


def ratio(ours: str, theirs: str, kind: str) -> Figure:
    """Ours by theirs in each round that has both, and the median of those.

    A machine that changes its pace changes it for both. Of slow works there are the first rounds.
    """

    def figure(samples: Samples) -> float:
        pairs = zip(samples[ours], samples[theirs], strict=False)
        return float(statistics.median(getattr(o, kind) / getattr(t, kind) for o, t in pairs))

    return figure


def alone(ours: str, kind: str, *, by: float = 1.0) -> Figure:
    """The median of ours by a number that is known."""
    return lambda samples: median(samples[ours], kind) / by


def between(more: str, less: str, kind: str, *, by: float) -> Figure:
    """What one work takes more than another, by a number that is known."""
    return lambda samples: (median(samples[more], kind) - median(samples[less], kind)) / by


def judge(claims: Sequence[Claim], samples: Samples) -> tuple[Judged, ...]:
    """Every claim, in order."""
    return tuple(Judged(claim=each, figure=_figure(each, samples)) for each in claims)


def _figure(claim: Claim, samples: Samples) -> float | None:
    if not all(samples.get(name) for name in (claim.ours, *claim.theirs)):
        return None
    return claim.figure(samples)

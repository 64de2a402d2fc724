"""What has to be written so that one state holds what another one does. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.errors import RefusedError
from reconciler.model import Recorded
from reconciler.state.entries import age

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What is new for the target."""

    records: tuple[Recorded, ...]
    same: int
    """How many stand there already."""


def transfer(
    source: Mapping[str, Recorded], target: Mapping[str, Recorded], *, shown: str
) -> Transfer:
    """The records that the target lacks or has older; what it alone has stays there.

    Raises `RefusedError`, naming them, when it has newer ones, or others as old: `shown` is how
    the target is called.
    """
    differing = [record for key, record in sorted(source.items()) if target.get(key) != record]
    newer = [r for r in differing if r.id in target and age(target[r.id]) >= age(r)]
    if newer:
        names = ", ".join(f"{record.name} ({record.id})" for record in newer[:_SHOWN])
        more = f" and {len(newer) - _SHOWN} more" if len(newer) > _SHOWN else ""
        raise RefusedError(
            f"{shown} has newer records of {names}{more}; nothing was written",
            "Look at both with `reconciler state show`. To take the older one all the same, forget "
            "the newer one first: reconciler state rm ID.",
        )
    return Transfer(records=tuple(differing), same=len(source) - len(differing))

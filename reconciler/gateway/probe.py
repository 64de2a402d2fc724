"""One request and what is to be learnt from it: no second try, and nothing that waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from reconciler.gateway.answers import Answer, Reply, judge
from reconciler.gateway.body import Body
from reconciler.gateway.credentials import Credentials
from reconciler.gateway.encoded import Shelf
from reconciler.gateway.encodings import WIRES, Encoding
from reconciler.gateway.parameters import flat
from reconciler.gateway.setback import Setback
from reconciler.gateway.transport import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What came of it."""

    outcome: Answer | Setback
    seconds: float
    date: datetime | None = None
    """The service's time, where it says one that can be understood."""


def probe(
    endpoint: str,
    credentials: Credentials,
    action: str,
    *,
    encoding: Encoding,
    timeout: float,
    clock: Callable[[], float] = time.monotonic,
) -> Probed:
    """Do a reading action once. Raises `UsageError` for an endpoint that cannot be used."""
    wire = WIRES[encoding]
    values: dict[str, str] = {"Action": action, "PublicKey": credentials.public_key}
    if credentials.security_token:
        values["SecurityToken"] = credentials.security_token
    transport = Transport(
        endpoint,
        content_type=wire.content_type,
        timeout=timeout,
        parallelism=1,
        secrets=credentials.secrets,
    )
    with closing(transport):
        began = clock()
        got = transport.post(Body(flat(values), credentials.private_key, wire, Shelf()))
        seconds = clock() - began
    if not isinstance(got, Reply):
        return Probed(outcome=got, seconds=seconds)
    outcome = judge(got, secrets=credentials.secrets)
    return Probed(outcome=outcome, seconds=seconds, date=_moment(got.date))


def _moment(header: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else None

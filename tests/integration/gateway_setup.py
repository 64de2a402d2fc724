"""A gateway for a scripted server, with time that passes only where somebody sleeps."""

from __future__ import annotations

from typing import Any

from reconciler.gateway.credentials import Credentials
from reconciler.gateway.gateway import Gateway
from reconciler.gateway.retry import Patience
from tests.unit.gateway_builders import FakeTime

PRIVATE_KEY = "46f09bb9fab4f12dfc160dae12273d5332b5debe"
CREDENTIALS = Credentials(
    public_key="ucloudsomeone@example.com1296235120854146120", private_key=PRIVATE_KEY
)
ONE_TRY = Patience(tries=1)


def gateway(url: str, time: FakeTime | None = None, **options: Any) -> Gateway:
    """Real sockets, injected waiting, the longest jitter."""
    time = time or FakeTime()
    options = {"clock": time.clock, "sleep": time.sleep, "uniform": _longest, **options}
    return Gateway(url, options.pop("credentials", CREDENTIALS), **options)


def _longest(_: float, high: float) -> float:
    return high

"""What holds for every test: no trace of the machine's own settings, and steady Hypothesis."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# A run in CI tries the same cases each time, so that a failure is about the change under test; at
# a desk every run tries new ones. No deadline, nor one for making the inputs: the machines are
# shared, their speed says nothing.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("desk"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

# Real keys must never reach a test, a proxy must never stand before loopback, and colours or a
# width that the machine asks for must not change what is printed. The colour variables have to go
# before Typer is imported: it reads them then.
_FORGOTTEN = (
    "CLICOLOR_FORCE",
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "LINES",
    "NO_COLOR",
    "PY_COLORS",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
)


def pytest_configure() -> None:
    """Forget the machine's settings before any module of the package is imported."""
    for name in list(os.environ):
        if name in _FORGOTTEN or name.startswith("UCLOUD_") or name.lower().endswith("_proxy"):
            del os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home without profile files: nobody's own credentials are ever read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield

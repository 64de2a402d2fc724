"""Which plans may be answered with what was said before, and which ask the service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.cli.format import Format
from reconciler.cli.show_plan import Asked
from reconciler.plan.refresh import Refresh

OFFLINE = Asked(offline=True)


@pytest.mark.parametrize(
    ("asked", "asks", "is_plain"),
    [
        (OFFLINE, False, True),
        (Asked(refresh=Refresh.NONE), False, True),
        (replace(OFFLINE, refresh=Refresh.NONE), False, True),
        (replace(OFFLINE, detailed_exitcode=True, root=Path("x"), cached=False), False, True),
        (Asked(), True, False),
        (Asked(refresh=Refresh.ALL), True, False),
        (Asked(refresh=Refresh.NEEDED), True, False),
        (replace(OFFLINE, since="main"), False, False),
        (replace(OFFLINE, only=("a",)), False, False),
        (replace(OFFLINE, verbose=True), False, False),
        (replace(OFFLINE, out=Path("plan.json")), False, False),
        (replace(OFFLINE, output=Format.JSON), False, False),
        (replace(OFFLINE, output=Format.MARKDOWN), False, False),
    ],
    ids=repr,
)
def test_a_plan_is_plain_where_files_alone_decide_all_that_it_says(
    asked: Asked, asks: bool, is_plain: bool
) -> None:
    assert (asked.asks, asked.is_plain) == (asks, is_plain)


@pytest.mark.parametrize(
    ("asked", "how"),
    [
        (Asked(), Refresh.ALL),
        (Asked(refresh=Refresh.NEEDED), Refresh.NEEDED),
        (Asked(refresh=Refresh.NONE), Refresh.NONE),
        # With `--since`, `none` compares with records, `--offline` with that commit's manifests.
        (replace(OFFLINE, refresh=Refresh.NONE), Refresh.ALL),
    ],
)
def test_how_much_is_asked(asked: Asked, how: Refresh) -> None:
    assert asked.how is how

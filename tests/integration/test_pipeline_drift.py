"""The pipeline looks for drift each morning, and says it in one issue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.model import ReviewStatus
from tests.integration.pipeline_world import World, pipeline, settle, succeeded


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with pipeline(tmp_path) as made:
        yield made


@pytest.fixture
def settled(world: World) -> World:
    return settle(world)


def test_drift_opens_one_issue_and_closes_it_when_all_is_well(settled: World) -> None:
    morning = settled.on_main("schedule")
    succeeded(settled.hub.run("drift", morning))
    assert settled.api.issues == []
    settled.sandbox.review("SIG1", ReviewStatus.REJECTED, "名称不规范")
    for _ in range(2):
        job = succeeded(settled.hub.run("drift", morning))["drift"]
        assert "1 rejected" in job.summary
        (issue,) = settled.api.open_issues()
        assert "名称不规范" in issue["body"]
    settled.sandbox.review("SIG1", ReviewStatus.APPROVED)
    succeeded(settled.hub.run("drift", morning))
    assert [issue["state"] for issue in settled.api.issues] == ["closed"]

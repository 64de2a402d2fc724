"""Which verdicts are kept, and when one that was kept is believed."""

from __future__ import annotations

import subprocess
from unittest import mock

import pytest

from reconciler import recall
from reconciler.cli.caching import FOLDER, open_cache
from reconciler.cli.workspace import judged
from tests.integration.world import PNG
from tests.unit.recall_world import World, clone, world


def test_a_warm_cache_is_really_used() -> None:
    with world() as made:
        cold = made.judge(cached=True)
        assert made.file().exists()
        with mock.patch("reconciler.cli.workspace._judge", side_effect=AssertionError("asked")):
            assert made.judge(cached=True) == cold
            clone(made)
            assert made.judge(cached=True) == cold, "the content's key survives a fresh clone"


def test_nothing_is_listed_where_no_folder_has_changed() -> None:
    with world() as made:
        made.judge(cached=True)
        cold = made.judge(cached=True)
        with mock.patch("os.scandir", side_effect=AssertionError("listed")):
            assert made.judge(cached=True) == cold


def test_a_verdict_with_an_error_in_it_is_found_out_each_time() -> None:
    with world() as made:
        made.manifest("a", "!")
        made.judge(cached=True)
        with (
            mock.patch("reconciler.cli.workspace._judge", side_effect=AssertionError("asked")),
            pytest.raises(AssertionError, match="asked"),
        ):
            made.judge(cached=True)


def test_another_program_does_not_believe_it() -> None:
    with world() as made:
        made.judge(cached=True)
        with (
            mock.patch("reconciler.cache.verdicts.program", return_value="another"),
            mock.patch("reconciler.cli.workspace._judge", side_effect=AssertionError("asked")),
            pytest.raises(AssertionError, match="asked"),
        ):
            made.judge(cached=True)


def test_a_small_repository_gets_no_cache() -> None:
    with world() as made, mock.patch.object(recall, "_MANY_MANIFESTS", 100):
        made.judge(cached=True)
        with open_cache(made.root, wanted=True) as cache:
            assert judged(made.workspace(), cache).known_by == "", "so its plan is not kept either"
        assert not (made.root / ".reconciler").exists()
        with mock.patch.object(recall, "_LARGE", 2 * len(PNG)):
            made.judge(cached=True)
        assert made.file().exists()


def test_a_cache_that_is_committed_is_not_believed() -> None:
    with world() as made:
        made.judge(cached=True)
        subprocess.run(["git", "init", "--quiet"], cwd=made.root, check=True)
        with open_cache(made.root, wanted=True) as cache:
            assert cache.all("verdict")
        subprocess.run(["git", "add", "--force", FOLDER], cwd=made.root, check=True)
        with open_cache(made.root, wanted=True) as cache:
            assert not cache.all("verdict")


def test_a_verdict_depends_on_the_day() -> None:
    with world() as made:
        text = (made.root / "signatures" / "a.yaml").read_text("utf-8")
        made.write("signatures/a.yaml", f"{text}  expires: 2026-11-30\n".encode())
        first = made.judge(cached=True)
        later = replace_now(made, 2030)
        assert later != first


def test_a_verdict_is_that_of_one_day_even_at_midnight() -> None:
    from reconciler.cli import workspace

    before = workspace.now().replace(year=2026, month=11, day=29, hour=3)
    days = iter([before, before.replace(year=2030), before.replace(year=2030)])
    with world() as made:
        text = (made.root / "signatures" / "a.yaml").read_text("utf-8")
        made.write("signatures/a.yaml", f"{text}  expires: 2026-11-30\n".encode())
        with mock.patch.object(workspace, "now", side_effect=days):
            made.judge(cached=True)
        with mock.patch.object(workspace, "now", return_value=before):
            assert made.judge(cached=True) == made.judge(cached=False)


def replace_now(made: World, year: int) -> tuple[object, ...]:
    from reconciler.cli import workspace

    then = workspace.now().replace(year=year)
    with mock.patch.object(workspace, "now", return_value=then):
        return made.judge(cached=True)


def test_what_could_not_be_judged_is_remembered_too() -> None:
    with world() as made, mock.patch("reconciler.review.available", return_value=False):
        cold = made.judge(cached=True)
        assert "2 documents were not looked into" in str(cold)
        with mock.patch("reconciler.cli.workspace._judge", side_effect=AssertionError("asked")):
            assert made.judge(cached=True) == cold

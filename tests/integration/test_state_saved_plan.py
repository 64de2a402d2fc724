"""A saved plan is applied as it was reviewed, or refused with what is different."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.model import ReviewStatus
from tests.integration.conftest import MakeWorld
from tests.integration.shared_state import THREE, UPDATE, Shared, check, records, run, with_remote
from tests.integration.world import World


@pytest.fixture
def shared(make_world: MakeWorld) -> Shared:
    return with_remote(make_world(**THREE))


class TestASavedPlan:
    @pytest.fixture
    def world(self, shared: Shared) -> World:
        (shared.world.root / "reconciler.toml").unlink()
        return shared.world

    def plan(self, world: World) -> Path:
        path = world.root / "plan.json"
        assert run(world, "plan", "--out", str(path)).code == 0
        return path

    def test_is_applied_as_it_was_reviewed(self, world: World) -> None:
        assert run(world, "apply", "--plan", str(self.plan(world))).code == 0
        assert len(world.requests(UPDATE)) == 2

    def test_of_some_signatures_is_applied_to_those_alone(self, world: World) -> None:
        path = world.root / "plan.json"
        planned = run(world, "plan", "--only", "retail/*", "--out", str(path))
        assert planned.code == 0, planned.err
        document = json.loads(path.read_text("utf-8"))
        assert document["only"] == ["retail/*"]
        check(document, "plan")
        applied = run(world, "apply", "--plan", str(path))
        assert applied.code == 0, applied.err
        assert {each["name"] for each in records(world)} == {"retail/first", "retail/second"}
        wider = run(world, "apply", "--plan", str(path), "--only", "*")
        assert wider.code == 4
        assert "third (SIG3): nothing was reviewed" in wider.err

    @pytest.mark.parametrize("flags", [(), ("--yes",), ("--max-submissions", "99")])
    def test_that_is_stale_is_refused_with_the_differences_whatever_the_flags(
        self, world: World, flags: tuple[str, ...]
    ) -> None:
        path = self.plan(world)
        world.manifest("third", "寒来暑往", id="SIG3")
        world.sandbox.review("SIG1", ReviewStatus.APPROVED)
        refused = run(world, "apply", "--plan", str(path), *flags)
        assert refused.code == 4
        assert "retail/first (SIG1): resubmit (first_submission) was reviewed; " in refused.err
        assert "now adopt (untracked)" in refused.err
        assert "third (SIG3): content: “日月盈昃” was reviewed; now “寒来暑往”" in refused.err
        assert world.requests(UPDATE) == []

    def test_whose_fingerprint_alone_is_known_is_refused_too(self, world: World) -> None:
        fingerprint = json.loads(self.plan(world).read_text("utf-8"))["fingerprint"]
        world.manifest("third", "寒来暑往", id="SIG3")
        refused = run(world, "apply", "--fingerprint", fingerprint, "--yes")
        assert refused.code == 4
        assert "the plan is stale" in refused.err
        assert "  now: resubmit third (SIG3): content_differs" in refused.err
        assert world.requests(UPDATE) == []

    def test_for_another_place_is_refused_before_that_place_is_asked(self, world: World) -> None:
        """It may not know the project, or not answer at all, which would be another error."""
        path = str(self.plan(world))
        asked = len(world.requests("QueryUSMSSignature"))
        for variable, value in (
            ("UCLOUD_PROJECT_ID", "org-unknown"),
            ("UCLOUD_API_BASE_URL", "http://127.0.0.1:1"),
        ):
            refused = run(world, "apply", "--plan", path, **{variable: value})
            assert refused.code == 4, refused.err
            assert f"but this run is for {value}" in refused.err
        assert len(world.requests("QueryUSMSSignature")) == asked

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda text: text[: len(text) // 2], "it is not JSON; was it cut off?"),
            (lambda _: "", "it is not JSON"),
            (lambda _: "[]", "it is not a plan"),
            (lambda _: "{}", "it has no format_version"),
            (lambda text: text.replace('"1.0"', '"2.0"', 1), "its format 2.0 is not one"),
            (lambda text: text.replace('"fingerprint"', '"finger"', 1), "it has no fingerprint"),
            (lambda text: text.replace('"changes"', '"rows"', 1), "its changes are not those"),
            (lambda text: text.replace("{", '{"only": [1],', 1), "that it is limited to are none"),
            (lambda text: text.replace('"org-sandbox"', '"org-b"', 1), "for the project org-b"),
            (
                lambda text: text.replace("http://127", "http://128", 1),
                "for the endpoint http://128",
            ),
        ],
    )
    def test_that_is_none_of_this_place_is_refused_with_the_reason(
        self, world: World, change: object, words: str
    ) -> None:
        path = self.plan(world)
        assert callable(change)
        path.write_text(change(path.read_text("utf-8")), encoding="utf-8")
        refused = run(world, "apply", "--plan", str(path))
        assert refused.code == 4, refused.err
        assert words in refused.err
        assert world.requests(UPDATE) == []

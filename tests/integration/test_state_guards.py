"""A state that does not fit the repository or the service is refused before anything is sent."""

from __future__ import annotations

import pytest

from tests.integration.conftest import MakeWorld
from tests.integration.shared_state import THREE, Shared, records, run, with_remote


@pytest.fixture
def shared(make_world: MakeWorld) -> Shared:
    return with_remote(make_world(**THREE))


class TestTheGuards:
    def test_a_state_of_another_service_is_refused_unless_it_is_let_through(
        self, make_world: MakeWorld, shared: Shared
    ) -> None:
        (shared.world.root / "reconciler.toml").unlink()
        run(shared.world, "apply", "--yes")
        other = shared.world.sandbox.url
        shared.world.environ["UCLOUD_API_BASE_URL"] = other.replace("127.0.0.1", "localhost")
        refused = run(shared.world, "apply", "--yes")
        assert refused.code == 4
        assert f"3 of 3 records belong to another service ({other}); the limit is 0" in refused.err
        assert "--allow other-place" in refused.err
        let = run(shared.world, "apply", "--yes", "--allow", "other-place")
        assert let.code == 0, let.err

    def test_a_state_of_another_place_is_refused_before_that_place_is_asked(
        self, shared: Shared
    ) -> None:
        world = shared.world
        assert run(world, "apply", "--yes").code == 0
        asked = len(world.requests("QueryUSMSSignature"))
        for variable, value, what in (
            ("UCLOUD_PROJECT_ID", "org-unknown", "another project (org-sandbox)"),
            ("UCLOUD_API_BASE_URL", "http://127.0.0.1:1", "another service"),
        ):
            refused = run(world, "apply", "--yes", **{variable: value})
            assert refused.code == 4, refused.err
            assert f"3 of 3 records belong to {what}" in refused.err
            assert "--allow other-place" in refused.err
        assert len(world.requests("QueryUSMSSignature")) == asked

    def test_an_emptied_repository_is_refused_unless_it_is_let_through(
        self, shared: Shared
    ) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        for manifest in (world.root / "signatures").rglob("*.yaml"):
            manifest.unlink()
        refused = run(world, "apply", "--yes")
        assert refused.code == 4
        assert "there is no manifest, but the state has 3 records" in refused.err
        assert len(records(world)) == 3
        assert run(world, "apply", "--yes", "--allow", "empty").code == 0
        assert records(world) == []

    def test_one_signature_applied_by_name_gets_no_content_that_another_one_has(
        self, shared: Shared
    ) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        world.manifest("retail/first", "寒来暑往", id="SIG1")
        world.manifest("third", "甲乙丙丁", id="SIG3")
        refused = run(world, "apply", "--yes", "--only", "third")
        assert refused.code == 4
        assert "third and retail/first would both have the content 甲乙丙丁" in refused.err
        assert run(world, "apply", "--yes").code == 0

    def test_one_removed_manifest_may_be_applied_by_name(self, shared: Shared) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        (world.root / "signatures" / "third.yaml").unlink()
        assert run(world, "apply", "--yes", "--only", "third").code == 0
        assert {each["name"] for each in records(world)} == {"retail/first", "retail/second"}

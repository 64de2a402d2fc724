"""Adopting what exists: manifests are written, nothing is sent, and nothing is overwritten."""

from __future__ import annotations

import json
import os

import pytest

from reconciler.model import ReviewStatus
from tests.integration.conftest import MakeWorld
from tests.integration.test_main_job import check_against_schema
from tests.integration.world import PNG, World

WRITES = ("UpdateUSMSSignature", "CreateUSMSSignature", "DeleteUSMSSignature")


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world(
        SIG1=("approved", "甲乙丙丁"), SIG2=("rejected", "子丑寅卯"), SIG3=("pending", "甲乙丙丁")
    )


def licence(world: World) -> str:
    return os.path.relpath(world.root / "documents" / "licence.png", world.root.parent)


def full(world: World) -> tuple[str, ...]:
    """Everything that the service cannot be asked about."""
    return ("--type", "company", "--purpose", "self-use", "--certificate", licence(world))


def text(world: World, name: str) -> str:
    return (world.root / "signatures" / f"{name}.yaml").read_text("utf-8")


def sent(world: World) -> list[str]:
    return [entry.action for entry in world.sandbox.log() if entry.action in WRITES]


def tree(world: World) -> dict[str, bytes]:
    """Every file of the repository but the lock's."""
    return {
        str(path.relative_to(world.root)): path.read_bytes()
        for path in world.root.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_what_is_given_makes_it_whole_and_recorded(world: World) -> None:
    done = world.run("import", "SIG1", *full(world), "--format", "json")
    assert done.code == 0
    check_against_schema(done.json, "import")
    (row,) = done.json["signatures"]
    assert (row["outcome"], row["path"]) == ("imported", "signatures/甲乙丙丁.yaml")
    assert (row["recorded"], row["blanks"]) == (True, [])
    assert 'file: "../documents/licence.png"' in text(world, "甲乙丙丁")
    assert json.loads(world.state_files()["SIG1.json"])["origin"] == "adopted"
    assert world.run("plan", "--detailed-exitcode").code == 0
    assert sent(world) == []


def test_what_is_not_given_is_blank_and_validate_names_it(world: World) -> None:
    done = world.run("import", "SIG1")
    assert done.code == 0
    assert "To fill in: type, purpose, certificate." in done.out
    checked = world.run("validate", "--format", "json")
    assert checked.code == 3
    named = {each["summary"].split(" ")[0] for each in checked.json["diagnostics"]}
    assert {"`type`", "`purpose`", "`certificate.file`"} <= named
    errors = [each for each in checked.json["diagnostics"] if each["severity"] == "error"]
    assert {each["path"] for each in errors} == {"signatures/甲乙丙丁.yaml"}
    assert world.state_files() == {}


def test_blanks_that_are_filled_in_are_adopted_by_the_next_apply(world: World) -> None:
    world.run("import", "SIG1", "--as", "shop")
    path = world.root / "signatures" / "shop.yaml"
    filled = path.read_text("utf-8").replace('type: ""', "type: company")
    filled = filled.replace('purpose: ""', "purpose: self-use")
    path.write_text(filled.replace('file: ""', "file: ../documents/licence.png"))
    assert world.run("apply", "--yes").code == 0
    assert json.loads(world.state_files()["SIG1.json"])["origin"] == "adopted"
    assert sent(world) == []


def test_a_rejected_one_that_was_imported_whole_is_not_sent_again(world: World) -> None:
    world.sandbox.review("SIG2", ReviewStatus.REJECTED, "名称不规范")
    world.run("import", "SIG2", *full(world))
    record = json.loads(world.state_files()["SIG2.json"])
    assert record["observation"]["rejection"] == "名称不规范"
    assert world.run("apply", "--yes").code == 0
    assert sent(world) == []


def test_running_it_again_changes_nothing(world: World) -> None:
    world.run("import", "SIG1", "SIG2", *full(world))
    before = tree(world)
    again = world.run("import", "SIG1", "SIG2", "--type", "app", "--format", "json")
    assert again.code == 0
    assert {row["outcome"] for row in again.json["signatures"]} == {"unchanged"}
    assert tree(world) == before


def test_ids_that_share_a_content_share_a_manifest(world: World) -> None:
    done = world.run("import", "SIG1", "SIG3", *full(world))
    assert done.code == 0
    assert "id:\n  - SIG1\n  - SIG3\n" in text(world, "甲乙丙丁")
    assert {"SIG1.json", "SIG3.json"} <= set(world.state_files())


def test_a_list_is_taken_and_each_failure_is_told_by_itself(world: World) -> None:
    ids = world.root.parent / "ids.txt"
    ids.write_text("SIG1  # the shop\n\nSIGNOWHERE\nSIG2\n", encoding="utf-8-sig")
    done = world.run("import", "--from", str(ids), "--format", "json")
    assert done.code == 1
    assert [row["outcome"] for row in done.json["signatures"]] == ["imported", "failed", "imported"]
    assert "no such id" in done.json["signatures"][1]["detail"]


def test_half_a_character_as_content_is_told_as_nonsense(make_world: MakeWorld) -> None:
    world = make_world(SIG1=("approved", "\ud800甲乙"), SIG2=("approved", "子丑寅卯"))
    done = world.run("import", "SIG1", "SIG2", "--format", "json")
    assert [row["outcome"] for row in done.json["signatures"]] == ["failed", "imported"]
    assert "half a character" in done.json["signatures"][0]["detail"]


def test_a_name_can_be_chosen_for_one_alone(world: World) -> None:
    assert world.run("import", "SIG1", "SIG2", "--as", "shop").code == 64
    assert world.run("import", "SIG1", "--as", "retail/shop", *full(world)).code == 0
    assert 'file: "../../documents/licence.png"' in text(world, "retail/shop")
    assert world.run("import", "SIG2", "--as", "../shop").code == 64


def test_a_file_that_is_there_is_never_overwritten(world: World) -> None:
    path = world.manifest("shop", "天地玄黄", id="SIG9")
    before = path.read_bytes()
    done = world.run("import", "SIG1", "--as", "shop")
    assert (done.code, path.read_bytes()) == (1, before)
    assert "signatures/shop.yaml is there already" in done.out


@pytest.mark.parametrize("chosen", ["shop", "Shop", "Shop.yaml"])
def test_a_name_that_another_ending_or_another_case_has_is_taken_too(
    world: World, chosen: str
) -> None:
    path = world.manifest("shop", "天地玄黄", id="SIG9")
    path.rename(path.with_suffix(".yml"))
    done = world.run("import", "SIG1", "--as", chosen, *full(world))
    assert (done.code, "signatures/shop.yml is there already" in done.out) == (1, True)
    assert [each.name for each in path.parent.iterdir()] == ["shop.yml"]
    assert world.state_files().keys() <= {".lock", ".gitignore"}


def test_a_manifest_whose_content_is_no_text_stands_in_nobodys_way(world: World) -> None:
    odd = world.manifest("odd", "天地玄黄")
    odd.write_text("content: [甲乙丙丁, {}]\nproject: [x]\n")
    assert world.run("import", "SIG1", *full(world)).code == 0


def test_a_content_is_found_in_a_project_that_is_called_by_its_name(world: World) -> None:
    (world.root / "reconciler.toml").write_text('[projects.own]\nproject = "org-sandbox"\n')
    world.manifest("shop", "甲乙丙丁", description="Login codes", project="own")
    done = world.run("import", "SIG1", "--project", "own")
    assert (done.code, "signatures/shop.yaml has its content" in done.out) == (1, True)


def test_what_validate_finds_fault_with_is_not_recorded_and_says_so(make_world: MakeWorld) -> None:
    world = make_world(SIG1=("approved", "甲-乙丙丁"))
    done = world.run("import", "SIG1", *full(world), "--format", "json")
    (row,) = done.json["signatures"]
    assert (done.code, row["outcome"], row["recorded"]) == (0, "imported", False)
    assert "`reconciler validate` says what is wrong" in row["detail"]
    assert world.run("validate").code == 3


def test_files_may_be_named_as_seen_from_the_root(world: World) -> None:
    (world.root / "ids.txt").write_text("SIG1\n")
    given = ("--type", "company", "--purpose", "self-use")
    file = ("--certificate", "documents/licence.png")
    assert world.run("import", "--from", "ids.txt", *given, *file).code == 0
    assert 'file: "../documents/licence.png"' in text(world, "甲乙丙丁")


def test_a_content_that_a_manifest_has_is_told_with_its_place(world: World) -> None:
    world.manifest("shop", "甲乙丙丁", description="Login codes")
    done = world.run("import", "SIG1")
    assert done.code == 1
    assert "signatures/shop.yaml has its content" in done.out
    assert not (world.root / "signatures" / "甲乙丙丁.yaml").exists()


def test_another_project_than_the_usual_one_is_written_down(make_world: MakeWorld) -> None:
    world = make_world(SIG1=("approved", "甲乙丙丁"))
    done = world.run("import", "SIG1", "--project", "org-sandbox", UCLOUD_PROJECT_ID="org-another")
    assert done.code == 0
    assert text(world, "甲乙丙丁").endswith("\nproject: org-sandbox\n")


def test_a_document_from_elsewhere_is_refused(world: World) -> None:
    outside = world.root.parent / "outside.png"
    outside.write_bytes(PNG)
    refused = world.run("import", "SIG1", "--certificate", str(outside))
    assert (refused.code, "outside of the repository" in refused.err) == (64, True)
    missing = world.run("import", "SIG1", "--certificate", "nowhere.png")
    assert (missing.code, "there is no such file" in missing.err) == (64, True)
    assert world.run("import", "--from", "nowhere.txt").code == 64
    assert world.run("import").code == 64

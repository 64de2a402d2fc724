"""What `init` writes: it never overwrites, never leaves the folder, and works at once."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from reconciler.errors import ReconcilerError, UsageError
from reconciler.load import load
from reconciler.resources import template_path, workflow_path
from reconciler.settings.repository import read
from reconciler.starter.files import WORKFLOWS, Ci, Wishes, is_requirement, new_files
from reconciler.starter.origin import from_record, requirement
from reconciler.starter.steps import next_steps
from reconciler.starter.write import Fate, look, write

SOURCE = f"reconciler[documents] @ git+https://git.example/owner/repository@{'a' * 40}"


def wishes(**changes: object) -> Wishes:
    fields: dict[str, object] = {
        "ci": None,
        "branch": "main",
        "shared": True,
        "has_settings": False,
        "requirement": SOURCE,
    }
    return Wishes(**(fields | changes))  # type: ignore[arg-type]  # a test names what it changes


def texts(**changes: object) -> Mapping[str, str]:
    return {file.path: file.text for file in new_files(wishes(**changes))}


def make(root: Path, *, force: bool = False, **changes: object) -> dict[str, Fate]:
    planned = tuple(look(root, new_files(wishes(**changes)), force=force))
    write(root, planned)
    return {each.file.path: each.fate for each in planned}


def test_what_is_written_is_valid_and_nothing_of_it_is_sent(tmp_path: Path) -> None:
    make(tmp_path, ci=Ci.GITHUB)
    repository = load(tmp_path, default_project="org-x")
    assert repository.problems == ()
    assert [each.suspend for each in repository.desired] == [True]
    settings, problems = read(tmp_path)
    assert problems == ()
    assert settings["state"].value == "git:"


def test_every_key_of_the_example_has_a_comment() -> None:
    lines = [line for line in texts()["signatures/example.yaml"].splitlines() if line]
    keys = [n for n, line in enumerate(lines) if not line.startswith(("#", " "))]
    assert len(keys) == 7
    assert all(lines[number - 1].startswith("#") for number in keys)


def test_without_a_pipeline_or_a_remote_the_state_stays_here() -> None:
    for changes in ({"ci": None}, {"ci": Ci.GITHUB, "shared": False}):
        assert '# state = "git:"' in texts(**changes)["reconciler.toml"]


def test_settings_that_pyproject_holds_are_left_there() -> None:
    assert "reconciler.toml" not in texts(has_settings=True)


def test_the_schema_is_where_the_first_line_of_the_example_says() -> None:
    found = texts()
    assert "$schema=../schemas/signature.schema.json" in found["signatures/example.yaml"]
    assert json.loads(found["schemas/signature.schema.json"])["title"]
    assert (
        "./schemas/signature.schema.json"
        in json.loads(found[".vscode/settings.json"])["yaml.schemas"]
    )


def test_the_workflows_are_our_own_with_your_branch_and_your_action() -> None:
    found = texts(ci=Ci.GITHUB, branch="trunk")
    for name in WORKFLOWS:
        ours = workflow_path(f"{name}.yml").read_text("utf-8")
        yours = found[f".github/workflows/reconciler-{name}.yml"]
        assert "$/.github/actions/reconciler" in yours
        assert "actions/setup\n" not in yours
        assert yours.count('branches: ["trunk"]') == ours.count("branches: [main]")
        assert len(yours.splitlines()) == len(ours.splitlines())
    assert sum('branches: ["trunk"]' in text for text in found.values()) == 2


def test_the_action_installs_from_where_this_program_came_from() -> None:
    for ci, path in (
        (Ci.GITHUB, ".github/actions/reconciler/action.yml"),
        (Ci.GITLAB, ".gitlab/reconciler.gitlab-ci.yml"),
    ):
        assert f'RECONCILER: "{SOURCE}"' in texts(ci=ci)[path]
        assert 'RECONCILER: ""' in texts(ci=ci, requirement=None)[path]


def test_our_action_and_the_one_for_others_pin_the_same_python() -> None:
    ours = (workflow_path("").parent / "actions" / "setup" / "action.yml").read_text("utf-8")
    theirs = template_path("github/action.yml").read_text("utf-8")
    uses = [yaml.safe_load(text)["runs"]["steps"][0]["uses"] for text in (ours, theirs)]
    assert uses[0] == uses[1]


def test_nothing_is_overwritten_unless_that_is_asked_for(tmp_path: Path) -> None:
    mine = tmp_path / "signatures" / "example.yaml"
    mine.parent.mkdir()
    mine.write_text("# mine\n")
    assert make(tmp_path)["signatures/example.yaml"] is Fate.KEPT
    assert mine.read_text() == "# mine\n"
    assert make(tmp_path, force=True)["signatures/example.yaml"] is Fate.REPLACED
    assert mine.read_text() != "# mine\n"
    assert set(make(tmp_path, force=True).values()) == {Fate.SAME}


def test_a_link_that_leads_out_is_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "root"
    root.mkdir()
    (root / "signatures").symlink_to(outside)
    with pytest.raises(ReconcilerError, match="leads out of the repository"):
        make(root, force=True)
    assert list(outside.iterdir()) == []


def test_a_file_that_appears_meanwhile_is_not_lost(tmp_path: Path) -> None:
    planned = tuple(look(tmp_path, new_files(wishes()), force=False))
    (tmp_path / "signatures").mkdir()
    (tmp_path / "signatures" / "example.yaml").write_text("# mine\n")
    with pytest.raises(ReconcilerError, match=r"example\.yaml: cannot be written"):
        write(tmp_path, planned)
    assert (tmp_path / "signatures" / "example.yaml").read_text() == "# mine\n"


def test_a_folder_in_a_file_s_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "reconciler.toml").mkdir()
    with pytest.raises(ReconcilerError, match=r"reconciler\.toml: cannot be read"):
        make(tmp_path)


@pytest.mark.parametrize("name", [*Ci, None])
@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("has_settings", [True, False])
@pytest.mark.parametrize("source", [SOURCE, None])
def test_there_are_always_three_steps_and_they_say_what_is_missing(
    name: Ci | None, shared: bool, has_settings: bool, source: str | None
) -> None:
    steps = next_steps(
        wishes(ci=name, shared=shared, has_settings=has_settings, requirement=source)
    )
    assert len(steps) == 3
    assert ("what pip installs" in steps[1]) is (name is not None and source is None)
    assert ('state = "git:"' in steps[1]) is (name is not None and (has_settings or not shared))


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (SOURCE, True),
        ("reconciler==1.2", True),
        ("reconciler[documents] @ https://example.com/a.whl", True),
        ("", False),
        ("--index-url x", False),
        ('x" && y', False),
        ("${{ secrets }}", False),
        ("x\ny", False),
    ],
)
def test_a_requirement_cannot_break_out_of_its_quotes(text: str, good: bool) -> None:
    assert is_requirement(text) is good


def record(**vcs: object) -> str:
    url = vcs.pop("url", "https://git.example/owner/repository")
    info = {"vcs": "git", "commit_id": "a" * 40, **vcs}
    return json.dumps({"url": url, "vcs_info": info})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (record(), SOURCE),
        (record(url="https://user:secret@git.example/owner/repository"), SOURCE),
        (record(vcs="hg"), None),
        (record(commit_id="main"), None),
        (record(commit_id=None), None),
        (record(url="file:///home"), None),
        (record(url=None), None),
        (json.dumps({"url": "file:///x", "dir_info": {"editable": True}}), None),
        ("[]", None),
        ("{", None),
    ],
)
def test_only_a_commit_of_a_repository_counts_as_an_origin(text: str, found: str | None) -> None:
    assert from_record(text) == found


def test_this_installation_says_where_it_came_from_or_nothing() -> None:
    found = requirement()
    assert found is None or is_requirement(found)
    assert requirement("a-distribution-that-is-not-installed") is None


def test_the_templates_are_files_that_git_does_not_ignore() -> None:
    assert all(
        os.access(template_path(name), os.R_OK) for name in ("example.yaml", "gitlab-ci.yml")
    )


def test_wrong_settings_stop_it_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.reconciler\n")
    with pytest.raises(UsageError, match="not valid TOML"):
        read(tmp_path)

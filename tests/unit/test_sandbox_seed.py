"""What a sandbox may start with, in Python and in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.errors import UsageError
from reconciler.model import Purpose, ReviewStatus, SignatureType
from reconciler.resources import schema_path
from reconciler.sandbox.seed import (
    DEFAULT_ACCOUNT,
    DEFAULT_PROJECT,
    Account,
    Project,
    Seed,
    SeedError,
    SeedSignature,
)
from reconciler.sandbox.seed_file import parse_seed, read_seed

WHOLE: dict[str, Any] = {
    "accounts": [
        {
            "public_key": "k",
            "private_key": "very-private",
            "token": "very-secret",
            "projects": ["org-b"],
            "sub_account": True,
        }
    ],
    "projects": [{"id": "org-a", "name": "A"}, {"id": "org-b", "default": True}],
    "signatures": [
        {
            "id": "SIG1",
            "content": "优刻得科技",
            "status": "rejected",
            "type": "trademark",
            "purpose": "others-use",
            "project": "org-a",
            "rejection": "不清晰",
            "scene": "登录",
        },
        {"id": "SIG2", "content": "二号店铺"},
    ],
}
EXPECTED = Seed(
    accounts=(
        Account(
            public_key="k",
            private_key="very-private",
            token="very-secret",
            projects=("org-b",),
            sub_account=True,
        ),
    ),
    projects=(Project(id="org-a", name="A"), Project(id="org-b", default=True)),
    signatures=(
        SeedSignature(
            id="SIG1",
            content="优刻得科技",
            status=ReviewStatus.REJECTED,
            type=SignatureType.TRADEMARK,
            purpose=Purpose.OTHERS_USE,
            project="org-a",
            rejection="不清晰",
            scene="登录",
        ),
        SeedSignature(id="SIG2", content="二号店铺"),
    ),
)


def test_without_a_seed_there_is_one_account_and_one_project() -> None:
    assert parse_seed({}) == Seed()
    assert (Seed().accounts, Seed().projects) == ((DEFAULT_ACCOUNT,), (DEFAULT_PROJECT,))
    assert (Seed().default_project, Seed().signatures) == ("org-sandbox", ())


def test_a_json_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps(WHOLE), encoding="utf-8-sig")
    assert read_seed(path) == EXPECTED


def test_a_yaml_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text(json.dumps(WHOLE, ensure_ascii=False), encoding="utf-8")
    assert read_seed(path) == EXPECTED


def test_the_documented_example_is_read(tmp_path: Path) -> None:
    from reconciler.sandbox import seed_file

    path = tmp_path / "seed.yml"
    path.write_text("accounts:" + str(seed_file.__doc__).split("accounts:")[1], encoding="utf-8")
    seed = read_seed(path)
    assert seed.signatures[0].status is ReviewStatus.REJECTED
    assert seed.home(seed.accounts[0]) == "org-shop"


def test_secrets_stay_out_of_every_representation() -> None:
    assert "very-" not in repr(EXPECTED)


def test_an_account_lives_in_the_default_project_or_in_its_first() -> None:
    seed = Seed(
        accounts=(
            Account(public_key="a", private_key="x"),
            Account(public_key="b", private_key="x", projects=("org-2",)),
            Account(public_key="c", private_key="x", projects=("org-2", "org-1")),
        ),
        projects=(Project(id="org-1"), Project(id="org-2")),
    )
    assert [seed.home(account) for account in seed.accounts] == ["org-1", "org-2", "org-1"]


def changed(section: str, index: int, **fields: Any) -> dict[str, Any]:
    items = [dict(item) for item in WHOLE[section]]
    items[index] |= fields
    return {**WHOLE, section: items}


WRONG: list[tuple[object, str]] = [
    (None, "(top level)"),
    ([], "(top level)"),
    ({"signature": []}, "signature"),
    ({"accounts": {}}, "accounts"),
    ({"accounts": []}, "accounts"),
    ({"projects": []}, "projects"),
    ({"accounts": ["x"]}, "accounts[0]"),
    (changed("accounts", 0, key="x"), "accounts[0].key"),
    (changed("accounts", 0, public_key=None), "accounts[0].public_key"),
    (changed("accounts", 0, private_key=12306), "accounts[0].private_key"),
    (changed("accounts", 0, private_key=""), "accounts[0].private_key"),
    (changed("accounts", 0, token=1), "accounts[0].token"),
    (changed("accounts", 0, projects="org-b"), "accounts[0].projects"),
    (changed("accounts", 0, projects=[1]), "accounts[0].projects[0]"),
    (changed("accounts", 0, projects=["org-c"]), "accounts[0].projects[0]"),
    (changed("accounts", 0, sub_account="yes"), "accounts[0].sub_account"),
    (changed("projects", 0, id="org-b"), "projects[1].id"),
    (changed("projects", 0, default=True), "projects[1].default"),
    (changed("signatures", 0, id="SIG2"), "signatures[1].id"),
    (changed("signatures", 1, id=2), "signatures[1].id"),
    (changed("signatures", 1, content=""), "signatures[1].content"),
    (changed("signatures", 1, status=2), "signatures[1].status"),
    (changed("signatures", 1, status="not-found"), "signatures[1].status"),
    (changed("signatures", 1, type="firm"), "signatures[1].type"),
    (changed("signatures", 1, purpose=False), "signatures[1].purpose"),
    (changed("signatures", 1, project="org-c"), "signatures[1].project"),
]
CONTRADICTIONS = {"same as", "already", "no project"}
"""Words of the complaints about two places at once, which a schema cannot see."""


@pytest.mark.parametrize(("data", "field"), WRONG)
def test_a_wrong_seed_is_refused_with_its_field(data: object, field: str) -> None:
    with pytest.raises(SeedError) as caught:
        parse_seed(data)
    assert caught.value.field == field
    assert caught.value.summary.startswith(f"seed: {field}: ")
    assert "very-" not in caught.value.summary


@pytest.mark.parametrize("data", [data for data, _ in WRONG] + [{}, WHOLE])
def test_the_schema_says_the_same_about_each_place(data: object) -> None:
    schema = json.loads(schema_path("sandbox-seed.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    problem = ""
    try:
        parse_seed(data)
    except SeedError as error:
        problem = error.problem
    contradiction = any(words in problem for words in CONTRADICTIONS)
    assert Draft202012Validator(schema).is_valid(data) is (not problem or contradiction)


def test_a_status_that_is_not_the_services_is_refused_in_python_too() -> None:
    signature = SeedSignature(id="SIG1", content="一号店铺", status=ReviewStatus.UNKNOWN)
    with pytest.raises(SeedError, match=r"signatures\[0\]\.status"):
        Seed(signatures=(signature,))


def test_a_wrong_file_is_named_with_its_field(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text("signatures: [{id: 7, content: x}]", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_seed(path)
    place = f"{path}: signatures[0].id: "
    assert caught.value.summary == f"{place}must be a string; put it in quotes"


@pytest.mark.parametrize(
    ("name", "content", "hint"),
    [
        ("seed.json", b"{\n  oops", "seed.json:2:3: not JSON"),
        ("seed.yaml", b"a: [", "seed.yaml: not YAML"),
        ("seed.yaml", b"\xff", "cannot be read"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_named(
    tmp_path: Path, name: str, content: bytes, hint: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_seed(tmp_path / name)
    assert hint in caught.value.summary


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.yaml"):
        read_seed(tmp_path / "nowhere.yaml")

"""Manifests as a stranger writes them: read as the contract says, refused with place and advice."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.contract_service import Held
from tests.integration.contract_world import MakeContractWorld, contract_worlds

REST = "type: company\npurpose: self-use\ncertificate: {url: 'https://documents.example/l'}\n"
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
OUTSIDE = "outside the repository"
# By name: the file, the line and column of its one problem, and words that its message must hold.
BAD: dict[str, tuple[str | bytes, int, int, str]] = {
    "alias": (f"id: N1\ncontent: *a\n{REST}", 2, 10, "alias"),
    "anchor": (f"id: N2\ncontent: &a 甲乙\n{REST}", 2, 10, "anchor"),
    "both-proofs": (
        "id: N3\ncontent: 甲三\ntype: company\npurpose: self-use\n"
        "certificate: {file: ../documents/licence.png, url: 'https://documents.example/l'}\n",
        *(5, 1, "both"),
    ),
    "duplicate": (f"id: N4\ncontent: 甲四\n{REST}content: 乙四\n", 6, 1, "line 2"),
    "empty": ("", 1, 1, "empty"),
    "false": (f"id: N5\ncontent: false\n{REST}", 2, 10, "quotes"),
    "gbk": ("id: N6\ncontent: 甲六\n".encode("gbk"), 2, 10, "UTF-8"),
    "huge": (f"id: N7\ncontent: 甲七\n{REST}#" + "x" * 2**20, 1, 1, "1 MiB"),
    "no-letter": (
        f"id: N8\ncontent: 甲八\n{REST}".replace("self-use", "others-use"),
        *(4, 10, "authorization"),
    ),
    "null": (f"id: N9\ncontent: ~\n{REST}", 2, 10, "quotes"),
    "number": (f"id: N10\ncontent: 12306\n{REST}", 2, 10, '"12306"'),
    "octal": (f"id: N11\ncontent: 007\n{REST}", 2, 10, '"007"'),
    "tag": (f"id: N12\ncontent: !!str 007\n{REST}", 2, 10, "tag"),
    "too-long": (f"id: N13\ncontent: {'甲' * 13}\n{REST}", 2, 10, "13"),
    "too-short": (f"id: N14\ncontent: 甲\n{REST}", 2, 10, "2 to 12"),
    "two-documents": (f"id: N15\ncontent: 甲五\n{REST}---\n{REST}", 6, 1, "second document"),
    "type-number": (
        f"id: N16\ncontent: 甲乙丙\n{REST}".replace("company", "0"),
        3,
        7,
        "use company",
    ),
    "unknown-key": (
        f"id: N17\ncontent: 甲乙丁\n{REST}contnet: 甲\n",
        6,
        1,
        "did you mean `content`",
    ),
    "with-brackets": (f"id: N18\ncontent: 【甲乙丙】\n{REST}", 2, 10, "甲乙丙"),
}
# By name: a document's path and the words with which it is refused.
BAD_DOCUMENTS = {
    "absolute": ("/etc/hostname", "absolute"),
    "dots": ("../../../etc/hostname", OUTSIDE),
    "gif": ("../documents/gif.png", "jpg, png or pdf"),
    "link": ("../documents/link.png", OUTSIDE),
    "link-folder": ("../documents/away/hostname", OUTSIDE),
    "missing": ("../documents/missing.png", "does not exist"),
    "pipe": ("../documents/pipe.png", "regular file"),
    "too-big": ("../documents/big.png", "4 MiB"),
}


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeContractWorld]:
    with contract_worlds(tmp_path) as worlds:
        yield worlds


def test_each_bad_manifest_is_reported_with_all_others_and_its_place(
    make: MakeContractWorld,
) -> None:
    """Exit 3, one run, `file:line:column`, what is wrong and what to write; nothing is sent."""
    world = make()
    for name, (text, *_) in BAD.items():
        world.file(f"signatures/{name}.yaml", text)
    code, checked = world.document("validate")
    assert (code, checked["valid"], checked["error_count"]) == (3, False, len(BAD))
    found = {row["name"]: row for row in checked["diagnostics"] if row["severity"] == "error"}
    assert sorted(found) == sorted(BAD)
    for name, (_, line, column, words) in BAD.items():
        row = found[name]
        assert (row["line"], row["column"]) == (line, column), name
        assert (row["path"], row["severity"]) == (f"signatures/{name}.yaml", "error")
        assert words in row["summary"] + row["detail"]
        assert row["detail"], f"{name}: what to do about it"

    refused = world.run("apply", "--yes", UCLOUD_PRIVATE_KEY="")
    assert refused.code == 3, "before anything is said of credentials"
    assert "signatures/type-number.yaml:3:7" in refused.err
    assert world.service.asked == []


def test_a_document_stays_inside_the_repository_and_is_a_scan(make: MakeContractWorld) -> None:
    """Symlinks followed; a pipe is not waited for; recognised by content, not by name."""
    world = make()
    documents = world.root / "documents"
    (documents / "link.png").symlink_to("/etc/hostname")
    (documents / "away").symlink_to("/etc")
    world.file("documents/gif.png", GIF)
    with (documents / "big.png").open("wb") as big:
        big.write((documents / "licence.png").read_bytes())
        big.truncate(4 * 1024 * 1024 + 1)
    os.mkfifo(documents / "pipe.png")
    for index, (name, (path, _)) in enumerate(BAD_DOCUMENTS.items()):
        proof = f"certificate: {{file: {path}}}"
        text = f"id: N{index}\ncontent: 甲乙{index}\ntype: company\npurpose: self-use\n{proof}\n"
        world.file(f"signatures/{name}.yaml", text)
    code, checked = world.document("validate")
    assert code == 3
    found = {row["name"]: row for row in checked["diagnostics"] if row["severity"] == "error"}
    assert sorted(found) == sorted(BAD_DOCUMENTS)
    for name, (_, words) in BAD_DOCUMENTS.items():
        assert words in found[name]["summary"] + found[name]["detail"], name
        assert (found[name]["line"], found[name]["column"]) == (5, 21), name


def test_names_clash_with_both_places_named(make: MakeContractWorld) -> None:
    """The same id, or the same content in the same project; another project is another matter."""
    world = make()
    for name, ids, content, more in (
        ("a", "SIG1", "甲乙丙丁", ""),
        ("b", "[SIG2, SIG1]", "子丑寅卯", ""),
        ("c", "SIG3", "甲乙丙丁", "project: org-contract\n"),
        ("d", "SIG4", "甲乙丙丁", "project: org-other\n"),
    ):
        world.file(f"signatures/{name}.yaml", f"id: {ids}\ncontent: {content}\n{REST}{more}")
    code, checked = world.document("validate")
    assert code == 3
    summaries = [row["summary"] for row in checked["diagnostics"] if row["severity"] == "error"]
    assert len(summaries) == 2
    for summary, places in zip(summaries, (("a:1:5", "b:1:12"), ("a:2:10", "c:2:10")), strict=True):
        for place in places:
            name, _, rest = place.partition(":")
            assert f"signatures/{name}.yaml:{rest}" in summary


def test_yaml_is_read_as_its_core_schema_means_it(make: MakeContractWorld) -> None:
    """`no`, `on`, a time and a day are texts; BOM and CRLF are fine; names come from paths."""
    contents, scenes = ("no", "on", "甲乙丙丁", "子丑寅卯"), ("yes", "off", "12:30", "2026-05-01")
    world = make(**{f"SIG{n}": Held(content=text) for n, text in enumerate(contents)})
    files = ("no.yaml", "on.yml", "shop/time.v1.yaml", "shop/日 期.yaml")
    for index, (file, text, scene) in enumerate(zip(files, contents, scenes, strict=True)):
        body = f"id: SIG{index}\ncontent: {text}\nscene: {scene}\n{REST}".replace("\n", "\r\n")
        world.file(f"signatures/{file}", "\ufeff" + body)
    for skipped in ("_drafts/a.yaml", ".hidden/a.yaml", "shop/_a.yaml", "shop/.a.yml", "a.json"):
        world.file(f"signatures/{skipped}", "[")
    assert world.run("apply", "--yes").code == 0
    sent = {
        asked.ids[0]: (asked.parameters["SigContent"], asked.parameters["SceneDesc"])
        for asked in world.service.writes()
    }
    assert sent == {f"SIG{n}": texts for n, texts in enumerate(zip(contents, scenes, strict=True))}
    _, plan = world.document("plan")
    names = [row["name"] for row in plan["changes"]]
    assert names == ["no", "on", "shop/time.v1", "shop/日 期"]


def test_settings_are_read_strictly_and_secrets_are_no_flags(make: MakeContractWorld) -> None:
    """Unknown keys are errors with their place; flags beat the environment beats the files."""
    world = make()
    world.manifest("shop", id="SIG1", content="甲乙丙丁")
    world.file("reconciler.toml", 'endpoint = "http://127.0.0.1:9"\nprojct = "org-1"\n')
    refused = world.run("plan")
    assert refused.code == 64
    assert "reconciler.toml:2:1" in refused.err
    assert "project" in refused.err
    world.file("reconciler.toml", 'endpoint = "http://127.0.0.1:9"\nproject = "org-file"\n')
    profile = {"profile": "default", "active": True, "project_id": "org-profile"}
    world.file("home/.ucloud/config.json", json.dumps([profile]))
    world.plan("--project", "org-flag")
    world.plan()
    assert [asked.parameters["ProjectId"] for asked in world.service.asked] == [
        "org-flag",
        "org-contract",
    ]
    flag = world.run("plan", "--private-key", "x")
    assert flag.code == 64

"""The example signatures show every feature, and would pass the reviewers' standards.

They are read here as plain text, without the package's own reader, so that a fault in it hides
nothing.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.tools.make_examples import DOCUMENTS, documents

ROOT = DOCUMENTS.parents[1]
SIGNATURES = DOCUMENTS.parent
HINT = "# yaml-language-server: $schema="


def _manifests() -> dict[str, dict[str, Any]]:
    """Every manifest by its name; the base loader keeps every scalar a string."""
    return {
        path.relative_to(SIGNATURES).with_suffix("").as_posix(): _read(path)
        for path in sorted(SIGNATURES.rglob("*.yaml"))
    }


def _read(path: Path) -> Any:
    text = path.read_text("utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it builds texts, lists, dicts only


MANIFESTS = _manifests()
SCHEMA = json.loads((ROOT / "schemas" / "signature.schema.json").read_text("utf-8"))
each_manifest = pytest.mark.parametrize("name", MANIFESTS)
each_document = pytest.mark.parametrize("name", documents())


def _proofs(manifest: dict[str, Any]) -> Iterator[dict[str, str]]:
    return (manifest[role] for role in ("certificate", "authorization") if role in manifest)


def _ids(manifest: dict[str, Any]) -> list[str]:
    found = manifest.get("id", [])
    return [found] if isinstance(found, str) else found


def _used() -> set[Path]:
    """Every document that a manifest names."""
    return {
        (SIGNATURES / name / ".." / proof["file"]).resolve()
        for name, manifest in MANIFESTS.items()
        for proof in _proofs(manifest)
        if "file" in proof
    }


def test_there_are_at_least_ten_in_at_least_two_folders() -> None:
    assert len(MANIFESTS) >= 10
    assert len({name.split("/")[0] for name in MANIFESTS}) >= 2


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("type", "company"),
        ("type", "trademark"),
        ("type", "government"),
        ("purpose", "others-use"),
        ("suspend", "true"),
        ("absent", "true"),
    ],
)
def test_every_feature_is_shown(key: str, value: str) -> None:
    assert [name for name, manifest in MANIFESTS.items() if manifest.get(key) == value]


def test_ids_are_shown_alone_in_a_list_and_missing() -> None:
    assert {min(len(_ids(manifest)), 2) for manifest in MANIFESTS.values()} == {0, 1, 2}


def test_a_company_is_shown_by_its_full_name_and_abbreviated() -> None:
    companies = [each for each in MANIFESTS.values() if each["type"] == "company"]

    assert {each["content"] == each["certificate"]["holder"] for each in companies} == {True, False}


def test_documents_are_shown_as_files_and_as_addresses_on_reserved_domains() -> None:
    addresses = [
        proof["url"] for each in MANIFESTS.values() for proof in _proofs(each) if "url" in proof
    ]

    assert addresses
    assert all(url.startswith("https://documents.example.com/") for url in addresses)
    assert {path.suffix for path in _used()} == {".png", ".jpg", ".pdf"}


@each_manifest
def test_a_manifest_begins_with_a_schema_hint_that_leads_somewhere_and_a_comment(name: str) -> None:
    path = SIGNATURES / f"{name}.yaml"
    hint, comment, *_ = path.read_text("utf-8").splitlines()

    target = (path.parent / hint.removeprefix(HINT)).resolve()

    assert target == ROOT / "schemas" / "signature.schema.json"
    assert comment.startswith("# ")


@each_manifest
def test_a_content_names_somebody_in_allowed_characters(name: str) -> None:
    content = MANIFESTS[name]["content"]

    assert re.fullmatch(r"[\u4e00-\u9fffA-Za-z0-9_]{2,12}", content)
    assert "示例" in content or "Example" in content, "examples are about nobody who exists"


@each_manifest
def test_a_content_is_an_unbroken_run_of_the_holders_name(name: str) -> None:
    manifest = MANIFESTS[name]
    holders = {proof["holder"] for proof in _proofs(manifest) if "holder" in proof}

    assert len(holders) <= 1
    assert all(manifest["content"] in holder for holder in holders)
    assert len(manifest["content"]) > 3


@each_manifest
def test_an_app_a_website_or_a_public_account_is_international(name: str) -> None:
    manifest = MANIFESTS[name]

    if manifest["type"] in {"app", "website", "public-account"}:
        assert manifest["international"] == "true"
    else:
        assert "international" not in manifest


@each_manifest
def test_what_a_manifest_must_have_it_has(name: str) -> None:
    manifest = MANIFESTS[name]

    assert ("certificate" in manifest) == (manifest.get("absent") != "true")
    assert ("authorization" in manifest) == (manifest["purpose"] == "others-use")
    assert ("description" in manifest) == ("id" not in manifest)


@each_manifest
def test_a_document_is_in_date_for_years(name: str) -> None:
    dates = [proof["expires"] for proof in _proofs(MANIFESTS[name]) if "expires" in proof]

    assert all(date.fromisoformat(day).year >= 2031 for day in dates)


def test_no_two_examples_share_an_id_a_content_or_a_scene() -> None:
    ids = [order for manifest in MANIFESTS.values() for order in _ids(manifest)]
    contents = [manifest["content"] for manifest in MANIFESTS.values()]
    scenes = [manifest["scene"] for manifest in MANIFESTS.values() if "scene" in manifest]

    for values in (ids, contents, scenes):
        assert len(values) == len(set(values))
    assert all(re.fullmatch(r"SIG2026EXAMPLE\d{4}", order) for order in ids)


def test_every_document_is_used_and_every_used_one_is_there() -> None:
    assert _used() == {path for path in DOCUMENTS.rglob("*") if path.is_file()}


def test_the_kept_script_makes_the_documents() -> None:
    kept = {
        path.relative_to(DOCUMENTS).as_posix(): path.read_bytes()
        for path in DOCUMENTS.rglob("*")
        if path.is_file()
    }
    made = documents()

    assert kept.keys() == made.keys()
    assert {name: _unpacked(data) for name, data in kept.items()} == {
        name: _unpacked(data) for name, data in made.items()
    }


def _unpacked(data: bytes) -> tuple[bytes, ...]:
    """A PNG's parts with the pixels unpacked: builds of zlib pack them differently, and may."""
    if not data.startswith(b"\x89PNG"):
        return (data,)
    parts, rest = [], data[8:]
    while rest:
        (size,) = struct.unpack_from(">I", rest)
        name, content = rest[4:8], rest[8 : 8 + size]
        assert rest[8 + size : 12 + size] == struct.pack(">I", zlib.crc32(name + content))
        parts.append(name + (zlib.decompress(content) if name == b"IDAT" else content))
        rest = rest[12 + size :]
    return tuple(parts)


@each_document
def test_a_document_is_what_its_name_says_and_small(name: str) -> None:
    data = documents()[name]
    begin, end = {
        ".png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
        ".jpg": (b"\xff\xd8\xff\xe0", b"\xff\xd9"),
        ".pdf": (b"%PDF-1.4\n", b"%%EOF\n"),
    }[Path(name).suffix]

    assert data.startswith(begin)
    assert data.endswith(end)
    assert len(data) < 30_000


@each_document
def test_a_picture_is_large_enough_to_read(name: str) -> None:
    data = documents()[name]
    if name.endswith(".png"):
        assert struct.unpack_from(">II", data, 16) == (960, 640)
    elif name.endswith(".jpg"):
        frame = data.index(b"\xff\xc0")
        assert struct.unpack_from(">HH", data, frame + 5) == (640, 960)
    else:
        assert b"/Count 1" in data


@each_document
def test_a_table_of_a_pdf_says_where_its_objects_begin(name: str) -> None:
    data = documents()[name]
    places = [int(found[1]) for found in re.finditer(rb"(\d{10}) 00000 n \n", data)]

    assert bool(places) == name.endswith(".pdf")
    for number, place in enumerate(places, start=1):
        assert data[place:].startswith(b"%d 0 obj\n" % number)


@each_manifest
def test_a_letter_in_a_pdf_names_the_signature(name: str) -> None:
    manifest = MANIFESTS[name]
    letter = manifest.get("authorization", {}).get("file", "")
    if letter.endswith(".pdf"):
        shown = manifest["content"].encode("utf-16-be").hex().upper().encode()
        assert shown in (SIGNATURES / name / ".." / letter).resolve().read_bytes()
    else:
        assert letter == "" or letter.endswith(".jpg")


@each_manifest
def test_an_example_has_the_shape_that_the_schema_describes(name: str) -> None:
    manifest = {
        key: {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
        for key, value in MANIFESTS[name].items()
    }

    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(manifest)] == []


def test_the_readme_explains_every_key_of_the_schema() -> None:
    text = (SIGNATURES / "README.md").read_text("utf-8")
    explained = re.findall(r"^\| `([a-z]+)` \|", text, re.MULTILINE)

    proof = {"file", "url", "holder", "expires"}
    assert sorted(explained) == sorted(SCHEMA["properties"].keys() | proof)


def test_the_readme_lists_every_example() -> None:
    text = (SIGNATURES / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| \[`([a-z/-]+)`\]\((.+)\) \|", text, re.MULTILINE)

    assert {name for name, _ in listed} == set(MANIFESTS)
    assert all(target == f"{name}.yaml" for name, target in listed)

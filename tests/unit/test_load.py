"""A repository becomes desired signatures, or all of its problems in one run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.discover import read_all
from reconciler.load import load
from reconciler.model import Desired, Proof, Purpose, SignatureType, Submission
from reconciler.problems import CLASH, sort_key
from reconciler.repository import Repository
from reconciler.resources import examples_path
from reconciler.yamltext import plain
from reconciler.yamltext.composed import Value

PNG = b"\x89PNG\r\n\x1a\n"
SHA256 = "4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6"
ACME = """\
id: SIG1
content: 优刻得科技
type: company
purpose: self-use
certificate:
  file: ../documents/licence.png
"""
PROVED = Proof(sha256=SHA256, path="documents/licence.png", size=8, media_type="image/png")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "signatures").mkdir()
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "licence.png").write_bytes(PNG)
    return tmp_path


def run(root: Path, **manifests: str) -> Repository:
    for name, text in manifests.items():
        (root / "signatures" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load(root, default_project="org-default")


def only(root: Path, text: str) -> Desired:
    repository = run(root, acme=text)
    assert repository.problems == ()
    (desired,) = repository.desired
    return desired


def told(repository: Repository) -> list[str]:
    return [
        f"{each.path}:{each.position.line}:{each.position.column} {each.rule} {each.summary}"
        for each in repository.problems
    ]


def test_a_manifest_becomes_a_desired_signature(root: Path) -> None:
    assert only(root, ACME) == Desired(
        name="acme",
        path="signatures/acme.yaml",
        line=2,
        ids=("SIG1",),
        content="优刻得科技",
        project="org-default",
        submission=Submission(
            content="优刻得科技",
            type=SignatureType.COMPANY,
            purpose=Purpose.SELF_USE,
            certificate=PROVED,
        ),
    )


def test_everything_that_a_manifest_can_say_arrives(root: Path) -> None:
    desired = only(
        root,
        "id: [SIG1, SIG2]\nscene: Codes\nproject: org-1\nsuspend: true\ninternational: true\n"
        "description: Why\nqualification: Q1\ntype: trademark\npurpose: others-use\n"
        "certificate: {url: 'https://example.com/a'}\ncontent: Acme\n"
        "authorization: {file: ../documents/licence.png, holder: Acme, expires: 2027-12-31}\n",
    )
    assert desired == Desired(
        name="acme",
        path="signatures/acme.yaml",
        line=11,
        ids=("SIG1", "SIG2"),
        content="Acme",
        project="org-1",
        suspend=True,
        submission=Submission(
            content="Acme",
            type=SignatureType.TRADEMARK,
            purpose=Purpose.OTHERS_USE,
            certificate=Proof(url="https://example.com/a"),
            authorization=PROVED,
            scene="Codes",
            description="Why",
            international=True,
            qualification="Q1",
        ),
    )


def test_a_signature_not_applied_for_has_no_ids(root: Path) -> None:
    assert only(root, ACME.replace("id: SIG1", "description: Why")).ids == ()


def test_a_tombstone_sends_nothing_and_its_documents_may_be_gone(root: Path) -> None:
    desired = only(root, ACME.replace("licence.png", "gone.png") + "absent: true\n")
    assert (desired.absent, desired.submission, desired.content) == (True, None, "优刻得科技")


def test_a_tombstone_without_content_is_where_its_id_stands(root: Path) -> None:
    desired = only(root, "absent: true\n\nid: SIG1\n")
    assert (desired.line, desired.ids, desired.content) == (3, ("SIG1",), None)


def test_a_suspended_signature_is_still_checked(root: Path) -> None:
    repository = run(root, a=ACME.replace("licence.png", "gone.png") + "suspend: true\n")
    assert len(repository.problems) == 1


def test_an_empty_repository_is_told_from_a_wrong_directory(root: Path) -> None:
    nothing = Repository(desired=(), manifests=(), problems=(), is_linked=False)
    assert load(root, default_project="") == nothing
    assert load(root / "documents", default_project="").has_folder is False


def test_all_problems_of_all_files_come_in_one_run_in_order(root: Path) -> None:
    (root / "signatures" / "e.yaml").mkdir()
    (root / "signatures" / "e.yaml" / "link.yaml").symlink_to("/etc/hosts")
    (root / "signatures" / "f.yaml").write_bytes(b"\xff")
    (root / "signatures" / "g.yaml").symlink_to("nowhere")
    repository = run(
        root,
        d=ACME.replace("SIG1", "SIG4").replace("科技", "四").replace("licence.png", "gone.png"),
        c="id: SIG3\ntype: 0\nabsent: true\n",
        b="id: *a\nid: SIG2\n",
        a=ACME,
        z=ACME.replace("SIG1", "SIG9"),
    )
    assert told(repository) == [
        "signatures/b.yaml:1:5 USMS002 aliases such as `*a` are not allowed",
        "signatures/b.yaml:2:1 USMS002 the key `id` stands twice: first on line 1",
        "signatures/c.yaml:2:7 USMS003 `type` takes a name, not the service's number: use company",
        "signatures/d.yaml:6:9 USMS005 `certificate.file`: `../documents/gone.png` does not exist",
        "signatures/e.yaml/link.yaml:1:1 USMS001 this link leads out of the repository",
        "signatures/f.yaml:1:1 USMS001 the byte 0xFF is not UTF-8",
        "signatures/g.yaml:1:1 USMS001 this link leads nowhere",
        "signatures/z.yaml:2:10 USMS004 two manifests have the content `优刻得科技`: "
        "signatures/a.yaml:2:10 and signatures/z.yaml:2:10",
    ]
    assert list(repository.problems) == sorted(repository.problems, key=sort_key)


@pytest.mark.parametrize("trusting", [True, False])
def test_manifests_that_clash_are_looked_for_when_somebody_asks(root: Path, trusting: bool) -> None:
    run(root, a=ACME, b=ACME.replace("优刻得", "别的"), c=ACME.replace("SIG1", "SIG3"))
    noted: list[str] = []
    repository = load(
        root,
        default_project="",
        trusting=trusting,
        note=lambda kind, _: noted.append(kind),
    )
    assert [each.name for each in repository.desired] == ["a", "b", "c"]
    assert noted == []
    assert [each.name for each in repository.problems] == ["b", "c"]
    assert noted == [CLASH]
    judged = repository.judged(tuple(repository.problems), notes=(), is_passing=False)
    assert [each.name for each in judged.desired] == ["a"]


def test_what_somebody_has_parsed_is_not_parsed_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(root, a=ACME, b=ACME.replace("SIG1", "SIG2").replace("优刻得", "别的"))
    sources = read_all(root)
    whole = load(root, default_project="", sources=sources)
    data = [manifest.data for manifest in whole.manifests]
    known = replace(sources, said=lambda number, _: data[number] if number else None)
    parsed: list[str] = []
    real = plain.read

    def read(text: str) -> dict[str, Value] | None:
        parsed.append(text)
        return real(text)

    monkeypatch.setattr(plain, "read", read)
    assert seen(load(root, default_project="", sources=known)) == seen(whole)
    assert parsed == [ACME]


def seen(repository: Repository) -> object:
    manifests = [(each.name, each.path, each.data, each.raw) for each in repository.manifests]
    return manifests, tuple(repository.desired), tuple(repository.problems)


def test_only_a_manifest_without_a_problem_becomes_desired(root: Path) -> None:
    repository = run(root, a=ACME, b="type: x\n", c="{", d=ACME.replace("licence.png", "gone.png"))
    assert [desired.name for desired in repository.desired] == ["a"]
    assert [manifest.name for manifest in repository.manifests] == ["a", "b", "d"]


def test_documents_are_checked_beside_the_shape_each_mistake_once(root: Path) -> None:
    repository = run(
        root,
        a="id: SIG1\ncontent: 优刻得科技\ntype: 0\npurpose: others-use\n"
        "certificate: {file: ../documents/gone.png}\nauthorization: {file: /etc/hosts}\n",
        b="id: SIG2\ncontent: 优刻得\ntype: app\npurpose: others-use\n"
        "certificate: ../documents/gone.png\nauthorization: {holder: 优刻得}\n",
        c="id: SIG3\ncontent: 优刻得三\ntype: app\npurpose: self-use\n"
        "certificate: {file: ../documents/gone.png, url: 'https://example.com'}\n",
        d="id: SIG4\ncontent: 优刻得四\ntype: app\npurpose: self-use\ncertificate: {file: 12}\n"
        "authorization: {url: 12}\n",
    )
    assert [(each.path[11], each.rule, each.position.line) for each in repository.problems] == [
        ("a", "USMS003", 3),
        ("a", "USMS005", 5),
        ("a", "USMS003", 6),
        ("b", "USMS003", 5),
        ("b", "USMS003", 6),
        ("c", "USMS003", 5),
        ("c", "USMS005", 5),
        ("d", "USMS003", 5),
        ("d", "USMS003", 6),
    ]


def test_a_document_may_not_come_from_outside_the_root(root: Path) -> None:
    inner = root / "signatures"
    (inner / "signatures").mkdir()
    (inner / "signatures" / "a.yaml").write_text(ACME.replace("../", "../../"), encoding="utf-8")
    (problem,) = load(inner, default_project="").problems
    assert (problem.rule, problem.position.line) == ("USMS005", 6)
    assert "is outside the repository" in problem.summary
    assert problem.detail


def test_two_loads_of_the_same_files_are_the_same(root: Path) -> None:
    first = run(root, a=ACME, b="type: 0\n", c="{")
    second = load(root, default_project="org-default")
    assert (first.desired, first.problems) == (second.desired, second.problems)


def test_the_examples_load_without_a_problem() -> None:
    repository = load(examples_path().parent, default_project="org-1")
    assert repository.problems == ()
    assert len(repository.desired) >= 8

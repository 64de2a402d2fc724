"""The decision table, row by row, against a service that was written from the reference alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.contract_service import (
    APPROVED,
    DISABLED,
    PENDING,
    REJECTED,
    REVIEWING,
    Held,
    coded,
)
from tests.integration.contract_world import ContractWorld, MakeContractWorld, contract_worlds
from tests.integration.world import PNG

STATUSES = {
    "pending": PENDING,
    "reviewing": REVIEWING,
    "approved": APPROVED,
    "rejected": REJECTED,
    "disabled": DISABLED,
}
UNDECIDED = ("pending", "reviewing")
Row = tuple[str, str, bool]
NO_OP_WHEN_UNCHANGED: dict[str, Row] = {
    "pending": ("no-op", "under_review", False),
    "reviewing": ("no-op", "under_review", False),
    "approved": ("no-op", "in_sync", False),
    "rejected": ("no-op", "rejected_unchanged", True),
    "disabled": ("no-op", "disabled", True),
}
FROZEN: dict[str, Row] = {
    "approved": ("blocked", "approved_immutable", False),
    "disabled": ("blocked", "disabled", False),
}


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeContractWorld]:
    with contract_worlds(tmp_path) as worlds:
        yield worlds


class Board:
    """One signature a case, each with its own id and content, decided all in one plan."""

    def __init__(self, world: ContractWorld) -> None:
        self.world = world
        self.expected: dict[str, Row] = {}

    def content(self, name: str) -> str:
        return f"甲{sorted(CASES).index(name)}"

    def recorded(self) -> None:
        """Let every case that `had` something be submitted once, as a rejected signature."""
        for name in CASES:
            if name.startswith("had"):
                self.world.service.held[f"SIG{name}"] = Held(content=self.content(name))
                self.world.manifest(name, id=f"SIG{name}", content=self.content(name))
        assert self.world.run("apply", "--yes", "--max-submissions", "100").code == 0


def _cases() -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for status in STATUSES:
        free = status not in FROZEN
        adopt: Row = ("adopt", "untracked", False)
        first: Row = ("resubmit", "first_submission", False)
        differs: Row = ("resubmit", "content_differs", False)
        changed: Row = FROZEN.get(status, ("resubmit", "changed", False))
        caught = status in (*UNDECIDED, "approved")
        rejected = status == "rejected"
        rows[f"none-same-{status}"] = first if rejected else adopt
        rows[f"none-other-{status}"] = first if rejected else FROZEN.get(status, differs)
        rows[f"none-found-{status}"] = first if rejected else adopt
        rows[f"none-suspend-{status}"] = ("no-op", "suspended", False)
        rows[f"had-same-{status}"] = NO_OP_WHEN_UNCHANGED[status]
        rows[f"had-drift-{status}"] = (
            ("resubmit", "drifted", False) if free else ("no-op", "drifted", True)
        )
        rows[f"had-edit-{status}"] = changed
        rows[f"had-scene-{status}"] = changed
        rows[f"had-caught-{status}"] = ("adopt", "caught_up", False) if caught else changed
        rows[f"had-suspend-{status}"] = ("no-op", "suspended", False)
        rows[f"had-unmanaged-{status}"] = ("forget", "unmanaged", False)
        rows[f"had-absent-{status}"] = (
            ("blocked", "under_review", False)
            if status == "reviewing"
            else ("delete", "absent", False)
        )
    rows["had-same-gone"] = ("no-op", "not_found", True)
    rows["had-edit-gone"] = ("blocked", "not_found", False)
    rows["none-same-gone"] = ("blocked", "not_found", False)
    rows["none-new-gone"] = ("create", "new", False)
    return rows


CASES = _cases()


def test_every_row_of_the_table(make: MakeContractWorld) -> None:
    """had, seen and want of each row, made by real applies and a service that moved on."""
    world = make()
    board = Board(world)
    board.recorded()
    held = world.service.held
    for name in CASES:
        had, kind, status = name.split("-")
        known, content, other = f"SIG{name}", board.content(name), board.content(name) + "改"
        held.pop(known, None)
        shown = (
            other if kind in ("drift", "caught") or (had, kind) == ("none", "other") else content
        )
        if status != "gone":
            held[known] = Held(content=shown, status=STATUSES[status])
        want: dict[str, object] = {"id": known, "content": content}
        if kind in ("found", "new"):
            want = {"content": content, "description": "第一次"}
        elif kind == "caught" or (had, kind) == ("had", "edit"):
            want["content"] = other
        elif kind in ("suspend", "absent"):
            want[kind] = True
        if kind == "scene":
            want["scene"] = "登录"
        path = world.manifest(name, **want)
        if kind == "unmanaged":
            path.unlink()

    assert world.plan() == CASES


def test_a_list_of_ids_is_decided_id_by_id_and_resubmitted_in_one_request(
    make: MakeContractWorld,
) -> None:
    """Queried again just before the write; one that was approved meanwhile is left out."""
    world = make(
        **{f"SIG{n}": Held(content="甲乙丙丁", status=s) for n, s in enumerate((3, 2, 0, 3, 3))}
    )
    world.service.held["SIG2"].content = "天地玄黄"
    world.manifest("many", id=[f"SIG{n}" for n in range(5)], content="甲乙丙丁")

    asked_before: list[str] = []

    def approve_meanwhile(asked: object) -> None:
        asked_before.extend(world.service.asked[-1].ids)
        if asked_before.count("SIG3") == 2:
            world.service.held["SIG3"].status = APPROVED

    world.service.instead = approve_meanwhile
    code, applied = world.document("apply", "--yes")
    assert [asked.ids for asked in world.service.writes()] == [("SIG0", "SIG2", "SIG4")]
    outcomes = {row["id"]: row["outcome"] for row in applied["outcomes"]}
    assert outcomes == {
        "SIG0": "submitted",
        "SIG1": "adopted",
        "SIG2": "submitted",
        "SIG3": "skipped",
        "SIG4": "submitted",
    }
    assert applied["summary"]["submitted"] == 3
    assert world.service.complaints == []
    assert code == 0


def test_exit_codes_of_plan_by_what_is_pending(make: MakeContractWorld) -> None:
    """2 only with --detailed-exitcode, 4 for a blocked row, 1 for a failed query before both."""
    world = make(
        SIG1=Held(content="甲乙丙丁", status=APPROVED), SIG2=Held(content="天地", status=APPROVED)
    )
    world.manifest("a", id="SIG1", content="甲乙丙丁")
    assert world.run("plan").code == 0
    assert world.run("plan", "--detailed-exitcode").code == 2
    world.manifest("b", id="SIG2", content="玄黄")
    assert world.run("plan", "--detailed-exitcode").code == 4
    world.service.instead = lambda asked: coded(18003) if asked.ids == ("SIG1",) else None
    assert world.run("plan", "--detailed-exitcode").code == 1


def test_only_what_the_service_is_sent_counts_as_a_change(make: MakeContractWorld) -> None:
    """Not key order, comments, holder, expires, moved manifests or documents, nor id's form."""
    world = make(SIG1=Held(content="甲乙丙丁"))
    path = world.manifest("shop", id="SIG1", content="甲乙丙丁", scene="登录")
    _, plan = world.document("plan")
    assert world.run("apply", "--yes").code == 0
    path.unlink()
    (world.root / "documents" / "licence.png").rename(world.root / "renamed")
    text = (
        "# moved\nscene: '登录'\ncertificate:\n  expires: 2031-01-01\n  holder: 甲乙丙丁公司\n"
        '  file: ../../renamed # same bytes\npurpose: "self-use"\ntype: company\n'
        "content: 甲乙丙丁\nid: [SIG1]\nabsent: false\n"
    )
    world.file("signatures/deep/name.yml", text)
    assert world.plan() == {"deep/name": ("no-op", "under_review", False)}
    world.file("renamed", PNG + b"\n")
    assert world.plan() == {"deep/name": ("resubmit", "changed", False)}

    world.service.held["SIG1"].status = REJECTED
    world.file("renamed", PNG)
    for each in (world.root / ".reconciler").rglob("SIG1.json"):
        each.unlink()
    _, moved = world.document("plan")
    assert moved["fingerprint"] == plan["fingerprint"], "paths and names are no part of it"


def test_the_plan_that_was_reviewed_is_the_plan_that_is_applied(make: MakeContractWorld) -> None:
    """Another fingerprint, another endpoint or a damaged file: exit 4, and nothing is sent.

    An adopted neighbour does not change the fingerprint: it covers resubmit, create, delete.
    """
    world = make(SIG1=Held(content="甲乙丙丁"), SIG2=Held(content="天地", status=APPROVED))
    world.manifest("shop", id="SIG1", content="甲乙丙丁")
    _, plan = world.document("plan", "--out", str(world.root / "plan.json"))
    text = (world.root / "plan.json").read_text("utf-8")
    world.file("elsewhere.json", text.replace(world.service.url, "https://api.ucloud.cn"))
    world.file("cut.json", text[:200])
    for words in (
        ("--fingerprint", "0" * 64),
        ("--plan", str(world.root / "elsewhere.json")),
        ("--plan", str(world.root / "cut.json")),
    ):
        refused = world.run("apply", "--yes", *words)
        assert (refused.code, refused.out) == (4, "")
    assert world.service.writes() == []

    world.manifest("neighbour", id="SIG2", content="天地")
    assert world.run("apply", "--fingerprint", plan["fingerprint"]).code == 0
    assert len(world.service.writes()) == 1
    assert world.records() == {"SIG1", "SIG2"}

"""What a plan has said is said again only where a new plan would say the same."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import recall
from reconciler.cache.store import Cache
from reconciler.cli import said
from reconciler.cli.main import run
from reconciler.cli.said import Said, said_before
from reconciler.repository import Repository
from reconciler.state import known
from reconciler.state.file import FileState
from tests.integration.world import PNG
from tests.unit.builders import recorded

LONG = 60_000_000_000
FIRST, SECOND = (Said(text=f"{word}\n", code=4, pending=True) for word in ("first", "second"))
REPOSITORY = Repository(desired=(), manifests=(), problems=(), known_by="a digest")


@dataclass
class Store:
    """Records of which only the proof matters."""

    at: str = "here"
    loaded: str = ""

    def proof(self) -> str:
        return self.at


class Desk:
    """Somebody who asks again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def ask(
        self,
        answer: Said,
        *,
        repository: Repository = REPOSITORY,
        before: str = "here",
        loaded: str = "here",
        about: object = "",
    ) -> Said:
        """What is said, where a new plan would say `answer` and have loaded the records so."""
        store: Any = Store(at=before)

        def make() -> Said:
            store.loaded = loaded
            return answer

        with Cache(self.folder) as cache:
            return said_before(
                make, lambda: [about], cache=cache, repository=repository, store=store
            )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_same_facts_are_told_without_a_new_plan(desk: Desk) -> None:
    assert desk.ask(FIRST) == FIRST
    assert desk.ask(SECOND) == FIRST


@pytest.mark.parametrize(
    "other",
    [
        {"repository": replace(REPOSITORY, known_by="another")},
        {"repository": replace(REPOSITORY, known_by="")},
        {"before": "elsewhere", "loaded": "elsewhere"},
        {"before": "", "loaded": ""},
        {"about": "other settings"},
    ],
)
def test_other_facts_are_looked_at(desk: Desk, other: dict[str, Any]) -> None:
    desk.ask(FIRST)
    assert desk.ask(SECOND, **other) == SECOND


def test_records_that_changed_while_they_were_read_prove_nothing(desk: Desk) -> None:
    assert desk.ask(FIRST, loaded="moved") == FIRST
    assert desk.ask(SECOND) == SECOND


def test_facts_that_changed_while_the_plan_was_made_prove_nothing(desk: Desk) -> None:
    store: Any = Store(loaded="here")
    head = ["old"]

    def ask(answer: Said, *, then: str) -> Said:
        def make() -> Said:
            head[0] = then
            return answer

        with Cache(desk.folder) as cache:
            return said_before(
                make, lambda: [*head], cache=cache, repository=REPOSITORY, store=store
            )

    assert ask(FIRST, then="new") == FIRST
    head[0] = "old"
    assert ask(SECOND, then="old") == SECOND
    assert ask(FIRST, then="old") == SECOND


def test_what_is_very_long_is_not_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(said, "_LONGEST", 5)
    assert desk.ask(FIRST) == FIRST
    assert desk.ask(SECOND) == SECOND


class Place:
    """A repository with a state, whose files age at once."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.clock = 0
        (self.root / "signatures").mkdir()
        (self.root / "documents").mkdir()
        self.document("one")
        self.document("two")
        self.manifest("a", "甲乙丙丁", "one")
        self.manifest("b", "子丑寅卯", "two")

    def document(self, name: str, more: bytes = b"") -> None:
        (self.root / "documents" / f"{name}.png").write_bytes(PNG + more)

    def manifest(self, name: str, content: str, document: str) -> None:
        (self.root / "signatures" / f"{name}.yaml").write_text(
            f"id: SIG{name}\ncontent: {content}\ntype: company\npurpose: self-use\n"
            f"certificate:\n  file: ../documents/{document}.png\n",
            encoding="utf-8",
        )

    def state(self) -> FileState:
        return FileState(self.root / ".reconciler" / "state", shown="state")

    def plan(self, *more: str) -> tuple[int, str, str]:
        """How `plan --offline` ends, and what it says."""
        self.clock += LONG
        out, err = io.StringIO(), io.StringIO()
        later = time.time_ns() + self.clock
        with (
            mock.patch("time.time_ns", return_value=later),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = run(["plan", "--offline", "--root", str(self.root), *more])
        return code, out.getvalue(), err.getvalue()


Step = Callable[[Place], None]
NAMES, CONTENTS = st.sampled_from("ab"), st.sampled_from(["甲乙丙丁", "子丑寅卯", "优刻得", "!"])
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        lambda name, content, document: lambda place: place.manifest(name, content, document),
        NAMES,
        CONTENTS,
        st.sampled_from(["one", "two", "none"]),
    ),
    st.builds(
        lambda name, content: (
            lambda place: place.state().put(recorded(f"SIG{name}", name=name, content=content))
        ),
        NAMES,
        CONTENTS,
    ),
    st.builds(lambda name: lambda place: place.state().remove(f"SIG{name}"), NAMES),
    st.builds(
        lambda more: lambda place: place.document("one", more), st.sampled_from([b"", b"\n"])
    ),
    st.builds(
        lambda text: lambda place: (place.root / "reconciler.toml").write_text(text),
        st.sampled_from(["", 'project = "org-1"\n', 'endpoint = "https://service.example"\n']),
    ),
)


@given(st.lists(STEPS, max_size=6))
@settings(max_examples=25, deadline=None)
def test_a_plan_says_the_same_with_any_cache(steps: list[Step]) -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        mock.patch.object(recall, "_MANY_MANIFESTS", 0),
        mock.patch.object(known, "_MANY", 1),
    ):
        place = Place(Path(name))
        for step in [lambda _: None, *steps]:
            step(place)
            without = place.plan("--no-cache")
            assert place.plan() == without
            assert place.plan() == without


def test_a_plan_is_really_remembered(tmp_path: Path) -> None:
    with mock.patch.object(recall, "_MANY_MANIFESTS", 0):
        place = Place(tmp_path)
        place.state().put(recorded("SIGa", name="a"))
        cold = place.plan()
        with mock.patch("reconciler.cli.planning.make_plan", side_effect=AssertionError("made")):
            assert place.plan() == cold
            assert place.plan("--detailed-exitcode")[1] == cold[1]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--offline"], 1),
        (["--refresh", "none"], 1),
        ([], 0),
        (["--refresh", "needed"], 0),
        (["--offline", "--since", "HEAD"], 0),
    ],
)
def test_records_are_read_ahead_by_a_plan_alone_that_asks_nobody_and_needs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], count: int
) -> None:
    """Who asks the service has to read the intents before the records."""
    ahead: list[object] = []
    monkeypatch.setattr("reconciler.cli.state_store.reading_ahead", ahead.append)
    run(["plan", *words, "--root", str(tmp_path)])
    assert len(ahead) == count

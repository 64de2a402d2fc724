"""Hypothesis draws whole worlds: a repository, a state and a service, sensible or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from reconciler.model import Desired, Purpose, Recorded, ReviewStatus, SignatureType
from tests.unit.builders import LETTER, LICENCE, desired, recorded
from tests.unit.fakes import Remote

CONTENTS = ("甲乙丙丁", "子丑寅卯", "辰巳午未", "申酉戌亥", "金木水火")
NAMES = ("a", "b", "c", "d")
IDS = ("SIG1", "SIG2", "SIG3", "SIG4", "SIG5")
PROJECTS = ("org-1", "org-2")

contents = st.sampled_from(CONTENTS)
projects = st.sampled_from(PROJECTS)
kinds = st.fixed_dictionaries(
    {
        "type": st.sampled_from((SignatureType.COMPANY, SignatureType.TRADEMARK)),
        "purpose": st.sampled_from(Purpose),
        "certificate": st.sampled_from((LICENCE, LETTER)),
        "scene": st.sampled_from((None, "Login codes")),
    }
)
statuses = st.sampled_from(
    (
        ReviewStatus.PENDING,
        ReviewStatus.REJECTED,
        ReviewStatus.REVIEWING,
        ReviewStatus.APPROVED,
        ReviewStatus.DISABLED,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What there is before a run."""

    desired: tuple[Desired, ...]
    records: Mapping[str, Recorded]
    remotes: Mapping[str, Remote]


@st.composite
def _manifests(draw: st.DrawFn) -> list[tuple[Desired, tuple[str, ...]]]:
    """Manifests that validation lets through (no name, id or content in a project twice), each
    with the ids that a record may know it by: its own, or one that it does not say."""
    ids = list(draw(st.permutations(IDS)))
    free = {project: list(draw(st.permutations(CONTENTS))) for project in PROJECTS}
    made = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1)):
        count, project = draw(st.sampled_from((2, 1, 0))), draw(projects)
        said = tuple(ids.pop() for _ in range(min(count, len(ids))))
        known = said or tuple(ids.pop() for _ in range(min(1, len(ids))))
        content = free[project].pop()
        made.append(
            (desired(name, ids=said, project=project, content=content, **draw(kinds)), known)
        )
    return made


@st.composite
def _record(draw: st.DrawFn, id: str, want: Desired) -> Recorded | None:
    """None, the very manifest, or one that differs in what a person may have changed since."""
    sent = want.submission
    assert sent is not None
    made = replace(recorded(id, name=want.name, project=want.project), submission=sent)
    edited = replace(made, submission=replace(sent, content=draw(contents)))
    other = replace(made, submission=replace(sent, **draw(kinds)))
    name, project = draw(st.sampled_from((*NAMES, "gone"))), draw(projects)
    moved, both = replace(made, name=name), replace(edited, name=name)
    abroad = replace(moved, project=project)
    return draw(st.sampled_from((edited, other, None, made, moved, both, abroad)))


@st.composite
def _remote(draw: st.DrawFn, want: Desired, had: Recorded | None) -> Remote | None:
    """None, or with the wanted content, the recorded one, or another."""
    shown = [want.content or "", draw(contents)]
    shown += [had.submission.content] if had is not None else []
    made = Remote(project=want.project, content=draw(st.sampled_from(shown)), status=draw(statuses))
    return draw(st.sampled_from((made, made, made, made, None)))


def _finally(want: Desired) -> st.SearchStrategy[Desired]:
    suspended = replace(want, suspend=True)
    tombstone = replace(want, absent=True, submission=None)
    return st.sampled_from((want, want, want, want, suspended, tombstone))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """In one project no content is at the service twice, unless one manifest lists both ids."""
    wanted: list[Desired] = []
    records: dict[str, Recorded] = {}
    remotes: dict[str, Remote] = {}
    taken: dict[tuple[str, str], str] = {}
    for want, known in draw(_manifests()):
        for each in known:
            had = draw(_record(each, want))
            remote = draw(_remote(want, had))
            records |= {} if had is None else {each: had}
            if (
                remote
                and taken.setdefault((remote.project, remote.content), want.name) == want.name
            ):
                remotes[each] = remote
        wanted.append(draw(_finally(want)))
    for key, name in (("SIG8", "gone"), ("SIG9", "a")):
        had = recorded(key, name=name, project=draw(projects), content=draw(contents))
        records |= draw(st.sampled_from(({}, {key: had})))
        place = (draw(projects), draw(contents))
        if taken.setdefault(place, key) == key:
            remotes[key] = Remote(project=place[0], content=place[1], status=draw(statuses))
    return World(desired=tuple(wanted), records=records, remotes=remotes)

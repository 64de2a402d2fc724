"""What manifests say of things that others speak about comes back as it was noted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.cache.statements import Stated, Statements

WORDS = st.text(max_size=4) | st.sampled_from(["a", "b\nc", "\ud800", '"', ""])
GROUPS = st.dictionaries(
    WORDS,
    st.dictionaries(WORDS, st.sets(st.integers(0, 5), min_size=1), min_size=1, max_size=3),
    max_size=4,
)


@given(st.dictionaries(st.sampled_from(["USMS401", "uses"]), GROUPS), st.lists(st.text(max_size=3)))
def test_what_is_noted_is_told(
    noted: dict[str, dict[str, dict[str, set[int]]]], paths: list[str]
) -> None:
    statements = Statements(paths)
    for kind, groups in noted.items():
        said = ((about, says, who) for about in groups for says, who in groups[about].items())
        statements.note(kind, [(about, says, sorted(who)) for about, says, who in said])
    stated = Stated(statements.text())
    assert stated.paths == paths
    for kind, groups in noted.items():
        found = stated.kind(kind)
        assert set(found.abouts()) == set(groups)
        assert {about: found.group(about) for about in groups} == groups
        for about, group in groups.items():
            everyone = set().union(*group.values())
            assert set(found.speakers(about)) == everyone
            assert (about in found.shared) == (len(group) > 1 or len(everyone) > 1)


def test_of_what_nobody_spoke_nothing_is_told() -> None:
    stated = Stated(Statements(["a"]).text())
    kind = stated.kind("USMS401")
    assert (list(kind.abouts()), kind.group("x"), list(kind.speakers("x"))) == ([], {}, [])

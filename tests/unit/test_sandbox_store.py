"""The sandbox finds signatures by id and by content, whatever happened to them before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Purpose, ReviewStatus, SignatureType
from reconciler.sandbox.reviewer import StoredSignature
from reconciler.sandbox.store import Store


def signature(id: str, content: str, project: str) -> StoredSignature:
    return StoredSignature(
        id=id,
        project=project,
        content=content,
        status=ReviewStatus.PENDING,
        type=SignatureType.COMPANY,
        purpose=Purpose.SELF_USE,
    )


steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "remove"]),
        st.sampled_from(["SIG1", "SIG2", "SIG3"]),
        st.sampled_from(["甲", "乙"]),
        st.sampled_from(["org-a", "org-b"]),
    ),
    max_size=30,
)


@given(steps)
def test_its_index_agrees_with_a_search_through_everything(
    steps: list[tuple[str, str, str, str]],
) -> None:
    store = Store((), lambda one: one)
    plain: dict[str, StoredSignature] = {}
    arrivals: list[str] = []
    for step, name, content, project in steps:
        if step == "put":
            before = plain.get(name)
            plain[name] = signature(name, content, project)
            if before is None or (before.content, before.project) != (content, project):
                arrivals = [one for one in arrivals if one != name] + [name]
            store.put(plain[name])
        elif name in plain:
            del plain[name]
            store.remove(name)
        for wanted in ("甲", "乙"):
            found = store.latest("org-a", wanted)
            fitting = [
                plain[one]
                for one in arrivals
                if one in plain and (plain[one].content, plain[one].project) == (wanted, "org-a")
            ]
            assert found == (fitting[-1] if fitting else None)
    assert {one.id: one for one in store.all()} == plain


def test_new_ids_avoid_those_in_use() -> None:
    taken = signature("SIGSANDBOX000001", "甲", "org-a")
    assert Store((taken,), lambda one: one).new_id() == "SIGSANDBOX000002"

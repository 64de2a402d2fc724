"""What is desired comes back from a cache as it was, whether all of it is looked at or a part."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.cache import coding
from reconciler.cache.packed import Part, Wanted
from reconciler.model import Desired, Proof
from tests.unit.test_cache_files import DESIRED


@st.composite
def texts(draw: st.DrawFn) -> tuple[list[tuple[Desired, ...]], list[Part]]:
    """Two lists, one of which fills more than a batch, and parts of them."""
    some = draw(st.lists(DESIRED, min_size=1, max_size=4))
    many = tuple(replace(some[number % len(some)], line=number) for number in range(150))
    few = tuple(draw(st.lists(DESIRED, max_size=3)))
    parts: list[Part] = []
    for which, of in ((0, many), (1, few), (0, many)):
        start = draw(st.integers(parts[0][2] if which == 0 and parts else 0, len(of)))
        parts.append((which, start, draw(st.integers(start, len(of)))))
    return [many, few], parts


@given(texts(), st.data())
def test_a_part_is_what_the_whole_would_show(
    given: tuple[list[tuple[Desired, ...]], list[Part]], data: st.DataObject
) -> None:
    lists, parts = given
    whole = tuple(each for which, start, stop in parts for each in lists[which][start:stop])
    packed = [coding.desired_text(each) for each in lists]

    def wanted() -> Wanted:
        return Wanted(packed, parts)

    assert len(wanted()) == len(whole)
    for place in range(-len(whole), len(whole)):
        assert wanted()[place] == whole[place]
    assert tuple(wanted()) == whole
    assert wanted()[1:3] == whole[1:3]
    assert wanted() == Wanted([coding.desired_text(whole)])
    assert hash(wanted()) == hash(whole)
    proofs = {proof for each in whole for proof in each.documents}
    assert set(wanted().documents()) == proofs
    paths = {proof.path for proof in proofs if proof.path is not None}
    some = data.draw(st.sets(st.sampled_from(sorted(paths)))) if paths else set()
    assert wanted().users(some) == _users(whole, some)


def _users(whole: tuple[Desired, ...], documents: set[str]) -> set[int]:
    return {
        place
        for place, each in enumerate(whole)
        if any(proof.path in documents for proof in each.documents)
    }


def test_once_all_of_it_was_looked_at_nothing_is_read_again() -> None:
    wanted = Wanted([coding.desired_text([])])
    assert (len(wanted), tuple(wanted), list(wanted.documents())) == (0, (), [])
    assert wanted != "another thing"


def test_a_signature_is_the_same_object_once_all_were_looked_at() -> None:
    proof = Proof(sha256="0" * 64, path="documents/a.png")
    wanted = Wanted([coding.desired_text([_desired(proof)])])
    (first,) = wanted
    assert wanted[0] is first


def _desired(proof: Proof) -> Desired:
    from tests.unit.builders import desired

    made = desired()
    assert made.submission is not None
    return replace(made, submission=replace(made.submission, certificate=proof))

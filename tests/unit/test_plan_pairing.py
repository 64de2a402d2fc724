"""Which record belongs to which manifest."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Desired, Recorded
from reconciler.plan.pairing import Target, pair
from tests.unit.builders import desired, recorded


def by_id(*records: Recorded) -> dict[str, Recorded]:
    return {record.id: record for record in records}


def pairs(wanted: Iterable[Desired], *records: Recorded) -> list[tuple[str, str | None, bool]]:
    """Name, id and whether a record was found, for every target."""
    targets = pair(wanted, by_id(*records))
    return [(target.name, target.id, target.recorded is not None) for target in targets]


class TestAManifestWithAnId:
    def test_is_paired_by_it_whatever_name_and_content_the_record_has(self) -> None:
        had = recorded("SIG1", name="elsewhere", content="子丑寅卯")
        want = desired("shop", ids=("SIG1",))
        assert pair([want], by_id(had)) == (Target(desired=want, id="SIG1", recorded=had),)

    def test_takes_no_record_by_content_or_name(self) -> None:
        had = recorded("SIG1", name="shop")
        assert pairs([desired("shop", ids=("SIG2",))], had) == [
            ("shop", "SIG1", True),
            ("shop", "SIG2", False),
        ]

    def test_takes_its_record_before_one_without_an_id_can(self) -> None:
        """Ids win: the manifest without one is not given a record that another names."""
        owner, other = desired("b", ids=("SIG1",)), desired("a", ids=())
        assert pairs([other, owner], recorded("SIG1", name="a")) == [
            ("a", None, False),
            ("b", "SIG1", True),
        ]

    def test_takes_its_record_even_from_another_project(self) -> None:
        """A state holds one record an id; a second one would overwrite the first."""
        had = recorded("SIG1", project="org-other")
        (target,) = pair([desired(ids=("SIG1",))], by_id(had))
        assert target.recorded == had
        assert target.project == "org-tests"

    def test_may_have_several_each_with_its_own_record(self) -> None:
        want = desired(ids=("SIG3", "SIG1", "SIG2"))
        first, second = recorded("SIG1"), recorded("SIG2")
        assert pair([want], by_id(first, second)) == (
            Target(desired=want, id="SIG1", recorded=first),
            Target(desired=want, id="SIG2", recorded=second),
            Target(desired=want, id="SIG3", recorded=None),
        )


class TestAManifestWithoutAnId:
    def test_finds_its_record_by_content_so_that_moving_the_file_changes_nothing(self) -> None:
        had = recorded("SIG1", name="old/shop")
        (target,) = pair([desired("new/shop", ids=())], by_id(had))
        assert (target.id, target.recorded, target.name) == ("SIG1", had, "new/shop")

    def test_finds_its_record_by_name_when_its_content_was_edited(self) -> None:
        had = recorded("SIG1", name="shop", content="子丑寅卯")
        (target,) = pair([desired("shop", ids=())], by_id(had))
        assert (target.id, target.recorded) == ("SIG1", had)

    def test_prefers_content_to_name(self) -> None:
        same_name = recorded("SIG1", name="shop", content="子丑寅卯")
        same_content = recorded("SIG2", name="other")
        assert pairs([desired("shop", ids=())], same_name, same_content) == [
            ("shop", "SIG1", True),  # nobody claims it: to be forgotten
            ("shop", "SIG2", True),
        ]

    def test_yields_a_record_by_name_to_the_one_that_has_its_content(self) -> None:
        """Two files swapped their names: each record goes with its content."""
        a, b = recorded("SIG1", name="a", content="子丑寅卯"), recorded("SIG2", name="b")
        wanted = [desired("a", ids=()), desired("b", ids=(), content="子丑寅卯")]
        assert pairs(wanted, a, b) == [("a", "SIG2", True), ("b", "SIG1", True)]

    def test_takes_another_record_of_its_name_when_content_took_the_last(self) -> None:
        first = recorded("SIG1", name="shop", content="子丑寅卯")
        last = recorded("SIG2", name="shop", content="辰巳午未")
        wanted = [desired("other", ids=(), content="辰巳午未"), desired("shop", ids=())]
        assert pairs(wanted, first, last) == [("other", "SIG2", True), ("shop", "SIG1", True)]

    def test_takes_one_record_even_when_another_project_has_its_twin(self) -> None:
        here, there = desired("a", ids=()), desired("b", ids=(), project="org-other")
        records = (recorded("SIG1", project="org-other"), recorded("SIG2"))
        assert pairs([here, there], *records) == [("a", "SIG2", True), ("b", "SIG1", True)]

    def test_shares_no_record_with_its_twin_whichever_is_read_first(self) -> None:
        wanted = [desired("a", ids=()), desired("b", ids=())]
        for order in (wanted, wanted[::-1]):
            assert pairs(order, recorded("SIG1", name="c")) == [
                ("a", "SIG1", True),
                ("b", None, False),
            ]

    def test_finds_none_in_another_project(self) -> None:
        had = recorded("SIG1", name="shop", project="org-other")
        assert pairs([desired("shop", ids=())], had) == [
            ("shop", None, False),
            ("shop", "SIG1", True),
        ]

    def test_has_no_id_while_there_is_no_record(self) -> None:
        want = desired(ids=())
        assert pair([want], {}) == (Target(desired=want, id=None, recorded=None),)


class TestARecord:
    def test_that_no_manifest_claims_stands_alone(self) -> None:
        had = recorded("SIG1", name="gone", project="org-other")
        (target,) = pair([], by_id(had))
        assert target == Target(desired=None, id="SIG1", recorded=had)
        assert (target.name, target.project) == ("gone", "org-other")


ids = st.sampled_from([f"SIG{n}" for n in range(6)])
names = st.sampled_from(["a", "b", "c", "d", "e"])
contents = st.sampled_from(["甲乙丙丁", "子丑寅卯", "辰巳午未"])
projects = st.sampled_from(["org-1", "org-2"])
records = st.dictionaries(ids, st.tuples(names, contents, projects)).map(
    lambda drawn: by_id(
        *(recorded(key, name=n, content=c, project=p) for key, (n, c, p) in drawn.items())
    )
)


@st.composite
def repositories(draw: st.DrawFn) -> list[Desired]:
    """Manifests as `load` gives them out: names once, ids once."""
    free = draw(st.permutations([f"SIG{n}" for n in range(6)]))
    wanted = []
    for name in draw(st.lists(names, unique=True)):
        take = draw(st.integers(0, 2))
        own, free = tuple(free[:take]), free[take:]
        fields = {"content": draw(contents), "project": draw(projects)}
        wanted.append(desired(name, ids=own, **fields))
    return wanted


@given(wanted=repositories(), had=records)
def test_every_id_and_every_record_has_exactly_one_target(
    wanted: list[Desired], had: dict[str, Recorded]
) -> None:
    targets = pair(wanted, had)
    known = [target.id for target in targets if target.id is not None]
    assert len(known) == len(set(known))
    assert set(known) == set(had) | {own for each in wanted for own in each.ids}
    paired = [target.recorded.id for target in targets if target.recorded is not None]
    assert sorted(paired) == sorted(had)
    for each in wanted:
        own = [target for target in targets if target.desired == each]
        assert len(own) == max(1, len(each.ids))


@given(wanted=repositories(), had=records, data=st.data())
def test_pairs_do_not_depend_on_the_order_of_manifests_or_records(
    wanted: list[Desired], had: dict[str, Recorded], data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(had.items()))))
    assert pair(data.draw(st.permutations(wanted)), shuffled) == pair(wanted, had)

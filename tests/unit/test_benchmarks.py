"""The benchmark's own arithmetic, and the table of the README that is made from its results."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.benchmarks import readme, table
from tests.benchmarks.claims import Claim, Sample, Samples, alone, between, judge, median, ratio
from tests.benchmarks.environments import PEERS
from tests.benchmarks.run import chosen
from tests.benchmarks.service import answer
from tests.benchmarks.works import CLAIMS, NAMES

ROOT = Path(__file__).resolve().parents[2]


def samples(**wall: list[float]) -> Samples:
    return {
        name: [Sample(wall=each, cpu=2 * each, peak=10 * each) for each in taken]
        for name, taken in wall.items()
    }


def claim(most: float, *theirs: str) -> Claim:
    return Claim(
        work="something",
        ours="a",
        theirs=theirs,
        target=f"≤ {most}",
        figure=ratio("a", theirs[0], "wall") if theirs else alone("a", "peak"),
        most=most,
    )


TAKEN = samples(a=[1, 9, 2], b=[4, 4, 4])


class TestAFigure:
    def test_is_of_medians_so_that_one_busy_moment_does_not_count(self) -> None:
        assert median(TAKEN["a"], "wall") == 2
        assert ratio("a", "b", "wall")(TAKEN) == 0.5
        assert ratio("a", "b", "cpu")(TAKEN) == 0.5

    def test_is_taken_within_each_round_so_that_a_change_of_pace_does_not_count(self) -> None:
        taken = samples(a=[1, 1, 5, 5, 5], b=[2, 2, 10, 10, 10], slow=[4, 4])
        assert ratio("a", "b", "wall")(taken) == 0.5
        assert ratio("a", "slow", "wall")(taken) == 0.25

    def test_may_be_held_against_a_number_that_is_known(self) -> None:
        assert alone("a", "peak")(TAKEN) == 20
        assert alone("a", "wall", by=4)(TAKEN) == 0.5
        assert between("b", "a", "peak", by=4)(TAKEN) == 5


class TestAClaim:
    @pytest.mark.parametrize(("most", "verdict"), [(0.5, "met"), (0.49, "missed")])
    def test_is_met_up_to_its_target(self, most: float, verdict: str) -> None:
        (judged,) = judge([claim(most, "b")], TAKEN)
        assert (judged.figure, judged.verdict) == (0.5, verdict)

    def test_is_not_judged_where_something_was_not_measured(self) -> None:
        (judged,) = judge([claim(1, "c")], TAKEN)
        assert (judged.figure, judged.verdict) == (None, "not measured")

    def test_names_works_that_exist(self) -> None:
        named = {name for each in CLAIMS for name in (each.ours, *each.theirs)}
        assert named <= set(NAMES)
        assert all(each.most > 0 for each in CLAIMS)

    def test_is_chosen_by_a_part_of_its_name(self) -> None:
        assert chosen([]) == CLAIMS
        assert {each.ours for each in chosen(["version"])} == {"version"}
        assert {each.ours for each in chosen(["octodns"])} == {"plan-cold-10k"}
        assert chosen(["no such"]) == ()


class TestTheTables:
    def found(self) -> dict[str, object]:
        judged = judge([claim(1, "b"), claim(1, "c")], TAKEN)
        return table.document(judged, TAKEN, versions={"Python": "3.11"}, date="2026-11-26")

    def test_say_what_was_measured_and_what_is_claimed(self) -> None:
        text = table.text(self.found())
        assert re.search(r"^a +2\.000 +4\.000 +20\.000 +3$", text, re.MULTILINE)
        assert re.search(r"^something +0\.5 × +≤ 1 +met$", text, re.MULTILINE)
        assert re.search(r"^something +- +≤ 1 +not measured$", text, re.MULTILINE)

    def test_are_read_again_from_json(self) -> None:
        found = self.found()
        assert table.parse(json.dumps(found)) == found
        for other in ("[]", '{"format_version": "2.0"}'):
            with pytest.raises(ValueError, match="no result"):
                table.parse(other)

    def test_replace_the_block_of_a_page_and_nothing_else(self) -> None:
        page = f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n"
        made = table.rewritten(page, self.found())
        assert made.startswith(f"before\n{table.BEGIN}\n| work |")
        assert "| something | 0.5 × | ≤ 1 | met |" in made
        assert "2026-11-26" in made
        assert made.endswith(f"{table.END}\nafter\n")
        assert "old" not in made
        with pytest.raises(ValueError, match="no block"):
            table.rewritten("nothing", self.found())


def test_the_readme_shows_the_results_that_are_kept() -> None:
    found = table.parse(readme.RESULTS.read_text("utf-8"))
    assert table.readme(found) in (ROOT / "README.md").read_text("utf-8")
    assert [each["work"] for each in found["claims"]] == [each.work for each in CLAIMS]


def test_every_peer_is_pinned() -> None:
    for line in PEERS.read_text("utf-8").split():
        assert re.fullmatch(r"[\w-]+==[\d.]+", line)


@pytest.mark.parametrize(
    "body",
    [
        b'{"Action":"QueryUSMSSignature","SigId":"SIG2026BENCH000007"}',
        b"Action=QueryUSMSSignature&SigId=SIG2026BENCH000007",
    ],
)
def test_the_service_knows_every_signature_whatever_the_encoding(body: bytes) -> None:
    head, _, text = answer(body, 3).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(text)}".encode() in head
    assert json.loads(text)["Data"]["SigId"] == "SIG2026BENCH000007"
    assert json.loads(text)["Data"]["Status"] == 3


def test_the_service_says_yes_to_any_write() -> None:
    body = b'{"Action":"UpdateUSMSSignature","File":"' + b"A" * 200_000 + b'"}'
    assert json.loads(answer(body, 2).partition(b"\r\n\r\n")[2])["RetCode"] == 0

"""From what the service shows to a manifest: names, texts, and blanks that validate finds."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import NoAnswerError, ServiceError, UsageError
from reconciler.importing import (
    Draft,
    Given,
    blanks,
    check_name,
    drafts,
    manifest_text,
    name_for,
    read_ids,
    unfit,
)
from reconciler.manifests import Manifest, parse
from reconciler.model import Observed, Purpose, ReviewStatus, SignatureType
from reconciler.schema import check
from tests.unit.builders import NOT_FOUND, observed

DAY = date(2026, 11, 22)
FULL = Given(
    type=SignatureType.COMPANY,
    purpose=Purpose.OTHERS_USE,
    certificate="../documents/licence.png",
    authorization="../documents/letter.pdf",
    project="org-abroad",
)


def draft(content: str = "优刻得科技", *ids: str) -> Draft:
    named = ids or ("SIG1",)
    return Draft(ids=named, content=content, statuses=(ReviewStatus.APPROVED,) * len(named))


def parsed(text: str) -> Manifest:
    found = parse(text.encode(), name="shop", path="signatures/shop.yaml")
    assert isinstance(found, Manifest)
    return found


class TestTheText:
    def test_with_everything_given_is_a_whole_manifest(self) -> None:
        text = manifest_text(draft(), FULL, DAY)
        assert text == (
            "# Imported on 2026-11-22; the review status then: approved.\n"
            "id: SIG1\n"
            "content: 优刻得科技\n"
            "type: company\n"
            "purpose: others-use\n"
            "certificate:\n"
            '  file: "../documents/licence.png"\n'
            "authorization:\n"
            '  file: "../documents/letter.pdf"\n'
            "project: org-abroad\n"
        )
        assert (check(parsed(text)), blanks(FULL)) == ((), ())

    def test_with_nothing_given_has_blanks_that_validate_names(self) -> None:
        text = manifest_text(draft(), Given(), DAY)
        assert '\ntype: ""  # fill in: company, app, website,' in text
        assert '\npurpose: ""  # fill in: self-use, others-use\n' in text
        assert '\n  file: ""  # fill in: the proof of qualification' in text
        assert "\n# authorization:\n" in text
        problems = check(parsed(text))
        assert [each.summary.split(" ")[0] for each in problems] == [
            "`type`",
            "`purpose`",
            "`certificate.file`",
        ]
        assert blanks(Given()) == ("type", "purpose", "certificate")

    def test_for_somebody_elses_use_asks_for_the_letter(self) -> None:
        others = Given(purpose=Purpose.OTHERS_USE)
        assert "authorization:\n" in manifest_text(draft(), others, DAY)
        assert blanks(others) == ("type", "certificate", "authorization")

    def test_for_ones_own_use_does_not_speak_of_a_letter(self) -> None:
        own = Given(purpose=Purpose.SELF_USE)
        assert "authorization" not in manifest_text(draft(), own, DAY)
        assert blanks(own) == ("type", "certificate")

    def test_lists_the_ids_that_share_a_content(self) -> None:
        text = manifest_text(draft("优刻得科技", "SIG1", "SIG2"), FULL, DAY)
        assert parsed(text).data["id"] == ["SIG1", "SIG2"]

    def test_says_each_status_once(self) -> None:
        mixed = Draft(
            ids=("SIG1", "SIG2", "SIG3"),
            content="甲乙丙丁",
            statuses=(ReviewStatus.PENDING, ReviewStatus.APPROVED, ReviewStatus.PENDING),
        )
        assert "then: pending, approved.\n" in manifest_text(mixed, FULL, DAY)

    @given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
    def test_holds_whatever_the_service_says(self, content: str, path: str) -> None:
        text = manifest_text(draft(content), Given(certificate=path), DAY)
        data = parsed(text).data
        assert data["content"] == content
        assert data["certificate"] == {"file": path}


class TestDrafts:
    def test_are_one_for_each_content(self) -> None:
        seen = {
            "SIG1": observed(id="SIG1", content="甲乙"),
            "SIG2": observed(ReviewStatus.APPROVED, id="SIG2", content="丙丁"),
            "SIG3": observed(ReviewStatus.REJECTED, id="SIG3", content="甲乙"),
        }
        pending, approved, rejected = (
            ReviewStatus.PENDING,
            ReviewStatus.APPROVED,
            ReviewStatus.REJECTED,
        )
        assert drafts(seen) == (
            Draft(ids=("SIG1", "SIG3"), content="甲乙", statuses=(pending, rejected)),
            Draft(ids=("SIG2",), content="丙丁", statuses=(approved,)),
        )
        assert unfit(seen) == {}

    def test_leave_out_what_nobody_can_write_about_and_say_why(self) -> None:
        seen: dict[str, Observed | ServiceError] = {
            "SIG1": NoAnswerError("no answer"),
            "SIG2": NOT_FOUND,
            "SIG3": observed(id="SIG3", content="\ud800"),
        }
        assert drafts(seen) == ()
        assert unfit(seen) == {
            "SIG1": "no answer",
            "SIG2": "the service knows no such id: check the id and the project",
            "SIG3": "its content is no text that a manifest could hold",
        }


class TestTheName:
    @pytest.mark.parametrize(
        ("content", "name"),
        [
            ("优刻得科技", "优刻得科技"),
            ("UCloud 2", "UCloud-2"),
            ("../etc/passwd", "etc-passwd"),
            ("_hidden", "hidden"),
            ("a\x1b[31m", "a-31m"),
            ("！！", "SIG1"),
            ("甲" * 100, "甲" * 60),
        ],
    )
    def test_is_made_from_the_content(self, content: str, name: str) -> None:
        assert name_for(draft(content), ()) == name

    def test_has_the_id_where_another_has_it_in_any_case(self) -> None:
        assert name_for(draft("Shop"), ["shop"]) == "Shop-SIG1"

    @pytest.mark.parametrize("name", ["shop", "retail/shop", "零售/店"])
    def test_may_be_chosen(self, name: str) -> None:
        assert check_name(name) == check_name(f"{name}.yaml") == check_name(f"{name}.yml") == name

    @pytest.mark.parametrize(
        "name", ["", "/shop", "a//b", "../shop", "./shop", "_a/b", "a/.b", "a\\b", "a\n", ".yaml"]
    )
    def test_that_leads_elsewhere_is_refused(self, name: str) -> None:
        with pytest.raises(UsageError, match="no name of a signature"):
            check_name(name)

    @given(st.text(min_size=1, max_size=80))
    def test_made_from_any_content_could_have_been_chosen(self, content: str) -> None:
        assert check_name(name_for(draft(content), ())) != ""


class TestIds:
    def test_come_from_words_and_lists_each_once(self) -> None:
        text = "# ours\r\nSIG2  # the shop\r\n\r\nSIG1\nSIG3"
        assert read_ids(["SIG1"], [text, "SIG4\n"]) == ("SIG1", "SIG2", "SIG3", "SIG4")

    @pytest.mark.parametrize("word", ["SIG 1", "a/b", "x" * 129, "", "S\x00"])
    def test_that_are_none_are_refused(self, word: str) -> None:
        with pytest.raises(UsageError, match="is no id"):
            read_ids([word], [])

    def test_must_be_some(self) -> None:
        with pytest.raises(UsageError, match="nothing to import"):
            read_ids([], ["# none\n"])

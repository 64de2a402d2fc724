"""Who may ask the sandbox, and in which project."""

from __future__ import annotations

import pytest

from reconciler.sandbox.seed import DEFAULT_ACCOUNT, Account, Project, Seed, SeedSignature
from reconciler.sandbox.service import Service
from tests.unit.sandbox_calls import call, encoded, query, sent, service, signed, update

TEMPORARY = Account(public_key="temporary", private_key="secret-one", token="token-one")
LIMITED = Account(
    public_key="limited", private_key="secret-two", projects=("org-b",), sub_account=True
)
SEED = Seed(
    accounts=(DEFAULT_ACCOUNT, TEMPORARY, LIMITED),
    projects=(Project(id="org-a"), Project(id="org-b", name="Bee")),
    signatures=(
        SeedSignature(id="SIG1", content="一号店铺"),
        SeedSignature(id="SIG2", content="二号店铺", project="org-b"),
    ),
)
QUERY = "QueryUSMSSignature"


@pytest.fixture
def sandbox() -> Service:
    return service(SEED)


def test_a_request_without_action_gets_160(sandbox: Service) -> None:
    answer = call(sandbox, "", {"Action": None})
    assert (answer["RetCode"], answer["Action"]) == (160, "Response")
    assert "Action" in answer["Message"]


def test_an_unknown_action_gets_161(sandbox: Service) -> None:
    answer = call(sandbox, "QueryUSMSTemplate")
    assert (answer["RetCode"], answer["Action"]) == (161, "QueryUSMSTemplateResponse")


def test_a_request_without_signing_gets_170(sandbox: Service) -> None:
    parameters = signed(QUERY, {"SigId": "SIG1"})
    del parameters["Signature"]
    assert sent(sandbox, parameters)["RetCode"] == 170


@pytest.mark.parametrize("public_key", [None, "nobody"])
def test_an_unknown_account_gets_172(sandbox: Service, public_key: str | None) -> None:
    assert query(sandbox, SigId="SIG1", PublicKey=public_key)["RetCode"] == 172


@pytest.mark.parametrize("encoding", ["json", "form", "query"])
@pytest.mark.parametrize("wrong", ["0" * 40, "签名"])
def test_a_wrong_signing_gets_171(sandbox: Service, encoding: str, wrong: str) -> None:
    parameters = signed(QUERY, {"SigId": "SIG1"}) | {"Signature": wrong}
    assert sent(sandbox, parameters, encoding)["RetCode"] == 171


@pytest.mark.parametrize("encoding", ["json", "form", "query"])
def test_a_parameter_changed_after_signing_gets_171(sandbox: Service, encoding: str) -> None:
    parameters = signed(QUERY, {"SigId": "SIG1"}) | {"SigId": "SIG2"}
    assert sent(sandbox, parameters, encoding)["RetCode"] == 171


@pytest.mark.parametrize("encoding", ["json", "form", "query"])
def test_one_signing_fits_every_encoding(sandbox: Service, encoding: str) -> None:
    parameters = signed(QUERY, {"SigContent": "一号店铺", "Limit": 10, "Deep": True})
    answer = sent(sandbox, parameters, encoding)
    assert (answer["RetCode"], answer["Data"]["SigId"]) == (0, "SIG1")


def test_temporary_credentials_must_carry_their_token(sandbox: Service) -> None:
    def code(**parameters: str) -> int:
        return int(
            sent(sandbox, signed(QUERY, {"SigId": "SIG1", **parameters}, TEMPORARY))["RetCode"]
        )

    assert code() == 174
    assert code(SecurityToken="token-two") == 174
    assert code(SecurityToken="token-one") == 0


def test_a_token_that_nobody_issued_gets_174(sandbox: Service) -> None:
    assert query(sandbox, SigId="SIG1", SecurityToken="token-one")["RetCode"] == 174


def test_a_query_without_project_means_the_default_one(sandbox: Service) -> None:
    assert query(sandbox, SigId="SIG1")["Data"]["SigId"] == "SIG1"
    assert query(sandbox, SigId="SIG2")["Data"] == {}


def test_an_unknown_project_gets_292(sandbox: Service) -> None:
    assert query(sandbox, SigId="SIG1", ProjectId="org-c")["RetCode"] == 292
    assert update(sandbox, ProjectId="org-c")["RetCode"] == 292


def test_a_project_of_others_gets_290(sandbox: Service) -> None:
    parameters = signed(QUERY, {"SigId": "SIG1", "ProjectId": "org-a"}, LIMITED)
    assert sent(sandbox, parameters)["RetCode"] == 290


def test_a_sub_account_must_name_its_project(sandbox: Service) -> None:
    assert sent(sandbox, signed(QUERY, {"SigId": "SIG2"}, LIMITED))["RetCode"] == 18001
    named = signed(QUERY, {"SigId": "SIG2", "ProjectId": "org-b"}, LIMITED)
    assert sent(sandbox, named)["Data"]["SigId"] == "SIG2"


def test_the_projects_are_those_the_account_may_use(sandbox: Service) -> None:
    def projects(account: Account) -> list[tuple[str, str, bool]]:
        answer = sent(sandbox, signed("GetProjectList", {"ProjectId": "org-x"}, account))
        return [
            (one["ProjectId"], one["ProjectName"], one["IsDefault"]) for one in answer["ProjectSet"]
        ]

    assert projects(DEFAULT_ACCOUNT) == [("org-a", "org-a", True), ("org-b", "Bee", False)]
    assert projects(LIMITED) == [("org-b", "Bee", False)]


def test_every_answer_is_named_by_a_request_uuid_of_its_own(sandbox: Service) -> None:
    good = encoded(signed(QUERY, {"SigId": "SIG1"}))
    uuids = [sandbox.handle(one).reply.uuid for one in (good, good, encoded({}))]
    assert len(set(uuids)) == 3
    assert [entry.uuid for entry in sandbox.log.entries()] == uuids

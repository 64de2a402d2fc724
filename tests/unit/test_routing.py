"""Each project's requests reach the project's own service, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.errors import CredentialsError, HopelessError
from reconciler.model import ReviewStatus
from reconciler.ports import Service
from reconciler.routing import Closed, ReadOnlyClosed, ReadOnlyRouter, Router
from tests.unit.builders import submission
from tests.unit.fakes import FakeService, Remote

OWN, OTHER = "org-own", "org-other"


def signature(project: str) -> dict[str, Remote]:
    return {"SIG1": Remote(project=project, content="甲乙丙丁", status=ReviewStatus.PENDING)}


CALLS: dict[str, Callable[[Service, str], object]] = {
    "find": lambda service, project: service.find(project=project, id="SIG1"),
    "find_content": lambda service, project: service.find_content(
        project=project, content="甲乙丙丁"
    ),
    "resubmit": lambda service, project: service.resubmit(
        project=project, ids=("SIG1",), submission=submission()
    ),
    "create": lambda service, project: service.create(project=project, submission=submission()),
    "delete": lambda service, project: service.delete(project=project, ids=("SIG1",)),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("project", [OWN, OTHER])
def test_a_call_goes_to_the_service_of_its_project(name: str, project: str) -> None:
    own, otherwise = FakeService(signature(OWN)), FakeService(signature(OTHER))
    CALLS[name](Router(otherwise, {OWN: own}), project)
    used, unused = (own, otherwise) if project == OWN else (otherwise, own)
    assert len(used.asked) + len(used.writes) == 1
    assert (unused.asked, unused.writes) == ([], [])


def test_a_reading_router_has_nothing_to_write_with() -> None:
    router = ReadOnlyRouter(FakeService(), {})
    closed = ReadOnlyClosed(CredentialsError("there are no credentials"))
    for reader in (router, closed):
        assert not {"resubmit", "create", "delete"} & set(dir(reader))


@pytest.mark.parametrize("name", CALLS)
def test_a_closed_service_says_why_whatever_it_is_asked(name: str) -> None:
    closed = Closed(CredentialsError("there are no credentials", "Set A."))
    with pytest.raises(HopelessError, match="there are no credentials") as raised:
        CALLS[name](closed, OWN)
    assert (raised.value.advice, raised.value.accepted) == ("Set A.", False)

"""What a sandbox holds when it starts: accounts, projects and signatures. Values only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reconciler.errors import UsageError
from reconciler.model import Purpose, ReviewStatus, SignatureType
from reconciler.sandbox.codes import STATUS_NUMBERS


class SeedError(UsageError):
    """A seed contradicts itself or cannot be read; `field` is where, such as `projects[0].id`."""

    def __init__(self, field: str, problem: str, source: str = "seed") -> None:
        super().__init__(f"{source}: {field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who may sign requests."""

    public_key: str
    private_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
    """The SecurityToken of temporary credentials; requests must then carry it (174)."""
    projects: tuple[str, ...] = ()
    """The only projects it may use (290); empty means every one."""
    sub_account: bool = False
    """A sub-account must send ProjectId with queries too (18001)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Where signatures live."""

    id: str
    name: str = ""
    default: bool = False
    """The one meant when a request names none; without such a mark it is the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedSignature:
    """A signature that exists from the start. Any content goes, hostile text included."""

    id: str
    content: str
    status: ReviewStatus = ReviewStatus.PENDING
    type: SignatureType = SignatureType.COMPANY
    purpose: Purpose = Purpose.SELF_USE
    project: str | None = None
    """None means the default project."""
    rejection: str | None = None
    """The reviewer's reason (ErrDesc)."""
    scene: str | None = None


# Made up on purpose, and said so in the value: these keys open nothing but a sandbox.
DEFAULT_ACCOUNT = Account(
    public_key="sandbox-public-key-not-a-real-one",
    private_key="sandbox-private-key-not-a-real-one",
)
DEFAULT_PROJECT = Project(id="org-sandbox", name="Sandbox", default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Everything at once; raises `SeedError` when its parts contradict each other."""

    accounts: tuple[Account, ...] = (DEFAULT_ACCOUNT,)
    projects: tuple[Project, ...] = (DEFAULT_PROJECT,)
    signatures: tuple[SeedSignature, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what the sandbox could not serve."""
        if not self.accounts:
            raise SeedError("accounts", "at least one account is needed to sign requests")
        if not self.projects:
            raise SeedError("projects", "at least one project is needed")
        _unique("accounts", "public_key", (account.public_key for account in self.accounts))
        _unique("projects", "id", (project.id for project in self.projects))
        _unique("signatures", "id", (signature.id for signature in self.signatures))
        _one_default(self.projects)
        _known_projects(self)
        _real_statuses(self.signatures)

    @property
    def default_project(self) -> str:
        """The id of the project meant when a request names none."""
        marked = (project.id for project in self.projects if project.default)
        return next(marked, self.projects[0].id)

    def home(self, account: Account) -> str:
        """The project this account works in, unless it says otherwise."""
        if account.projects and self.default_project not in account.projects:
            return account.projects[0]
        return self.default_project


def _unique(section: str, name: str, values: Iterable[str]) -> None:
    seen: dict[str, int] = {}
    for index, value in enumerate(values):
        if value in seen:
            raise SeedError(
                f"{section}[{index}].{name}", f"the same as {section}[{seen[value]}].{name}"
            )
        seen[value] = index


def _one_default(projects: tuple[Project, ...]) -> None:
    marked = [index for index, project in enumerate(projects) if project.default]
    if len(marked) > 1:
        raise SeedError(
            f"projects[{marked[1]}].default", f"projects[{marked[0]}] is the default already"
        )


def _known_projects(seed: Seed) -> None:
    known = {project.id for project in seed.projects}
    for index, account in enumerate(seed.accounts):
        for place, project in enumerate(account.projects):
            if project not in known:
                raise SeedError(f"accounts[{index}].projects[{place}]", _no_project(project, known))
    for index, signature in enumerate(seed.signatures):
        if signature.project is not None and signature.project not in known:
            raise SeedError(f"signatures[{index}].project", _no_project(signature.project, known))


def _no_project(project: str, known: set[str]) -> str:
    return f"no project {project!r} in this seed; it has {', '.join(sorted(known))}"


def _real_statuses(signatures: tuple[SeedSignature, ...]) -> None:
    for index, signature in enumerate(signatures):
        if signature.status not in STATUS_NUMBERS:
            raise SeedError(
                f"signatures[{index}].status",
                f"{signature.status.value!r} is not a status of the service; "
                f"use one of {', '.join(STATUS_NUMBERS)}",
            )

"""One run of `reconciler import`: ask, write the manifests, record what is complete."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from reconciler.apply.context import Context
from reconciler.cli.recovery import context_of
from reconciler.cli.state_store import open_store
from reconciler.cli.workspace import (
    Workspace,
    load_repository,
    now,
    open_workspace,
    read_only_service,
    require_project,
)
from reconciler.discover import FOLDER
from reconciler.errors import ReconcilerError, ServiceError, UsageError
from reconciler.imported import Fate, Imported
from reconciler.importing import (
    ENDING,
    Draft,
    Given,
    blanks,
    drafts,
    manifest_text,
    name_for,
    unfit,
)
from reconciler.model import (
    Desired,
    Observation,
    Observed,
    Origin,
    Purpose,
    Recorded,
    SignatureType,
)
from reconciler.observe import Question, observe
from reconciler.plan.build import change
from reconciler.plan.pairing import Target
from reconciler.ports import StateStore
from reconciler.repository import Repository

Answers = Mapping[str, Observed | ServiceError]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user says about all of them; files as they are typed in a shell."""

    name: str | None
    type: SignatureType | None
    purpose: Purpose | None
    certificate: Path | None
    authorization: Path | None


class Importer:
    """Ids in, rows out, in the same order."""

    def __init__(self, workspace: Workspace, wish: Wish, stop: Event) -> None:
        self._workspace = workspace
        self._wish = wish
        self._stop = stop
        self._root = workspace.root
        self._project = workspace.settings.project or ""
        self._own_project = _own_project(workspace)
        self._certificate = self._placed(wish.certificate)
        self._authorization = self._placed(wish.authorization)

    def run(self, ids: Sequence[str]) -> tuple[Imported, ...]:
        """Raises `ReconcilerError` where nothing can be imported at all."""
        repository = load_repository(self._workspace)
        rows = {row.id: row for row in self._known(repository, ids)}
        seen = self._ask([each for each in ids if each not in rows])
        made = drafts(seen)
        if self._wish.name is not None and len(made) > 1:
            raise UsageError(
                f"--as names one signature, and these are {len(made)}",
                "Import them one at a time, or leave --as out.",
            )
        written = self._write(made, repository, seen)
        rows |= {row.id: row for row in written}
        rows |= {each: _failed(each, why) for each, why in unfit(seen).items()}
        return tuple(rows[each] for each in ids)

    def _known(self, repository: Repository, ids: Iterable[str]) -> Iterator[Imported]:
        """Ids that a manifest names, whatever else may be wrong with it."""
        wanted = frozenset(ids)
        for manifest in repository.manifests:
            own = manifest.data.get("id")
            for each in own if isinstance(own, list) else [own]:
                if isinstance(each, str) and each in wanted:
                    yield Imported(
                        id=each, fate=Fate.UNCHANGED, name=manifest.name, path=manifest.path
                    )

    def _ask(self, ids: Sequence[str]) -> Answers:
        if not ids:
            return {}
        require_project({self._project})
        questions = [Question(project=self._project, id=each) for each in ids]
        parallelism = self._workspace.settings.parallelism
        with read_only_service(self._workspace, self._stop) as service:
            answers = observe(questions, service, parallelism=parallelism, stop=self._stop)
        return {question.id or "": answer for question, answer in answers.items()}

    def _write(
        self, made: Sequence[Draft], repository: Repository, seen: Answers
    ) -> list[Imported]:
        """Under the state's lock where there will be something to record."""
        if not made or blanks(self._given(self._root)):
            return self._manifests(made, repository)
        store = open_store(self._workspace, stop=self._stop)
        with store.lock():
            return self._recorded(self._manifests(made, repository), seen, store)

    def _manifests(self, made: Sequence[Draft], repository: Repository) -> list[Imported]:
        taken = {manifest.name.casefold(): manifest.path for manifest in repository.manifests}
        contents = self._contents(repository)
        rows: list[Imported] = []
        for draft in made:
            name = self._wish.name or name_for(draft, taken)
            try:
                if draft.content in contents:
                    raise _taken(draft, contents[draft.content])
                if name.casefold() in taken:  # be it a .yml, or the same but for its case
                    raise _there(taken[name.casefold()])
                rows += self._manifest(draft, name)
                taken[name.casefold()] = f"{FOLDER}/{name}{ENDING}"
            except ReconcilerError as error:
                why = f"{error.summary}. {error.advice}".strip()
                rows += [_failed(each, why) for each in draft.ids]
        return rows

    def _contents(self, repository: Repository) -> dict[str, str]:
        """Which manifest of this project has which content; there may be anything in them."""
        found: dict[str, str] = {}
        for manifest in repository.manifests:
            content = manifest.data.get("content")
            project = manifest.data.get("project", self._project)
            if isinstance(content, str) and isinstance(project, str) and self._is_ours(project):
                found.setdefault(content, manifest.path)
        return found

    def _is_ours(self, project: str) -> bool:
        """A manifest may call it by its id or by the name that the settings give it."""
        return self._workspace.settings.project_id(project) == self._project

    def _manifest(self, draft: Draft, name: str) -> list[Imported]:
        path = f"{FOLDER}/{name}{ENDING}"
        given = self._given((self._root / path).parent)
        _create(self._root, path, manifest_text(draft, given, now().date()))
        return [
            Imported(
                id=each,
                fate=Fate.IMPORTED,
                name=name,
                path=path,
                status=status,
                blanks=blanks(given),
            )
            for each, status in zip(draft.ids, draft.statuses, strict=True)
        ]

    def _recorded(
        self, rows: Sequence[Imported], seen: Answers, store: StateStore
    ) -> list[Imported]:
        """What is complete and sound is recorded as adopted, so that nothing is sent for it."""
        sound = {each.path: each for each in load_repository(self._workspace).desired}
        known, context = store.load(), context_of(self._workspace)
        done: list[Imported] = []
        for row in rows:
            want, answer = sound.get(row.path or ""), seen[row.id]
            new = row.fate is Fate.IMPORTED and row.id not in known
            if new and want is not None and isinstance(answer, Observed):
                store.put(_adopted(want, row.id, answer, context))
                row = replace(row, recorded=True)
            elif new:
                row = replace(row, detail="not recorded: `reconciler validate` says what is wrong")
            done.append(row)
        return done

    def _given(self, folder: Path) -> Given:
        wish = self._wish
        return Given(
            type=wish.type,
            purpose=wish.purpose,
            certificate=self._seen_from(folder, self._certificate),
            authorization=self._seen_from(folder, self._authorization),
            project=self._own_project,
        )

    def _seen_from(self, folder: Path, file: Path | None) -> str | None:
        if file is None:
            return None
        return Path(os.path.relpath(os.path.realpath(file), os.path.realpath(folder))).as_posix()

    def _placed(self, file: Path | None) -> Path | None:
        """Where a document lies that is named as seen from here, or else from the root."""
        if file is None:
            return None
        found = next((each for each in (file, self._root / file) if each.is_file()), None)
        if found is None:
            advice = "Name it as seen from here, or from the repository's root."
            raise UsageError(f"{file}: there is no such file", advice)
        if not Path(os.path.realpath(found)).is_relative_to(os.path.realpath(self._root)):
            raise UsageError(f"{file}: this is outside of the repository", "Copy it inside.")
        return found


def _adopted(want: Desired, id: str, seen: Observed, context: Context) -> Recorded:
    found = change(Target(desired=want, id=id, recorded=None), seen)
    looked = Observation(status=seen.status, rejection=seen.rejection, at=context.now())
    return context.record(found, id, Origin.ADOPTED, observation=looked)


def _own_project(workspace: Workspace) -> str | None:
    """The project, unless it is the one that a run without flags would take anyway."""
    usual = open_workspace(workspace.root, replace(workspace.flags, project=None)).settings.project
    return None if usual == workspace.settings.project else workspace.settings.project


def _failed(id: str, why: str) -> Imported:
    return Imported(id=id, fate=Fate.FAILED, detail=why)


def _taken(draft: Draft, path: str) -> ReconcilerError:
    return ReconcilerError(
        f"{path} has its content {draft.content} already", "Write the id into that manifest"
    )


def _there(path: str) -> ReconcilerError:
    return ReconcilerError(f"{path} is there already", "Choose another name with --as")


def _create(root: Path, path: str, text: str) -> None:
    """A file that was not there; nothing is ever overwritten."""
    place = root / path
    if not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(root)):
        raise ReconcilerError(f"{path} leads out of the repository", "Choose another name")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise _there(path) from None
    except OSError as error:
        raise ReconcilerError(f"{path} cannot be written: {error.strerror or error}") from None

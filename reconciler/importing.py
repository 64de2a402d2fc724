"""What exists at the service becomes the text of a manifest. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reconciler.errors import ServiceError, UsageError
from reconciler.model import Observed, Purpose, ReviewStatus, SignatureType
from reconciler.wording import is_unicode
from reconciler.yamltext.write import scalar

ENDING = ".yaml"
_AWKWARD = re.compile(r"[^\w.-]+")
_LONGEST = 60
_ID = re.compile(r"[^\s\x00-\x1f\x7f-\x9f/\\\"'`]{1,128}")
_PART = re.compile(r"(?![._])[^\\\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the user says, since the service cannot be asked about it; None is left blank.

    The documents are paths relative to the manifest, with forward slashes.
    """

    type: SignatureType | None = None
    purpose: Purpose | None = None
    certificate: str | None = None
    authorization: str | None = None
    project: str | None = None
    """Set where it is not the configured one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One manifest to be: all ids that share a content."""

    ids: tuple[str, ...]
    content: str
    statuses: tuple[ReviewStatus, ...]
    """One for each id."""


def read_ids(words: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """The ids on the command line and in the texts of lists, each once, in order.

    A list has one id a line; what follows a # is for people. Raises `UsageError` for what is no id.
    """
    listed = (line.partition("#")[0].strip() for text in texts for line in text.splitlines())
    found = dict.fromkeys([*words, *(line for line in listed if line)])
    for each in found:
        if not _ID.fullmatch(each):
            raise UsageError(
                f"{each!r} is no id", "An id looks like SIG20190XXX2C1844; write one a line."
            )
    if not found:
        raise UsageError("there is nothing to import", "Name the ids, or a list with --from FILE.")
    return tuple(found)


def unfit(seen: Mapping[str, Observed | ServiceError]) -> dict[str, str]:
    """By id, why no manifest can be written about it; those that are fit are left out."""
    why: dict[str, str] = {}
    for each, answer in seen.items():
        if isinstance(answer, ServiceError):
            why[each] = answer.summary
        elif answer.content is None:
            why[each] = "the service knows no such id: check the id and the project"
        elif not is_unicode(answer.content):
            why[each] = "its content is no text that a manifest could hold"
    return why


def drafts(seen: Mapping[str, Observed | ServiceError]) -> tuple[Draft, ...]:
    """One for each content of what is fit, since two manifests with one would contradict."""
    bad = unfit(seen)
    grouped: dict[str, dict[str, ReviewStatus]] = {}
    for each, answer in seen.items():
        if each not in bad and isinstance(answer, Observed):
            grouped.setdefault(answer.content or "", {})[each] = answer.status
    return tuple(
        Draft(ids=tuple(found), content=content, statuses=tuple(found.values()))
        for content, found in grouped.items()
    )


def check_name(name: str) -> str:
    """A signature's name that the user chose, without its ending. Raises `UsageError`."""
    bare = name.removesuffix(ENDING).removesuffix(".yml")
    if not all(_PART.fullmatch(part) for part in bare.split("/")) or not is_unicode(bare):
        raise UsageError(
            f"--as {name}: this is no name of a signature",
            "It is the manifest's path below signatures/, such as retail/acme; no part of it "
            "begins with a dot or an underscore.",
        )
    return bare


def name_for(draft: Draft, taken: Iterable[str]) -> str:
    """A name made from the content; with the first id where that is taken by another."""
    text = unicodedata.normalize("NFC", draft.content)[:_LONGEST]
    plain = _AWKWARD.sub("-", text).strip("-._") or draft.ids[0]
    used = {each.casefold() for each in taken}  # some file systems know no case
    return f"{plain}-{draft.ids[0]}" if plain.casefold() in used else plain


def blanks(given: Given) -> tuple[str, ...]:
    """The fields that are left for a person to fill in."""
    missing = [
        ("type", given.type),
        ("purpose", given.purpose),
        ("certificate", given.certificate),
        ("authorization", given.authorization or given.purpose is not Purpose.OTHERS_USE),
    ]
    return tuple(field for field, value in missing if not value)


def manifest_text(draft: Draft, given: Given, today: date) -> str:
    """The manifest; every blank is an empty text that `validate` names, and says what goes in."""
    return "\n".join(_lines(draft, given, today)) + "\n"


def _lines(draft: Draft, given: Given, today: date) -> Iterator[str]:
    status = ", ".join(dict.fromkeys(each.value for each in draft.statuses))
    yield f"# Imported on {today.isoformat()}; the review status then: {status}."
    yield from _ids(draft.ids)
    yield f"content: {scalar(draft.content)}"
    yield _choice("type", given.type, SignatureType)
    yield _choice("purpose", given.purpose, Purpose)
    yield "certificate:"
    yield _file(given.certificate, "the proof of qualification that goes with the type")
    if given.authorization is not None or given.purpose is Purpose.OTHERS_USE:
        yield "authorization:"
        yield _file(given.authorization, "the letter of authorization")
    elif given.purpose is None:
        yield "# With the purpose others-use, the letter too:"
        yield "# authorization:"
        yield "#   file: …"
    if given.project is not None:
        yield f"project: {scalar(given.project)}"


def _ids(ids: Sequence[str]) -> Iterator[str]:
    if len(ids) == 1:
        yield f"id: {scalar(ids[0])}"
    else:
        yield "id:"
        yield from (f"  - {scalar(each)}" for each in ids)


def _choice(field: str, value: str | None, choices: Iterable[str]) -> str:
    if value is not None:
        return f"{field}: {value}"
    return f'{field}: ""  # fill in: {", ".join(choices)}'


def _file(path: str | None, what: str) -> str:
    if path is not None:
        return f"  file: {scalar(path)}"
    return f'  file: ""  # fill in: {what}, as a path from this file'

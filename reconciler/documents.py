"""Documents: confined to the repository, recognised by content, hashed by streaming.

A document's bytes never leave this module but through `open_document`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from reconciler.cache.files import KnownFiles
from reconciler.cache.store import NO_CACHE, Cache
from reconciler.errors import ReconcilerError
from reconciler.model import Proof
from reconciler.wording import is_unicode, quoted

MAX_BYTES = 4 * 1024 * 1024
"""The service takes documents of at most 4 MB (reference, `File`); this many bytes still pass."""

LONGEST_PATH = 4096
"""Linux's own bound (PATH_MAX); longer ones would only make the resolution of links slow."""
_CHUNK = 256 * 1024
_HEAD = 1024
# O_NONBLOCK: opening a pipe must not wait for its writer. O_NOFOLLOW: the path is resolved already,
# so a link in its last place was put there since. O_BINARY exists on Windows alone, the others not.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
# Readers of PDF forgive what mail programs and editors put before its first line.
_PDF = re.compile(rb"(?:\xef\xbb\xbf)?[\x00\t\n\f\r ]*%PDF-")
_MISTAKEN = (
    (b"version https://git-lfs", "a Git LFS pointer: run `git lfs pull`"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a WebP image"),
    (b"BM", "a BMP image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"PK\x03\x04", "an Office document or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
_CONVERT = "Send a scan as jpg, png or pdf."


class DocumentError(ReconcilerError):
    """A document cannot be sent; the summary names it as it is written in the manifest."""


class Documents:
    """The documents of one repository; each file is hashed once, however many manifests name it.

    Make a new one for each load: what is known about a file is never looked up again.
    """

    def __init__(self, root: Path, cache: Cache = NO_CACHE) -> None:
        self._root = os.path.realpath(root)
        self.files = KnownFiles(cache)
        """What is known of documents from before, or from elsewhere."""
        self._known: dict[str, Proof] = {}
        self._folders: dict[str, str] = {}
        self._sound: set[str] = set()
        """Words that can be a path: manifests share them as they share documents."""
        self.answers: dict[str, Proof] = {}
        """What `proof` said, by the place that was meant; where it raised, there is nothing."""

    def proof(self, manifest_dir: str, relative: str) -> Proof:
        """The document that a manifest in `manifest_dir` (relative to the root) calls `relative`.

        Raises `DocumentError`.
        """
        if relative not in self._sound:
            _check_words(relative)
            self._sound.add(relative)
        likely = self._likely(manifest_dir, relative)
        known = self._known.get(likely)
        proof = self._examined(manifest_dir, relative) if known is None else known
        self.answers[likely] = proof
        return proof

    def used(self) -> set[str]:
        """The paths of all documents that `proof` spoke of."""
        return {proof.path for proof in self.answers.values() if proof.path is not None}

    @property
    def evidence(self) -> list[dict[str, Any]]:
        """All that the answers so far rest on, as JSON data."""
        folders = {folder: self._below(real) for folder, real in self._folders.items()}
        return [folders, {self._below(place): _told(p) for place, p in self.answers.items()}]

    def bears_out(self, evidence: Sequence[Any]) -> bool:
        """Whether all of another run's `evidence` is so still: the same would be answered here.

        Folders are resolved and documents looked at once each: seven thousand ways of a hundred
        folders to seventy documents would take twenty times as long (20 ms of a warm validate).
        """
        return self.moved(evidence) == set()

    def moved(self, evidence: Sequence[Any]) -> set[str] | None:
        """The documents, by their paths then, of which something else would be answered here.

        None where a folder leads elsewhere, so that it may be any.
        """
        folders, answers = evidence
        if any(self._folder(text) != real for text, real in folders.items()):
            return None
        return {told[1] for place, told in answers.items() if self._says(place) != told}

    def keep(self, paths: Container[str]) -> None:
        """Drop the answers about all documents but those at these paths."""
        answers = self.answers.items()
        self.answers = {place: proof for place, proof in answers if proof.path in paths}

    def _folder(self, text: str) -> str:
        return self._below(os.path.realpath(f"{self._root}/{text}"))

    def _says(self, place: str) -> object:
        try:
            return _told(self.proof("", place))
        except DocumentError:
            return None

    def _below(self, real: str) -> str:
        """Relative to the root; what lies outside stays as it is."""
        return real.removeprefix(f"{self._root.rstrip(os.sep)}{os.sep}")

    def _likely(self, manifest_dir: str, relative: str) -> str:
        """Its real path, unless the last part is a link.

        A known document is found without a look at the disk: to resolve its whole path again for
        each of the manifests that share it takes 40 µs.
        """
        folder, _, name = f"{manifest_dir}/{relative}".rpartition("/")
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.realpath(f"{self._root}/{folder}")
        return f"{real}/{name}"

    def _examined(self, manifest_dir: str, relative: str) -> Proof:
        real = _confine(self._root, manifest_dir, relative)
        if real not in self._known:
            path = real.removeprefix(self._root).replace(os.sep, "/").lstrip("/")
            with _open(real, relative) as file:
                self._known[real] = _examine(file, path, relative, self.files)
        return self._known[real]


def read(root: Path, manifest_dir: str, relative: str) -> Proof:
    """One document, examined by itself. Raises `DocumentError`."""
    return Documents(root).proof(manifest_dir, relative)


def open_document(root: Path, path: str) -> BinaryIO:
    """Open a document (`path` as in `Proof.path`) for streaming; the caller closes it.

    That it lies inside the root is checked again. Its bytes are not: the caller compares their
    sha256 with the planned one. Raises `DocumentError`.
    """
    return _open(_confine(os.path.realpath(root), "", path), path)


def _confine(root: str, manifest_dir: str, relative: str) -> str:
    """The real path, all links followed, which lies inside `root`, itself a real path."""
    _check_words(relative)
    real = os.path.realpath(f"{root}/{manifest_dir}/{relative}")
    if not f"{real}{os.sep}".startswith(f"{root.rstrip(os.sep)}{os.sep}"):
        advice = "Put the document into the repository; links may not lead out of it either."
        raise DocumentError(f"{quoted(relative)} is outside the repository", advice)
    if not is_unicode(real):  # a link may lead to a name in any encoding, which no plan could show
        raise _not_a_path(relative)
    return real


def _told(proof: Proof) -> list[object]:
    return [proof.sha256, proof.path, proof.size, proof.media_type]


def _check_words(relative: str) -> None:
    """That it is the path of anything at all, and relative. Raises `DocumentError`."""
    if "\0" in relative or len(relative) > LONGEST_PATH or not is_unicode(relative):
        raise _not_a_path(relative)
    if relative.startswith("/") or "\\" in relative or os.path.isabs(relative):  # noqa: PTH117 - ten times faster
        advice = "Write the path relative to the manifest, with forward slashes."
        raise DocumentError(f"{quoted(relative)} is not a relative path", advice)


def _not_a_path(relative: str) -> DocumentError:
    advice = "Write the path relative to the manifest, such as ../documents/licence.png."
    return DocumentError(f"{quoted(relative)} cannot be the path of a document", advice)


def _open(real: str, relative: str) -> BinaryIO:
    try:
        descriptor = os.open(real, _FLAGS)
    except OSError as error:
        raise _cannot_open(error, relative) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not_regular(relative)
    return os.fdopen(descriptor, "rb", buffering=0)


def _cannot_open(error: OSError, relative: str) -> DocumentError:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        advice = "The path is relative to the manifest; a file must be committed to be found in CI."
        if "://" in relative:
            advice = "Write an address as `url:`, not as `file:`."
        return DocumentError(f"{quoted(relative)} does not exist", advice)
    if error.errno == errno.ENXIO:  # a socket
        return _not_regular(relative)
    reason = os.strerror(error.errno) if error.errno else "the system gives no reason"
    return DocumentError(f"{quoted(relative)} cannot be opened: {reason}", "Check the file.")


def _not_regular(relative: str) -> DocumentError:
    advice = "Name the document itself, not a folder, a pipe or a device."
    return DocumentError(f"{quoted(relative)} is not a regular file", advice)


def _examine(file: BinaryIO, path: str, relative: str, files: KnownFiles) -> Proof:
    """Read the file, unless it is too large, which its size tells beforehand, or known already."""
    status = os.fstat(file.fileno())
    if status.st_size > MAX_BYTES:
        raise _too_large(relative)
    known = files.recall(path, status)
    if isinstance(known, list):
        sha256, media_type = known
        return Proof(sha256=sha256, path=path, size=status.st_size, media_type=media_type)
    proof = _hashed(file, path, relative)
    if proof.size == status.st_size:  # else it has just changed
        files.keep(path, status, [proof.sha256, proof.media_type])
    return proof


def _hashed(file: BinaryIO, path: str, relative: str) -> Proof:
    digest, size, head = hashlib.sha256(), 0, b""
    while chunk := _read(file, relative):
        head = head or chunk[:_HEAD]
        digest.update(chunk)
        size += len(chunk)
        if size > MAX_BYTES:  # it grows while it is read
            raise _too_large(relative)
    media_type = _media_type(head, relative)
    return Proof(sha256=digest.hexdigest(), path=path, size=size, media_type=media_type)


def _read(file: BinaryIO, relative: str) -> bytes:
    try:
        return file.read(_CHUNK)
    except OSError as error:
        raise _cannot_open(error, relative) from error


def _too_large(relative: str) -> DocumentError:
    advice = "Scan it again with fewer dots per inch, or save it as a jpg."
    return DocumentError(f"{quoted(relative)} is larger than 4 MiB", advice)


def _media_type(head: bytes, relative: str) -> str:
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if _PDF.match(head):
        return "application/pdf"
    if not head:
        raise DocumentError(f"{quoted(relative)} is empty", _CONVERT)
    seems = next(
        (f"; it seems to be {what}" for magic, what in _MISTAKEN if head.startswith(magic)), ""
    )
    raise DocumentError(f"{quoted(relative)} is not a jpg, png or pdf{seems}", _CONVERT)

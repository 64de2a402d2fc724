"""What git stores, as bytes: names of objects, and the streams that its commands read and write."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_AUTHOR = "reconciler <reconciler@localhost>"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCommit:
    """A commit to be made: `files` by path, None for one that goes."""

    parent: str | None
    files: Mapping[str, bytes | None]
    message: str
    at: int
    """Seconds since 1970."""


def blob_id(data: bytes, object_format: str) -> str:
    """The name that git gives to these bytes."""
    hasher = hashlib.new(object_format, b"blob %d\0" % len(data), usedforsecurity=False)
    hasher.update(data)
    return hasher.hexdigest()


def import_stream(commit: NewCommit, ref: str) -> bytes:
    """The commit in the language of `git fast-import`, which answers with the commit's name.

    One process makes blobs, trees and the commit, and reads and writes those sub-folders alone
    that change: a commit costs the same however many files there are.
    """
    return b"".join(_stream(commit, ref))


def parse_tree(listing: bytes) -> dict[str, str]:
    """Files by path, from `git ls-tree -r -z`: the name of each one's bytes."""
    files: dict[str, str] = {}
    for line in listing.split(b"\0"):
        if line:
            about, _, path = line.partition(b"\t")
            files[path.decode("utf-8", errors="surrogateescape")] = about.split(b" ")[2].decode()
    return files


def parse_batch(output: bytes, names: Sequence[str]) -> Iterator[bytes]:
    """The bytes of each object, from `git cat-file --batch`; ValueError for a missing one."""
    begin = 0
    for name in names:
        end = output.index(b"\n", begin)
        about = output[begin:end].split(b" ")
        if len(about) != 3:  # noqa: PLR2004 - name, type, size; a missing one has two words
            raise ValueError(f"{name} is missing")
        begin = end + 1 + int(about[2])
        yield output[end + 1 : begin]
        begin += 1


def _stream(commit: NewCommit, ref: str) -> Iterable[bytes]:
    if commit.parent is None:
        yield f"reset {ref}\n".encode()
    yield f"commit {ref}\nmark :1\ncommitter {_AUTHOR} {commit.at} +0000\n".encode()
    yield _data(commit.message.encode("utf-8", errors="replace"))
    if commit.parent is not None:
        yield f"from {commit.parent}\n".encode()
    for path, data in sorted(commit.files.items()):
        if data is None:
            yield f"D {path}\n".encode()
        else:
            yield f"M 100644 inline {path}\n".encode()
            yield _data(data)
    yield b"\nget-mark :1\ndone\n"


def _data(data: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(data), data)

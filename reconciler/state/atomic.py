"""Write a file so that a reader, or a crash at any instant, sees the old bytes or the new ones."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

TEMPORARY = ".tmp-"


def write(path: Path, data: bytes) -> None:
    """Write beside, sync, rename, sync the folder: when this returns, the bytes are durable.

    Raises OSError; then `path` is as it was, and the temporary file is gone where possible. Only
    if the last step fails, syncing the folder, the new bytes are there, but perhaps not for good.
    """
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")
    try:
        _write_through(temporary, data)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):  # the first failure is the one worth telling
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a file durably; nothing happens when there is none."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove what killed processes have left half-written; nobody may be writing there now."""
    for left in folder.glob(f"{TEMPORARY}*"):
        left.unlink(missing_ok=True)


def append_line(path: Path, line: bytes) -> None:
    """Append a line, durably and whole or not at all; `line` holds no newline. Raises OSError."""
    new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        append(descriptor, _close_last_line(descriptor) + line + b"\n")
    finally:
        os.close(descriptor)
    if new:
        sync_folder(path.parent)


def append(descriptor: int, data: bytes) -> None:
    """Append to a file that is open for it, durably and whole or not at all. Raises OSError."""
    before = os.fstat(descriptor).st_size
    try:
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    except OSError:
        # Half a line would spoil the next one; taking it back needs no space.
        os.ftruncate(descriptor, before)
        raise


def _close_last_line(descriptor: int) -> bytes:
    """What ends the line that a killed process has left open."""
    size = os.fstat(descriptor).st_size
    return b"" if size == 0 or os.pread(descriptor, 1, size - 1) == b"\n" else b"\n"


def make_folder(folder: Path) -> None:
    """Make `folder` and those above it, durably; nothing happens when it is there."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename or a removal in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_through(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())

"""Which program this is: what was found out by another one is not believed."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from reconciler import __version__
from reconciler.resources import schema_path

_PACKAGE = Path(__file__).resolve().parents[1]
_LIBRARIES = (("yaml", "__init__.py"), ("PIL", "_version.py"), ("pypdf", "_version.py"))
"""Those whose answers end up in a verdict, and which file of theirs says the version."""
_CIPHERS = ("cryptography", "Crypto")
"""Those with one of which pypdf opens more documents; their versions make no difference."""


@lru_cache(maxsize=1)
def program() -> str:
    """A digest (hex) of this program's version, its schema, Python's version and the libraries'.

    It is the same on every machine with the same ones installed.
    """
    digest = hashlib.sha256(f"{__version__} {sys.version}\0".encode())
    for part in _parts():
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _parts() -> Iterator[bytes]:
    schema = schema_path("signature.schema.json")
    yield schema.read_bytes()
    for name, file in _LIBRARIES:
        yield _library(name, file)
    yield " ".join(name for name in _CIPHERS if find_spec(name) is not None).encode()
    # A version may be built more than once; what was installed has its list of digests.
    installed = _PACKAGE.parent / f"reconciler-{__version__}.dist-info" / "RECORD"
    if schema.is_relative_to(_PACKAGE) and installed.exists():
        yield "\n".join(_own(installed.read_text("utf-8").splitlines())).encode()
        return
    # A checkout: its sources change from one minute to the next, and the version does not.
    for path in sorted(_PACKAGE.rglob("*.py")):
        yield path.read_bytes()


def _own(record: Iterable[str]) -> Iterator[str]:
    """The lines about our own files: those about scripts tell one machine from another."""
    for line in record:
        if line.startswith(f"{_PACKAGE.name}/") and "sha256=" in line:
            yield line


def _library(name: str, file: str) -> bytes:
    """The text that says its version; nothing where it is not installed. It is not imported."""
    found = find_spec(name)
    places = () if found is None else (found.submodule_search_locations or ())
    return b"".join(Path(place, file).read_bytes() for place in places)

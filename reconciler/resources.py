"""The files that travel with the package: schemas and example signatures."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def schema_path(name: str) -> Path:
    """Where `name` (such as `signature.schema.json`) is, in a wheel or in a checkout."""
    return _first(_PACKAGE / "_schemas", _PACKAGE.parent / "schemas") / name


def examples_path() -> Path:
    """The folder of example manifests, in a wheel or in a checkout."""
    return _first(_PACKAGE / "_examples" / "signatures", _PACKAGE.parent / "signatures")


def template_path(name: str) -> Path:
    """What `init` starts from: a file of the package's own."""
    return _PACKAGE / "_templates" / name


def workflow_path(name: str) -> Path:
    """Where the workflow `name` is, in a wheel or in a checkout: it is this repository's own."""
    return _first(_PACKAGE / "_workflows", _PACKAGE.parent / ".github" / "workflows") / name


def _first(packaged: Path, checkout: Path) -> Path:
    return packaged if packaged.is_dir() else checkout


def schema_names() -> tuple[str, ...]:
    """What `reconciler schema` can print: the file names without `.schema.json`; sorted."""
    ending = ".schema.json"
    folder = schema_path(".")
    return tuple(sorted(p.name.removesuffix(ending) for p in folder.glob(f"*{ending}")))

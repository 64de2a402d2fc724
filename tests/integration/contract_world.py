"""A repository of somebody who knows the contract alone, and the command line as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from reconciler.resources import schema_path
from tests.integration.contract_service import (
    PRIVATE_KEY,
    PROJECT,
    PUBLIC_KEY,
    Held,
    Service,
    serving,
)
from tests.integration.world import PNG, Ended

MakeContractWorld = Callable[..., "ContractWorld"]
SECONDS = 60
GOOD = {"type": "company", "purpose": "self-use", "certificate": {"file": "documents/licence.png"}}


@dataclass(slots=True, kw_only=True)
class ContractWorld:
    """`root` is the repository, `environ` all that a command sees of the outside."""

    root: Path
    service: Service
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environ |= {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root / "home"),
            "UCLOUD_PUBLIC_KEY": PUBLIC_KEY,
            "UCLOUD_PRIVATE_KEY": PRIVATE_KEY,
            "UCLOUD_PROJECT_ID": PROJECT,
            "UCLOUD_API_BASE_URL": self.service.url,
        }
        self.file("documents/licence.png", PNG)

    def file(self, path: str, content: bytes | str) -> Path:
        """Write a file below the root."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return target

    def manifest(self, name: str, **keys: object) -> Path:
        """Write a manifest; documents' paths are given from the root."""
        body = {key: value for key, value in {**GOOD, **keys}.items() if value is not None}
        up = "../" * (name.count("/") + 1)
        for key in ("certificate", "authorization"):
            proof = body.get(key)
            if isinstance(proof, dict) and "file" in proof:
                body[key] = {**proof, "file": up + proof["file"]}
        return self.file(f"signatures/{name}.yaml", json.dumps(body, ensure_ascii=False))

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "reconciler", *words, "--root", str(self.root)]

    def start(self, *words: str, **environ: str) -> subprocess.Popen[bytes]:
        """`reconciler WORDS --root ROOT`, from another directory, with nobody at the keyboard."""
        return subprocess.Popen(
            self.words(*words),
            env={**self.environ, **environ},
            cwd=self.root.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *words: str, **environ: str) -> Ended:
        with self.start(*words, **environ) as process:
            out, err = process.communicate(timeout=SECONDS)
        return Ended(code=process.returncode, out=out.decode(), err=err.decode())

    def document(self, *words: str, **environ: str) -> tuple[int, Any]:
        """Exit code and the JSON document of a command, checked against its schema."""
        ended = self.run(*words, "--format", "json", **environ)
        schema = json.loads(schema_path(f"{words[0]}.schema.json").read_text("utf-8"))
        Draft202012Validator(schema).validate(ended.json)
        return ended.code, ended.json

    def plan(self, *words: str) -> dict[str, tuple[object, ...]]:
        """By name, each row's action, reason and whether it needs attention."""
        _, plan = self.document("plan", *words)
        assert plan["errors"] == []
        return {
            row["name"]: (row["action"], row["reason"], row["attention"]) for row in plan["changes"]
        }

    def records(self) -> set[str]:
        """The ids that the state knows."""
        folder = self.root / ".reconciler" / "state"
        return {each.stem for each in folder.glob("SIG*.json")}


@contextmanager
def contract_worlds(parent: Path) -> Iterator[MakeContractWorld]:
    """Worlds below `parent`, a path with a blank and Chinese in it, as home folders have."""
    with ExitStack() as stack:

        def make(**held: Held) -> ContractWorld:
            service = stack.enter_context(serving(**held))
            return ContractWorld(root=parent / "短信 签名", service=service)

        yield make

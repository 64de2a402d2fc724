"""A repository on disk, a sandbox, and the command line as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.sandbox.log import LogEntry
from reconciler.sandbox.server import Sandbox

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63600000000200015d0d0e590000000049454e44ae426082"
)
SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(slots=True, kw_only=True)
class World:
    """`root` is the repository; `environ` is all that the command sees of the outside."""

    root: Path
    sandbox: Sandbox
    environ: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    """All that any command ever printed."""

    def __post_init__(self) -> None:
        self.environ |= {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root / "home"),
            **self.sandbox.environment(),
        }
        (self.root / "documents").mkdir(parents=True)
        (self.root / "documents" / "licence.png").write_bytes(PNG)

    def manifest(self, name: str, content: str, **keys: object) -> Path:
        """Write a good manifest; `keys` replace or (None) remove its keys."""
        depth = "../" * (name.count("/") + 1)
        body: dict[str, object] = {
            "content": content,
            "type": "company",
            "purpose": "self-use",
            "certificate": {"file": f"{depth}documents/licence.png"},
        }
        body |= keys
        kept = {key: value for key, value in body.items() if value is not None}
        path = self.root / "signatures" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            "\n".join(f"{k}: {json.dumps(v, ensure_ascii=False)}" for k, v in kept.items())
        )
        return path

    def run(self, *words: str, **environ: str) -> Ended:
        """`reconciler WORDS --root ROOT` in a process of its own."""
        with self.start(*words, **environ) as process:
            out, err = process.communicate(timeout=SECONDS)
        self.heard += [out, err]
        return Ended(code=process.returncode, out=out, err=err)

    def start(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        """The same, without waiting for its end."""
        return subprocess.Popen(
            [sys.executable, "-m", "reconciler", *words, "--root", str(self.root)],
            env={**self.environ, **environ},
            cwd=self.root.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def requests(self, action: str) -> list[LogEntry]:
        """What the sandbox received of one action."""
        return [entry for entry in self.sandbox.log() if entry.action == action]

    def state_files(self) -> Mapping[str, str]:
        """Every file of the state, by name."""
        folder = self.root / ".reconciler" / "state"
        return {each.name: each.read_text("utf-8") for each in folder.glob("*") if each.is_file()}

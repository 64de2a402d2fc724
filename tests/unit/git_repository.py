"""A repository of git with manifests in it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.git_world import git

PNG = b"\x89PNG\r\n\x1a\n"


class Repository:
    """`root` holds signatures/; `of` is a larger repository that it is a folder of."""

    def __init__(self, root: Path, *, of: Repository | None = None) -> None:
        self.root = root
        (root / "signatures").mkdir(parents=True)
        if of is None:
            self.git("init", "--quiet", "--initial-branch", "main")

    def git(self, *words: str) -> str:
        return git(*words, cwd=self.root)

    def commit(self, message: str) -> str:
        """Everything that is there; the commit's name."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD").strip()

    def write(self, path: str, content: bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def text(self, *, id: str | None, file: str, content: str = "", scene: str = "") -> bytes:
        keys: dict[str, object] = {
            "id": id,
            "content": content or f"甲乙丙{(id or 'x')[-1]}",
            "type": "company",
            "purpose": "self-use",
            "certificate": {"file": file},
            "scene": scene,
            "description": "" if id else "for the tests",
        }
        lines = [f"{k}: {json.dumps(v, ensure_ascii=False)}\n" for k, v in keys.items() if v]
        return "".join(lines).encode()

    def manifest(
        self, name: str, *, id: str | None, file: str, content: str = "", scene: str = ""
    ) -> None:
        text = self.text(id=id, file=file, content=content, scene=scene)
        self.write(f"signatures/{name}.yaml", text)

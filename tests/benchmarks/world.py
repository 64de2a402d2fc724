"""What the works run on: repositories, services and the peers' own data, made once when needed."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from tests.benchmarks.branch import Branch
from tests.benchmarks.data import (
    manifest_path,
    write_repository,
    write_settings,
    write_state,
    write_uploads,
)
from tests.benchmarks.environments import ROOT
from tests.benchmarks.peer_data import write_octodns, write_terraform
from tests.integration.tls_setup import Certificate, make_certificate

MANY = 10_000
UPLOADS = 100
LATENCY = 0.05
PARALLELISM = 32
_NOWHERE = "http://127.0.0.1:9"
_APPROVED, _REJECTED = 2, 3
_SECONDS = 10


class World:
    """Everything lies in `folder`; the services end with `stack`."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self._stack = stack
        self._urls: dict[Path, str] = {}
        self._repository = cache(self._written)
        self.octodns = cache(lambda: write_octodns(folder / "octodns", MANY))
        self.terraform = cache(self._terraform)
        self.online = cache(self._online)
        self.branch = cache(self._branch)
        self.uploads = cache(self._uploads)
        self._service = cache(self._started)
        self._certificate = cache(self._made)

    def environ(self, root: Path) -> dict[str, str]:
        """Keys for a service that looks at none, and its address."""
        return {
            "UCLOUD_PUBLIC_KEY": "bench-public",
            "UCLOUD_PRIVATE_KEY": "bench-private",
            "UCLOUD_API_BASE_URL": self._urls.get(root, _NOWHERE),
            "HOME": str(self.folder),
            "REQUESTS_CA_BUNDLE": str(self.trusted),
        }

    @property
    def trusted(self) -> Path:
        """The usual authorities and the services' own certificate."""
        return self._certificate().path.with_name("trusted.pem")

    def manifests(self, number: int) -> list[str]:
        """The files of the repository of so many."""
        root = self.repository(number)
        return [str(root / manifest_path(each)) for each in range(number)]

    def upload(self) -> tuple[str, Path]:
        """Where a script sends its documents, and where it finds them."""
        root = self.uploads(1, UPLOADS, None)
        return self._urls[root], root / "documents"

    def repository(self, number: int, *, large: bool = False) -> Path:
        """So many manifests with 70 documents, recorded as approved; `large` ones of 4 MiB."""
        return self._repository(number, large)

    def _written(self, number: int, large: bool) -> Path:
        root = self.folder / f"repository-{number}{'-large' if large else ''}"
        write_repository(root, number, large=large)
        write_settings(root)
        write_state(root, _NOWHERE)
        return root

    def _online(self, number: int) -> Path:
        root = self.folder / f"online-{number}"
        self._urls[root] = self._service(LATENCY, _APPROVED)
        write_repository(root, number)
        write_settings(root, parallelism=PARALLELISM)
        write_state(root, self._urls[root])
        return root

    def _branch(self, number: int, program: Path) -> Branch:
        root = self.folder / f"branch-{number}"
        return Branch(root, number, program, {**os.environ, **self.environ(root)})

    def _uploads(self, parallelism: int, number: int, sharing: int | None) -> Path:
        root = self.folder / f"uploads-{parallelism}-{number}-{sharing or 'all'}"
        self._urls[root] = self._service(0.0, _REJECTED, tls=True)
        write_uploads(root, number, sharing)
        write_settings(root, parallelism=parallelism)
        return root

    def _terraform(self, python: Path) -> Path:
        documents = self.repository(MANY, large=True) / "documents"
        script = write_terraform(self.folder / "terraform", documents, MANY)
        subprocess.run([str(python), str(script), str(script.parent), "init"], check=True)
        return script

    def _made(self) -> Certificate:
        """Trusted among as many as a client has usually to read: that is a part of its cost."""
        folder = self.folder / "certificate"
        folder.mkdir()
        made = make_certificate(folder, name="IP:127.0.0.1")
        usual = Path(DEFAULT_CA_BUNDLE_PATH).read_bytes()
        (folder / "trusted.pem").write_bytes(usual + made.path.read_bytes())
        return made

    def _started(self, pause: float, status: int, *, tls: bool = False) -> str:
        words = ["-m", "tests.benchmarks.service", "--pause", str(pause), "--status", str(status)]
        if tls:
            made = self._certificate()
            words += ["--certificate", str(made.path), "--key", str(made.key)]
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._stack.callback(process.wait, _SECONDS)
        assert process.stdin is not None
        assert process.stdout is not None
        self._stack.callback(process.stdin.close)
        return process.stdout.readline().strip()

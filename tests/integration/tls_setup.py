"""A certificate for this machine alone, made for one run by the `openssl` command."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A self-signed certificate, as a server uses it and as a client trusts it."""

    path: Path
    key: Path
    directory: Path
    """Holds the certificate under its hash, as `openssl rehash` names it."""

    @property
    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path, self.key)
        return context


def make_certificate(folder: Path, *, name: str = "DNS:localhost") -> Certificate:
    """For the server that is called by this name, as `subjectAltName` writes it."""
    path, key = folder / "localhost.pem", folder / "localhost.key"
    directory = folder / "trusted"
    directory.mkdir()
    _openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "1", "-subj", "/CN=localhost",
        "-addext", f"subjectAltName={name}",
        "-keyout", str(key), "-out", str(path),
    )  # fmt: skip
    hashed = _openssl("x509", "-hash", "-noout", "-in", str(path)).strip()
    (directory / f"{hashed}.0").write_bytes(path.read_bytes())
    return Certificate(path=path, key=key, directory=directory)


def _openssl(*arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True)
    return done.stdout

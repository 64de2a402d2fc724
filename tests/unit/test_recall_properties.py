"""A cache cannot lie: whatever it holds, the verdict is the one that is found without it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.cache.store import FILE
from reconciler.cli.caching import FOLDER
from tests.integration.world import PNG
from tests.unit.recall_world import NAMES, SCAN, World, clone, world

SCANS = ("documents/one", "documents/two", "documents/three", "papers/four", "papers/unused")
BESIDE_EACH_OTHER = b'[rules]\nUSMS1 = "off"\nUSMS2 = "off"\nUSMS3 = "off"\nUSMS401 = "warning"\n'

Step = Callable[[World], None]
STAR, CUP = "示例星杯咖啡有限公司", "示例杯星餐饮有限公司"
CONTENTS = ("示例星杯咖啡", "示例星杯", "示例杯星餐饮", "示例星碗", "示例星", "示例杯", "示例碗")
"""Neighbours by name may have the same one."""
REASON = "# reconciler: ignore[{}] they know of each other"


def spoken(name: str, words: dict[str, Any]) -> Step:
    """A manifest that says something of what others speak about too; see `WORDS`."""
    up = "../" * (name.count("/") + 1)
    ignored = words["ignore"]

    def noted(rule: str) -> str:
        return f" {REASON.format(rule)}" if rule == ignored else ""

    lines = [
        f"id: SIG{NAMES.index(name)}",
        f"content: {CONTENTS[NAMES.index(name) + words['content']]}{noted('USMS405')}",
        f"type: {words['type']}",
        f"purpose: {'others-use' if words['letter'] else 'self-use'}",
        f"scene: {words['scene']}{noted('USMS403')}",
        f"project: {words['project']}",
        f"certificate:\n  file: {up}documents/{words['document']}{noted('USMS404')}",
        f"  holder: {words['holder']}{noted('USMS406') or noted('USMS401')}",
        words["more"],
    ]
    if words["letter"]:
        letter = f"{up}documents/{words['letter']}{noted('USMS407') or noted('USMS404')}"
        lines.append(f"authorization:\n  file: {letter}")
    return lambda world: world.write(f"signatures/{name}.yaml", "\n".join(lines).encode() + b"\n")


WORDS = st.fixed_dictionaries(
    {
        "content": st.sampled_from([0, 0, 0, 1]),
        "type": st.sampled_from(["company", "trademark"]),
        "scene": st.sampled_from(["codes", "orders", "Login codes of our shop"]),
        "project": st.sampled_from(["org-1", "org-2"]),
        "document": st.sampled_from(
            ["one.png", "two.png", "three.png", "../papers/four.png", "linked.png"]
        ),
        "holder": st.sampled_from([STAR, CUP]),
        "letter": st.sampled_from(["", "", "two.png", "one.png"]),
        "more": st.sampled_from(["", "", "", "suspend: true", "absent: true"]),
        "ignore": st.sampled_from(["", "", *(f"USMS40{number}" for number in (1, 3, 4, 5, 6, 7))]),
    }
)


def edit(name: str, content: str) -> Step:
    return lambda world: world.manifest(name, content)


def other_bytes_of_the_same_size_and_time(path: str, flip: int) -> Step:
    """What a careless cache would not notice."""

    def step(world: World) -> None:
        target = world.root / path
        if target.exists():
            before = target.stat()
            data = bytearray(target.read_bytes())
            data[-1 - flip] ^= 1
            target.write_bytes(data)
            os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))

    return step


def remove(path: str) -> Step:
    return lambda world: (world.root / path).unlink(missing_ok=True)


def touch(path: str) -> Step:
    return lambda world: (
        os.utime(world.root / path, (1, 1)) if (world.root / path).exists() else None
    )


def swap(world: World) -> None:
    """Two documents change places, with their times and inodes."""
    one, two = (world.root / "documents" / name for name in ("one.png", "two.png"))
    if one.exists() and two.exists():
        one.rename(one.with_suffix(".tmp"))
        two.rename(one)
        one.with_suffix(".tmp").rename(two)


def setting(text: str) -> Step:
    return lambda world: world.write("reconciler.toml", text.encode())


def damage(world: World) -> None:
    if world.file().exists():
        data = bytearray(world.file().read_bytes())
        for at in range(5000, len(data), 97):
            data[at] ^= 255
        world.file().write_bytes(data)


def stray(path: str) -> Step:
    return lambda world: world.write(path, PNG + os.fsencode(path))


def link(path: str, target: str) -> Step:
    def step(world: World) -> None:
        place = world.root / path
        if not os.path.lexists(place):
            place.symlink_to(target)

    return step


ODD = os.fsdecode(b"signatures/\xff.yaml")
"""A name that is not UTF-8."""
PLACES = st.sampled_from(
    ["signatures/a.yaml", "signatures/deep/c.yaml", "documents/one.png", "documents/two.png"]
)
SPOKEN = st.builds(spoken, st.sampled_from(NAMES), WORDS)
CHANGES = SPOKEN | st.builds(remove, st.sampled_from([f"signatures/{name}.yaml" for name in NAMES]))
STEPS: st.SearchStrategy[Step] = st.one_of(
    SPOKEN,
    st.builds(
        edit, st.sampled_from(NAMES), st.sampled_from(["甲乙丙丁", "子丑寅卯", "优刻得", "!"])
    ),
    st.builds(other_bytes_of_the_same_size_and_time, PLACES, st.integers(0, 3)),
    st.builds(remove, PLACES),
    st.builds(touch, PLACES),
    st.builds(stray, st.sampled_from(["documents/three.png", "documents/deep/four.png"])),
    st.builds(
        setting,
        st.sampled_from(["", 'project = "org-1"\n', '[rules]\nUSMS4 = "off"\n', "timeout = 9\n"]),
    ),
    st.sampled_from([swap, clone, damage, remove(f"{FOLDER}/{FILE}")]),
    st.sampled_from(
        [
            link("signatures/out.yaml", "/etc/passwd"),
            link("signatures/loop", "."),
            link("signatures/same.yaml", "a.yaml"),
            remove("signatures/out.yaml"),
            remove("signatures/loop"),
            stray(ODD),
            remove(ODD),
        ]
    ),
)


@given(st.lists(STEPS, max_size=6))
# What is left of a damaged file takes up some of the new values and not the others.
@example([damage, touch("signatures/a.yaml"), swap, swap])
@example([link("signatures/out.yaml", "/etc/passwd")])
@example([link("signatures/loop", ".")])
@example([stray(ODD)])
@settings(max_examples=40)
def test_cold_warm_stale_damaged_and_absent_caches_give_the_same_verdict(steps: list[Step]) -> None:
    with world() as made:
        for step in [lambda _: None, *steps]:
            step(made)
            without = made.judge(cached=False)
            assert made.judge(cached=True) == without
            assert made.judge(cached=True) == without


@given(st.tuples(*(st.builds(spoken, st.just(name), WORDS) for name in NAMES)), st.lists(CHANGES))
@settings(max_examples=60)
def test_what_a_change_touches_is_all_that_it_changes(
    begin: tuple[Step, ...], changes: list[Step]
) -> None:
    """Manifests that agree with each other or not, changed one after the other."""
    with world() as made:
        # What is said of each by itself would nearly always end in an error, and nothing be kept.
        made.write("reconciler.toml", BESIDE_EACH_OTHER)
        for number, name in enumerate(SCANS):
            made.write(f"{name}.png", SCAN[:-1] + bytes([number]))
        (made.root / "documents" / "linked.png").symlink_to("../papers/four.png")
        for step in begin:
            step(made)
        for change in [lambda _: None, *changes]:
            change(made)
            assert made.judge(cached=True) == made.judge(cached=False)

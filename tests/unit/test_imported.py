"""What `import` did, added up."""

from __future__ import annotations

from reconciler.imported import Fate, Imported, summarise


def test_every_fate_is_counted_and_none_is_left_out() -> None:
    rows = [
        Imported(id="SIG1", fate=Fate.IMPORTED),
        Imported(id="SIG2", fate=Fate.IMPORTED),
        Imported(id="SIG3", fate=Fate.FAILED, detail="no answer"),
    ]
    assert summarise(rows) == {"imported": 2, "unchanged": 0, "failed": 1}
    assert list(summarise([])) == ["imported", "unchanged", "failed"]

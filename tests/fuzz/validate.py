"""`make fuzz`: Atheris looks for bytes that `validate` does not survive.

    python -m tests.fuzz.validate -max_total_time=60 .fuzz tests/fuzz/corpus

New inputs go into the first folder, the others are where it begins. With `-artifact_prefix`, as
`make fuzz` has it, one that fails is left in tests/fuzz/corpus as `crash-…`, where the tests run it
from then on: give it a name that says what it is, and mend the code.
"""

from __future__ import annotations

import sys

import atheris

# The hook in `limits` is called at every call; to follow it too would be ten times the work.
with atheris.instrument_imports(
    include=["reconciler", "yaml", "pypdf", "PIL"], exclude=["reconciler.inspection.limits"]
):
    import PIL.JpegImagePlugin
    import PIL.PngImagePlugin  # noqa: F401 - loaded for its registration
    import pypdf  # noqa: F401 - the three are imported to have them instrumented

    from tests.fuzz.target import judge


def _one_input(data: bytes) -> None:
    judge(data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, _one_input)
    atheris.Fuzz()

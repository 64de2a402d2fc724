"""A request's body: signed as a whole, of the length it says, and never signed over other bytes."""

from __future__ import annotations

import base64
import io
import json
import tracemalloc
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ucloud.core.auth._cfg import verify_ac

from reconciler.errors import DocumentChangedError, ReconcilerError
from reconciler.gateway.body import Body
from reconciler.gateway.encoded import Shelf
from reconciler.gateway.encodings import WIRES, Encoding
from reconciler.gateway.parameters import FileParameter, Value, flat
from reconciler.gateway.stream import BLOCK
from reconciler.signing import Scalar, canonical, sign
from tests.unit.gateway_builders import CountedFiles, document

KEY = "46f09bb9fab4f12dfc160dae12273d5332b5debe"
NAMES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._", min_size=1)
SCALARS = st.one_of(st.text(), st.integers(), st.booleans(), st.floats(-1e9, 1e9))
DOCUMENTS = st.binary(max_size=200).map(document)
PARAMETERS = st.dictionaries(
    NAMES.filter(lambda name: name != "Signature"), st.one_of(SCALARS, DOCUMENTS), min_size=1
)
BOTH = pytest.mark.parametrize("encoding", list(Encoding))


def whole(value: Value) -> Scalar:
    """The value as the service sees it."""
    if not isinstance(value, FileParameter):
        return value
    with value.open() as handle:
        return f"{value.media_type};base64,{base64.b64encode(handle.read()).decode()}"


def body_of(parameters: dict[str, Value], encoding: Encoding = Encoding.JSON) -> Body:
    return Body(parameters, KEY, WIRES[encoding], Shelf())


@given(PARAMETERS)
def test_json_body_parses_to_exactly_the_parameters_and_their_signing(
    parameters: dict[str, Value],
) -> None:
    expected = {name: whole(value) for name, value in parameters.items()}
    body = body_of(parameters)
    sent = b"".join(body)
    received = json.loads(sent)
    signing = received.pop("Signature")
    assert received == expected
    assert list(received) == sorted(received)
    assert [type(value) for value in received.values()] == [
        type(expected[name]) for name in received
    ]
    assert signing == sign(expected, KEY)
    assert len(sent) == len(body)


@given(PARAMETERS)
def test_form_body_parses_to_exactly_the_parameters_and_their_signing(
    parameters: dict[str, Value],
) -> None:
    expected = {name: canonical(whole(value)) for name, value in parameters.items()}
    body = body_of(parameters, Encoding.FORM)
    sent = b"".join(body)
    received = parse_qsl(sent.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    assert received == [*sorted(expected.items()), ("Signature", sign(expected, KEY))]
    assert len(sent) == len(body)


@given(
    st.dictionaries(NAMES, st.one_of(st.text(), st.integers(), st.booleans(), DOCUMENTS)),
    st.sampled_from(list(Encoding)),
)
def test_signing_is_the_one_the_official_sdk_computes(
    parameters: dict[str, Value], encoding: Encoding
) -> None:
    parameters = {"Action": "UpdateUSMSSignature", **parameters}
    parameters.pop("Signature", None)
    oracle = verify_ac(KEY, {name: whole(value) for name, value in parameters.items()})
    assert oracle.encode() in b"".join(body_of(parameters, encoding))


@BOTH
def test_signature_is_the_last_parameter_though_others_sort_after_it(encoding: Encoding) -> None:
    sent = b"".join(body_of({"Action": "a", "Zone": "z"}, encoding)).decode()
    assert sent.index("Zone") < sent.index("Signature")


def test_lists_are_numbered_from_zero() -> None:
    assert flat({"SigIds": ("a", "b"), "SigType": 0}) == {
        "SigIds.0": "a",
        "SigIds.1": "b",
        "SigType": 0,
    }


@BOTH
@pytest.mark.parametrize("size", [0, 1, 2, 3, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 2])
def test_a_document_is_whole_at_every_size(encoding: Encoding, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    file = document(content[:size])
    body = body_of({"File": file}, encoding)
    sent = b"".join(body)
    assert len(sent) == len(body)
    received = json.loads(sent) if encoding is Encoding.JSON else dict(parse_qsl(sent.decode()))
    assert received["File"] == whole(file)


PLANNED = bytes(range(256)) * 2048  # more than two blocks


@BOTH
@pytest.mark.parametrize(
    "really",
    [
        b"",
        PLANNED[:-1],
        PLANNED[:BLOCK],
        PLANNED[: BLOCK + 1],
        PLANNED + b"!",
        PLANNED + PLANNED,
        b"!" + PLANNED[1:],
        PLANNED[:-1] + b"!",
    ],
    ids=["empty", "shorter", "one block", "odd", "longer", "twice", "first byte", "last byte"],
)
def test_bytes_that_were_not_planned_are_never_signed(encoding: Encoding, really: bytes) -> None:
    """The body ends with an error, before `Signature` and before it is as long as announced."""
    # The form encoding counts in a first pass, which still finds the planned bytes.
    reads = iter([PLANNED, really] if encoding is Encoding.FORM else [really])
    file = replace(document(PLANNED), open=lambda: io.BytesIO(next(reads)))
    body = body_of({"Action": "UpdateUSMSSignature", "File": file, "SigId": "SIG1"}, encoding)
    sent = bytearray()
    with pytest.raises(DocumentChangedError, match=r"documents/licence\.png is not what was"):
        sent.extend(chunk for piece in body for chunk in piece)
    assert b"Signature" not in sent.replace(b"UpdateUSMSSignature", b"")
    assert len(sent) < len(body)
    assert not body.signed


def test_form_encoding_finds_a_changed_document_before_anything_is_sent() -> None:
    with pytest.raises(DocumentChangedError):
        body_of({"File": document(b"planned", really=b"changed")}, Encoding.FORM)


@pytest.mark.parametrize("fails_at", ["confine", "open", "read", "end"])
def test_a_document_that_cannot_be_read_any_more_ends_the_request_unsigned(fails_at: str) -> None:
    def opens() -> io.BytesIO:
        if fails_at == "confine":
            raise ReconcilerError("it is outside the repository")
        if fails_at == "open":
            raise FileNotFoundError(2, "No such file or directory")
        return _Failing(b"planned", after=0 if fails_at == "read" else 1)

    body = body_of({"File": replace(document(b"planned"), open=opens)})
    with pytest.raises(DocumentChangedError, match="cannot be read any more") as caught:
        list(body)
    assert caught.value.accepted is False
    assert not body.signed


class _Failing(io.BytesIO):
    def __init__(self, content: bytes, *, after: int) -> None:
        super().__init__(content)
        self._left = after

    def read(self, size: int | None = -1, /) -> bytes:
        if self._left == 0:
            raise OSError(5, "Input/output error")
        self._left -= 1
        return super().read(size)


def test_a_file_that_returns_less_than_it_is_asked_for_is_read_to_the_end() -> None:
    class Sparing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 5))

    content = bytes(range(200))
    body = body_of({"File": replace(document(content), open=lambda: Sparing(content))})
    assert json.loads(b"".join(body))["File"] == whole(document(content))


def test_documents_are_opened_one_at_a_time_and_only_when_they_are_sent() -> None:
    files = CountedFiles()
    contents = {name: name.encode() * (BLOCK + 1) for name in ("A", "B", "C")}
    parameters: dict[str, Value] = {
        name: replace(document(content), open=files.opener(content))
        for name, content in contents.items()
    }
    body = body_of(parameters)
    assert files.opened == 0
    list(body)
    assert (files.opened, files.most, files.open) == (3, 1, 0)


def test_closing_a_body_closes_the_document_it_was_sending() -> None:
    files = CountedFiles()
    content = b"x" * (BLOCK + 1)
    body = body_of({"A": replace(document(content), open=files.opener(content))})
    chunks = iter(body)
    next(chunks)
    next(chunks)
    assert files.open == 1
    body.close()
    assert files.open == 0


@BOTH
def test_memory_stays_flat_whatever_the_size(encoding: Encoding, tmp_path: Path) -> None:
    """32 MiB pass through less than 2 MiB."""
    content = bytes(range(256)) * (4096 * 32)
    path = tmp_path / "large.bin"
    path.write_bytes(content)
    file = replace(document(content), open=lambda: path.open("rb"))
    del content
    tracemalloc.start()
    try:
        body = body_of({"File": file}, encoding)
        assert sum(len(chunk) for chunk in body) == len(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * 1024 * 1024


def test_neither_key_nor_document_are_in_a_repr() -> None:
    file = document(b"the-document-itself")
    shown = f"{body_of({'File': file})!r} {file!r}"
    assert KEY not in shown
    assert "open=" not in shown

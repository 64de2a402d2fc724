"""Documents that several requests send: the same bytes as ever, read once for all but the first."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import DocumentChangedError
from reconciler.gateway.body import Body
from reconciler.gateway.encoded import MOST_BYTES, Encoded, Shelf
from reconciler.gateway.encodings import WIRES, Encoding
from reconciler.gateway.parameters import FileParameter, Value
from reconciler.gateway.stream import BLOCK, base64_chunks
from tests.unit.gateway_builders import CountedFiles, document

KEY = "46f09bb9fab4f12dfc160dae12273d5332b5debe"
LARGEST = 4 * 1024 * 1024
BOTH = pytest.mark.parametrize("encoding", list(Encoding))


def sent(
    shelf: Shelf, *files: FileParameter, content: str = "甲乙", wire: Encoding = Encoding.JSON
) -> bytes:
    """The body of an update with a certificate, and a letter where there are two files."""
    parameters: dict[str, Value] = {"Action": "UpdateUSMSSignature", "SigContent": content}
    parameters |= zip(("File", "ProxyFile"), files, strict=False)
    body = Body(parameters, KEY, WIRES[wire], shelf)
    whole = b"".join(body)
    assert len(whole) == len(body)
    return whole


def counted(content: bytes) -> tuple[FileParameter, CountedFiles]:
    """A document, and how often it was opened."""
    files = CountedFiles()
    return replace(document(content), open=files.opener(content)), files


REQUESTS = st.lists(
    st.tuples(
        st.lists(st.sampled_from([b"", b"\xfb\xff?", b"a" * (BLOCK + 1), b"b" * 500]), max_size=2),
        st.text(max_size=3),
        st.sampled_from(list(Encoding)),
    ),
    max_size=8,
)


@given(REQUESTS, st.sampled_from([MOST_BYTES, 2000, 0]))
def test_a_request_is_the_same_whatever_was_sent_before_it(
    requests: list[tuple[list[bytes], str, Encoding]], most_bytes: int
) -> None:
    shelf = Shelf(most_bytes)
    for contents, content, wire in requests:
        files = [document(each) for each in contents]
        alone = sent(Shelf(), *files, content=content, wire=wire)
        assert sent(shelf, *files, content=content, wire=wire) == alone


@BOTH
def test_a_document_is_read_for_the_first_two_requests_and_then_no_more(encoding: Encoding) -> None:
    shelf = Shelf()
    file, files = counted(b"x" * (BLOCK + 1))
    passes = 2 if encoding is Encoding.FORM else 1  # it counts beforehand
    opened = []
    for _ in range(4):
        sent(shelf, file, wire=encoding)
        opened.append(files.opened)
    assert opened == [passes, 2 * passes, 2 * passes, 2 * passes]
    assert files.open == 0


def test_what_was_signed_for_one_request_goes_on_to_the_next() -> None:
    shelf = Shelf()
    file = document(b"x" * BLOCK)
    sent(shelf, file)
    sent(shelf, file)
    encoded = shelf.take(file)
    assert encoded is not None
    begun = hashlib.sha1(b"as before", usedforsecurity=False)
    before = begun.hexdigest()
    expected = hashlib.sha1(
        b"as before" + b"".join(base64_chunks(file)) + b"more", usedforsecurity=False
    )
    for _ in range(2):  # what one request adds must not reach the next one
        signing = encoded.signing_behind(begun)
        signing.update(b"more")
        assert signing.hexdigest() == expected.hexdigest()
    assert begun.hexdigest() == before


def test_any_number_of_beginnings_is_signed_rightly() -> None:
    encoded = Encoded([b"text"])
    for number in (*range(150), *range(150)):
        begun = hashlib.sha1(str(number).encode(), usedforsecurity=False)
        expected = hashlib.sha1(f"{number}text".encode(), usedforsecurity=False)
        assert encoded.signing_behind(begun).hexdigest() == expected.hexdigest()


@BOTH
def test_bytes_that_were_not_planned_never_get_onto_the_shelf(encoding: Encoding) -> None:
    shelf = Shelf()
    good = document(b"planned" * 100)
    expected = sent(shelf, good, wire=encoding)
    for really in (b"changed" * 100, b"planned" * 99, b"planned" * 101, b""):
        changed = document(b"planned" * 100, really=really)
        with pytest.raises(DocumentChangedError, match=r"documents/licence\.png is not what was"):
            sent(shelf, changed, wire=encoding)
    assert sent(shelf, good, wire=encoding) == expected


def test_a_size_that_was_planned_wrongly_is_found_though_the_bytes_are_on_the_shelf() -> None:
    shelf = Shelf()
    good = document(b"planned")
    for _ in range(2):
        sent(shelf, good)
    for _ in range(3):
        with pytest.raises(DocumentChangedError):
            sent(shelf, replace(good, size=len(b"planned") + 1))


def test_a_changed_document_ends_the_second_request_before_any_of_it_is_sent() -> None:
    shelf = Shelf()
    sent(shelf, document(b"planned"))
    body = Body({"File": document(b"planned", really=b"changed")}, KEY, WIRES[Encoding.JSON], shelf)
    pieces = iter(body)
    assert next(pieces) == b'{"File":"image/png;base64,'
    with pytest.raises(DocumentChangedError):
        next(pieces)
    assert not body.signed


def test_what_stands_on_the_shelf_is_sent_as_planned_though_the_file_has_changed_since() -> None:
    shelf = Shelf()
    expected = [sent(shelf, document(b"planned")) for _ in range(2)]
    assert [sent(shelf, document(b"planned", really=b"changed"))] == expected[:1]


def test_what_was_not_asked_for_the_longest_makes_room() -> None:
    files = [counted(bytes([number]) * 300) for number in range(3)]
    shelf = Shelf(most_bytes=900)  # 400 bytes of base64 each
    for number in (0, 0, 1, 1, 0, 2, 2):
        sent(shelf, files[number][0])
    opened = [each.opened for _, each in files]
    assert opened == [2, 2, 2]
    sent(shelf, files[0][0])
    assert files[0][1].opened == opened[0]
    sent(shelf, files[1][0])
    assert files[1][1].opened == opened[1] + 1


def test_a_document_that_there_is_no_room_for_is_streamed_every_time() -> None:
    shelf = Shelf(most_bytes=399)
    file, files = counted(b"x" * 300)
    for _ in range(4):
        assert shelf.take(file) is None
        sent(shelf, file)
    assert files.opened == 4


def test_documents_that_come_back_seldom_are_streamed_every_time() -> None:
    shelf = Shelf(most_bytes=900)
    several = [counted(bytes([number]) * 300) for number in range(3)]
    for file, _ in several * 4:
        sent(shelf, file)
    assert [files.opened for _, files in several] == [4, 4, 4]


def test_one_that_comes_often_stays_whatever_is_streamed_in_between() -> None:
    shelf = Shelf(most_bytes=900)
    often, files = counted(b"often" * 60)
    sent(shelf, often)
    for number in range(20):
        sent(shelf, often, document(bytes([number]) * 300))
    assert files.opened == 2


def test_two_documents_of_the_largest_size_find_room() -> None:
    shelf = Shelf()
    pair = [counted(bytes([number]) * LARGEST) for number in range(2)]
    for _ in range(4):
        sent(shelf, *(file for file, _ in pair))
    assert [files.opened for _, files in pair] == [2, 2]


def test_threads_that_want_the_same_document_read_it_once_between_them() -> None:
    content = b"x" * (BLOCK + 1)
    shelf, opened, lock = Shelf(), 0, threading.Lock()

    def opens() -> BinaryIO:
        nonlocal opened
        with lock:
            opened += 1
        return BytesIO(content)

    file = replace(document(content), open=opens)
    expected = {number: sent(Shelf(), file, content=str(number)) for number in range(40)}
    opened = 0
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda number: (number, sent(shelf, file, content=str(number))), expected)
        assert dict(found) == expected
    assert opened == 2


def test_a_document_that_is_slow_to_read_keeps_no_other_from_being_sent() -> None:
    shelf, begun, go = Shelf(), threading.Event(), threading.Event()

    def opens() -> BinaryIO:
        begun.set()
        assert go.wait(60)
        return BytesIO(b"slow")

    slow, (quick, files) = document(b"slow"), counted(b"quick")
    expected = [sent(shelf, each) for each in (slow, quick)]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(sent, shelf, replace(slow, open=opens))
        assert begun.wait(60)
        assert [sent(shelf, quick) for _ in range(3)] == [expected[1]] * 3
        assert not waiting.done()
        go.set()
        assert waiting.result() == expected[0]
    assert files.opened == 2


def test_one_that_could_not_be_read_is_read_for_the_next_request() -> None:
    """Two files may be the same document, of which one has changed since."""
    shelf = Shelf()
    expected = sent(shelf, document(b"planned"))
    for _ in range(2):
        with pytest.raises(DocumentChangedError):
            sent(shelf, document(b"planned", really=b"changed"))
    file, files = counted(b"planned")
    assert [sent(shelf, file) for _ in range(2)] == [expected] * 2
    assert files.opened == 1

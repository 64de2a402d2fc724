"""Pictures: what is wrong with them is found out, and bombs are refused before they go off."""

from __future__ import annotations

import time
import tracemalloc
from io import BytesIO

import pytest
from PIL import Image

from reconciler.inspection.available import available
from reconciler.inspection.facts import UNKNOWN, Facts, Fault
from reconciler.inspection.inspect import inspect
from reconciler.inspection.jpeg import Skeleton, skeleton
from tests.tools.odd_documents import document, photo, picture, raw_png

JPEG, PNG = "image/jpeg", "image/png"


def _saved(width: int, height: int, mode: str = "L", **options: object) -> bytes:
    """A jpg as cameras and scanners make it."""
    file = BytesIO()
    Image.effect_noise((width, height), 60).convert(mode).save(file, "JPEG", **options)
    return file.getvalue()


def test_the_extra_is_there() -> None:
    assert available()


@pytest.mark.parametrize(
    ("data", "media_type"), [(picture(960, 640), PNG), (photo(960, 640), JPEG)]
)
def test_a_readable_picture_has_a_size_and_no_fault(data: bytes, media_type: str) -> None:
    assert inspect(data, media_type) == Facts(width=960, height=640)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpgs_of_every_kind_are_read(mode: str, progressive: bool) -> None:
    data = _saved(400, 304, mode, progressive=progressive)

    assert inspect(data, JPEG) == Facts(width=400, height=304)


def test_what_a_camera_adds_does_not_disturb() -> None:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Example Camera"
    Image.new("RGB", (400, 304)).save(file, "JPEG", exif=exif, icc_profile=bytes(70_000))

    for data in (file.getvalue(), file.getvalue() + bytes(100)):
        assert inspect(data, JPEG) == Facts(width=400, height=304)


@pytest.mark.parametrize("lost", [1, 2, 20, 150])
def test_a_picture_that_was_cut_off_is_not_complete(lost: int) -> None:
    for data, media_type in ((picture(), PNG), (_saved(400, 304), JPEG)):
        assert inspect(data[:-lost], media_type).fault is Fault.TRUNCATED


def test_a_png_with_fewer_lines_than_it_says_is_not_complete() -> None:
    facts = inspect(raw_png(400, 304, bytes(1000)), PNG)

    assert (facts.fault, facts.detail) == (Fault.TRUNCATED, "a part of the picture is missing")


def test_a_damaged_picture_is_unreadable_and_none_of_its_words_are_told() -> None:
    for data in (document("a png with one wrong byte"), raw_png(400, 304, b"", bits=3)):
        facts = inspect(data, PNG)

        assert facts.fault is Fault.UNREADABLE
        assert facts.detail.startswith("its decoder gave up (")
    assert inspect(b"\xff\xd8\xff\xfe\x00\x02\xff\xd9", JPEG).fault is Fault.UNREADABLE


def test_a_bomb_is_refused_by_its_header_without_the_memory_that_it_asks_for() -> None:
    inspect(picture(), PNG)
    huge = raw_png(60_000, 60_000, bytes(60_001 * 100))
    tracemalloc.start()
    started = time.thread_time()

    facts = inspect(huge, PNG)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert facts.fault is Fault.EXCESSIVE
    assert facts.detail == "it claims to have 60,000 x 60,000 pixels"
    assert peak < 1024 * 1024
    assert time.thread_time() - started < 3


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(raw_png(9_000, 9_000, bytes(1000)), id="a png of 81 megapixels"),
        pytest.param(_saved(4_200, 4_200, progressive=True), id="a large progressive jpg"),
    ],
)
def test_what_costs_too_much_to_decode_is_measured_and_believed(data: bytes) -> None:
    media_type = PNG if data.startswith(b"\x89PNG") else JPEG
    facts = inspect(data, media_type)

    assert facts.fault is None
    assert facts.width in {4_200, 9_000}


def test_a_large_photo_is_decoded_small() -> None:
    data = _saved(5_000, 3_400, quality=30)

    assert inspect(data, JPEG) == Facts(width=5_000, height=3_400)
    assert inspect(data[:-1000], JPEG).fault is Fault.TRUNCATED


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", Skeleton()),
        (b"\xff\xd8", Skeleton()),
        (b"\xff\xd8\xff\xd9", Skeleton(ended=True)),
        (b"\xff\xd8" + b"\xff\xfe\x00\x02" * 20_000 + b"\xff\xd9", Skeleton()),
        (b"\xff\xc2\x00\x0b\x08\x00\x10\x00\x20", Skeleton(width=32, height=16)),
        (b"\xff\xda\x00\x02abc\xff\x00d\xff\xd3\xff\xff\xff\xd9", Skeleton(scans=1, ended=True)),
    ],
)
def test_the_markers_of_a_jpg_are_walked_as_far_as_they_go(data: bytes, found: Skeleton) -> None:
    assert skeleton(data) == found


def test_other_kinds_of_files_are_not_looked_into() -> None:
    assert inspect(b"GIF89a", "image/gif") is UNKNOWN

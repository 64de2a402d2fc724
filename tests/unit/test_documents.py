"""Documents stay inside the repository, are known by their content, and are read once."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.documents import MAX_BYTES, DocumentError, Documents, open_document, read
from reconciler.model import Proof

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
JPEG = b"\xff\xd8\xff\xe0" + b"pixels"
PDF = b"%PDF-1.7\n" + b"pages"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "signatures" / "retail").mkdir(parents=True)
    (root / "documents").mkdir()
    (root / "documents" / "licence.png").write_bytes(PNG)
    (tmp_path / "secret.png").write_bytes(PNG)
    return root


def refusal(root: Path, relative: str, manifest_dir: str = "signatures") -> DocumentError:
    with pytest.raises(DocumentError) as raised:
        read(root, manifest_dir, relative)
    assert raised.value.advice
    assert raised.value.summary.isprintable()
    return raised.value


def test_a_document_is_its_sha256_its_size_its_kind_and_its_path_below_the_root(root: Path) -> None:
    assert read(root, "signatures/retail", "../../documents/licence.png") == Proof(
        sha256=hashlib.sha256(PNG).hexdigest(),
        path="documents/licence.png",
        size=len(PNG),
        media_type="image/png",
    )


def test_a_path_is_relative_to_the_manifest(root: Path) -> None:
    (root / "signatures" / "here.png").write_bytes(PNG)
    assert read(root, "signatures", "here.png").path == "signatures/here.png"
    assert read(root, "signatures", "./retail/../here.png").path == "signatures/here.png"
    assert "does not exist" in refusal(root, "here.png", "signatures/retail").summary


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (PDF, "application/pdf"),
        (b"\xef\xbb\xbf%PDF-1.4", "application/pdf"),
        (b"\r\n \x00%PDF-2.0", "application/pdf"),
    ],
)
def test_the_kind_is_known_by_content_and_not_by_name(
    root: Path, content: bytes, media_type: str
) -> None:
    (root / "documents" / "licence.txt").write_bytes(content)
    assert read(root, "documents", "licence.txt").media_type == media_type


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\x89PN", "is not a jpg, png or pdf"),
        (b"hello %PDF-1.4", "is not a jpg, png or pdf"),
        (b"\n" * 2000 + PDF, "is not a jpg, png or pdf"),
        (b"GIF89a", "it seems to be a GIF image"),
        (b"RIFF\x00\x00\x00\x00WEBP", "it seems to be a WebP image"),
        (b"PK\x03\x04", "it seems to be an Office document or a ZIP archive"),
        (b"version https://git-lfs.github.com/spec/v1\n", "run `git lfs pull`"),
    ],
)
def test_other_content_is_refused_whatever_its_name(root: Path, content: bytes, words: str) -> None:
    (root / "documents" / "licence.png").write_bytes(content)
    error = refusal(root, "../documents/licence.png")
    assert error.summary.startswith("`../documents/licence.png` ")
    assert words in error.summary


def test_four_mebibytes_pass_and_one_byte_more_does_not(root: Path) -> None:
    file = root / "documents" / "licence.png"
    os.truncate(file, MAX_BYTES)
    proof = read(root, "documents", "licence.png")
    assert proof.size == MAX_BYTES == 4 * 1024 * 1024
    assert proof.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    os.truncate(file, MAX_BYTES + 1)
    assert "is larger than 4 MiB" in refusal(root, "../documents/licence.png").summary


def test_a_file_that_grows_while_it_is_read_is_not_read_for_ever(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = root / "documents" / "licence.png"
    size = MAX_BYTES + 1

    def fstat_before_the_growth(descriptor: int) -> os.stat_result:
        os.truncate(file, len(PNG))
        status = real(descriptor)
        os.truncate(file, size)
        return status

    real = os.fstat
    monkeypatch.setattr(os, "fstat", fstat_before_the_growth)
    assert "is larger than 4 MiB" in refusal(root, "../documents/licence.png").summary


@pytest.mark.parametrize(
    ("relative", "words"),
    [
        ("/etc/hosts", "is not a relative path"),
        ("..\\documents\\licence.png", "is not a relative path"),
        ("../../secret.png", "is outside the repository"),
        ("../../../../../../../../etc/hosts", "is outside the repository"),
        ("../../repository-2/a.png", "is outside the repository"),
        ("../documents/missing.png", "does not exist"),
        ("../documents/licence.png/x", "does not exist"),
        ("../documents", "is not a regular file"),
        ("..", "is not a regular file"),
        ("a\0b", "cannot be the path of a document"),
        ("\ud800", "cannot be the path of a document"),
        ("a/" * 3000, "cannot be the path of a document"),
        ("a" * 300, "cannot be opened: File name too long"),
    ],
)
def test_a_path_that_cannot_be_a_document_of_the_repository_is_refused(
    root: Path, relative: str, words: str
) -> None:
    assert words in refusal(root, relative).summary


def test_an_address_belongs_under_url(root: Path) -> None:
    assert "`url:`" in refusal(root, "https://example.com/licence.png").advice


class TestLinks:
    """Links are followed, and what counts is where they lead."""

    def test_a_link_inside_the_repository_is_its_target(self, root: Path) -> None:
        (root / "signatures" / "link.png").symlink_to("../documents/licence.png")
        assert read(root, "signatures", "link.png").path == "documents/licence.png"

    @pytest.mark.parametrize("target", ["../../secret.png", "/etc/hosts"])
    def test_a_link_that_leads_out_is_refused(self, root: Path, target: str) -> None:
        (root / "signatures" / "link.png").symlink_to(target)
        assert "is outside the repository" in refusal(root, "link.png").summary

    def test_a_folder_that_leads_out_is_refused(self, root: Path) -> None:
        (root / "signatures" / "out").symlink_to("../..")
        assert "is outside the repository" in refusal(root, "out/secret.png").summary

    def test_what_counts_is_where_a_path_ends_not_what_it_passes(self, root: Path) -> None:
        assert read(root, "signatures", "../../repository/documents/licence.png").path

    def test_a_link_to_itself_is_refused(self, root: Path) -> None:
        (root / "signatures" / "loop.png").symlink_to("loop.png")
        assert "cannot be opened" in refusal(root, "loop.png").summary

    def test_a_root_behind_a_link_is_the_root(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "alias").symlink_to(root)
        proof = read(tmp_path / "alias", "signatures", "../documents/licence.png")
        assert proof.path == "documents/licence.png"

    def test_a_link_put_in_place_after_the_check_is_not_followed(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = root / "documents" / "licence.png"

        def resolve_then_swap(path: str) -> str:
            real = resolve(path)
            if real == str(file):
                file.unlink()
                file.symlink_to(tmp_path / "secret.png")
            return real

        resolve = os.path.realpath
        monkeypatch.setattr(os.path, "realpath", resolve_then_swap)
        assert "cannot be opened" in refusal(root, "../documents/licence.png").summary

    def test_a_link_to_a_name_that_is_not_unicode_is_refused(self, root: Path) -> None:
        (root / "documents" / os.fsdecode(b"\xff.png")).write_bytes(PNG)
        (root / "signatures" / "link.png").symlink_to(os.fsdecode(b"../documents/\xff.png"))
        assert "cannot be the path" in refusal(root, "link.png").summary


def test_a_pipe_is_refused_and_nobody_waits_for_its_writer(root: Path) -> None:
    os.mkfifo(root / "documents" / "pipe.png")
    assert "is not a regular file" in refusal(root, "../documents/pipe.png").summary


def test_a_socket_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "documents")  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s.png")
        assert "is not a regular file" in refusal(root, "../documents/s.png").summary


@pytest.mark.parametrize("errno", [13, None])
def test_what_the_system_refuses_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, errno: int | None
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno, "no") if errno else OSError("no")

    monkeypatch.setattr(os, "open", refuse)
    assert "cannot be opened: " in refusal(root, "../documents/licence.png").summary


def test_a_document_that_fails_while_it_is_read_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __enter__(self) -> Broken:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def __init__(self, descriptor: int, *_: object, **__: object) -> None:
            self.file = real(descriptor, "rb")

        def fileno(self) -> int:
            return self.file.fileno()

        def read(self, _: int) -> bytes:
            raise OSError(5, "no")

    real = os.fdopen
    monkeypatch.setattr(os, "fdopen", Broken)
    assert "Input/output error" in refusal(root, "../documents/licence.png").summary


def test_a_document_of_many_manifests_is_read_once(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "signatures" / "link.png").symlink_to("../documents/licence.png")
    opened: list[str] = []
    real = os.open

    def watch(path: str, flags: int) -> int:
        opened.append(path)
        return real(path, flags)

    monkeypatch.setattr(os, "open", watch)
    known = Documents(root)
    first = known.proof("signatures", "../documents/licence.png")
    assert known.proof("signatures/retail", "../../documents/licence.png") is first
    assert known.proof("signatures", "link.png") is first
    assert len(opened) == 1


class TestOpening:
    """A planned document is opened again to be sent, under the same conditions."""

    def test_it_gives_the_bytes(self, root: Path) -> None:
        with open_document(root, "documents/licence.png") as file:
            assert file.read() == PNG

    @pytest.mark.parametrize("path", ["../secret.png", "/etc/hosts", "documents", "missing.png"])
    def test_it_refuses_what_reading_refuses(self, root: Path, path: str) -> None:
        with pytest.raises(DocumentError):
            open_document(root, path)

    def test_it_refuses_a_document_that_became_a_link_out(self, root: Path, tmp_path: Path) -> None:
        path = read(root, "signatures", "../documents/licence.png").path
        assert path is not None
        (root / path).unlink()
        (root / path).symlink_to(tmp_path / "secret.png")
        with pytest.raises(DocumentError, match="outside the repository"):
            open_document(root, path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(relative=st.text(alphabet=st.sampled_from("./a\\\0:~ \ud800é"), max_size=20))
def test_no_path_raises_anything_else_or_leads_out(root: Path, relative: str) -> None:
    try:
        proof = read(root, "signatures", relative)
    except DocumentError:
        return
    assert proof.path is not None
    assert (root / proof.path).is_file()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=64) | st.sampled_from([PNG, JPEG, PDF]).map(lambda it: it[:9]))
def test_any_content_is_a_document_or_an_error(root: Path, content: bytes) -> None:
    (root / "documents" / "any").write_bytes(content)
    try:
        proof = read(root, "documents", "any")
    except DocumentError:
        return
    assert proof.sha256 == hashlib.sha256(content).hexdigest()

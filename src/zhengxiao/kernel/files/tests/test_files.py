from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.kernel.files import api as files
from zhengxiao.kernel.files.testing import container_of, pdf, png
from zhengxiao.kernel.files.tests.bombs import jpeg
from zhengxiao.lib.actors import SYSTEM

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PDF = pdf()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def store(content: bytes, name: str, **more):
    return files.file_store(stream=io.BytesIO(content), name=name, actor=SYSTEM, at=NOON, **more)


def holding(*names: str) -> bytes:
    return container_of(dict.fromkeys(names, "<a/>"))


@pytest.mark.django_db
def test_equal_contents_are_kept_once_and_rows_twice(media):
    first, second = store(PDF, "申请表.pdf"), store(PDF, "副本.pdf")
    assert first.pk != second.pk
    assert first.digest == second.digest
    assert [path.name for path in media.rglob("*") if path.is_file()] == [first.digest]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", holding("word/document.xml")),
        ("a.xlsx", holding("xl/workbook.xml")),
        ("a.ofd", holding("OFD.xml")),
        ("a.PDF", PDF),
        ("a.jpg", jpeg(3, 2)),
        ("a.png", png(9, 9)),
        (
            "a.docx",
            container_of({"word/document.xml": "<a/>", "word/embeddings/t.xlsx": holding("xl/workbook.xml")}),
        ),
        ("a.txt", "说明".encode("gbk")),
    ],
)
def test_documents_of_the_known_kinds_are_taken(name, content):
    assert store(content, name).size == len(content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.exe", b"MZ", files.FileKindRefused),
        ("a.svg", b"<svg/>", files.FileKindRefused),
        ("a", b"x", files.FileKindRefused),
        ("a.pdf", b"<html>", files.FileContentMismatch),
        ("a.docx", holding("xl/workbook.xml"), files.FileContentMismatch),
        ("a.docx", b"PK\x03\x04rubbish", files.FileUnreadable),
        ("a.txt", b"a\0b", files.FileContentMismatch),
        ("a.pdf", b"", files.FileEmpty),
        ("a.pdf", PDF * 100, files.FileTooLarge),
        ("a.pdf", pdf(pages=2001), files.FileTooManyPages),
    ],
)
def test_other_files_are_refused_and_leave_nothing_behind(media, name, content, refusal):
    with pytest.raises(refusal):
        store(content, name, max_bytes=1 << 20 if len(content) > 100_000 else 1000)
    assert not files.StoredFile.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_file_is_given_back_as_an_attachment_that_nothing_sniffs():
    answer = files.file_answer(store(PDF, "申请表.pdf"))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.close()


@pytest.mark.django_db
def test_a_flipped_bit_is_noticed_before_the_file_is_given_out():
    file = store(PDF, "申请表.pdf")
    files.file_path(file).write_bytes(PDF.replace(b"1.7", b"1.6"))
    with pytest.raises(files.FileDamaged):
        files.file_answer(file)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("..\\..\\etc\\passwd.pdf", "passwd.pdf"),
        ("/etc/cron.d/a.txt", "a.txt"),
        ("a\0b\r\n.pdf", "ab.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("...", "file"),
        (".htaccess", "htaccess"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_names_lose_everything_that_is_not_a_plain_name(name, safe):
    assert files.safe_name(name) == safe


@given(st.text())
def test_no_name_leaves_its_folder(name):
    safe = files.safe_name(name)
    assert Path(safe).name == safe
    assert 0 < len(safe) <= 120

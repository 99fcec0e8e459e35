"""Files made to hurt are refused by name before anything opens them, and names lead nowhere."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from zhengxiao.kernel.files import api as files
from zhengxiao.kernel.files.rules import KINDS
from zhengxiao.kernel.files.testing import container_of, pdf
from zhengxiao.kernel.files.tests.bombs import BOMBS
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.containers import ZipFault, check_zip

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TRAVERSALS = [
    f"{prefix}{middle}{name}"
    for prefix in (
        "../",
        "..\\",
        "/",
        "//",
        "C:\\",
        "\\\\host\\share\\",
        "a/../../",
        "./../",
        "..;/",
        "\u3000../",
    )
    for middle in ("", "\u202e", "x\0/")
    for name in ("etc/passwd.pdf", "..pdf.pdf")
]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def store(content: bytes, name: str):
    return files.file_store(
        stream=io.BytesIO(content), name=name, actor=SYSTEM, at=NOON, allowed=tuple(KINDS)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", BOMBS)
def test_no_bomb_is_kept(media, name):
    with pytest.raises(files.FileRefused) as refused:
        store(BOMBS[name](), name)
    assert not isinstance(refused.value, files.FileTooSlow), "its own limits should have told"
    assert refused.value.text
    assert not [path for path in media.rglob("*") if path.is_file()]


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.django_db
def test_the_process_that_takes_bombs_in_does_not_grow(tmp_path):
    heavy = [name for name in BOMBS if "ratio" in name or "megabytes" in name or "pixels" in name]
    places = {name: tmp_path / str(number) for number, name in enumerate(heavy)}
    for name, place in places.items():
        place.write_bytes(BOMBS[name]())
    before = resident_bytes()
    for name, place in places.items():
        with place.open("rb") as stream, pytest.raises(files.FileRefused):
            files.file_store(stream=stream, name=name, actor=SYSTEM, at=NOON, allowed=tuple(KINDS))
    assert resident_bytes() - before < 50 << 20


@pytest.mark.django_db
def test_sixty_names_that_lead_elsewhere_lead_nowhere(media, tmp_path):
    assert len(TRAVERSALS) == 60
    for number, name in enumerate(TRAVERSALS):
        if number < 6:
            answer = files.file_answer(store(pdf(str(number)), name))
            told = unquote(answer["Content-Disposition"])
            answer.file_to_stream.close()
            assert told.startswith("attachment; filename")
        else:
            told = files.safe_name(name)
        assert not any(sign in told.partition("''")[2] + told.partition('="')[2] for sign in "/\\\0\u202e"), (
            name
        )
    kept = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    assert kept == {"media"}
    assert all(len(path.name) == 64 for path in media.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", [name for name in TRAVERSALS if "\0" not in name])
def test_a_container_with_such_a_name_inside_is_refused(name):
    with pytest.raises(ZipFault):
        check_zip(io.BytesIO(container_of({name: "a"})), max_bytes=1 << 20, max_ratio=100, max_entries=10)


@pytest.mark.parametrize(
    "name", ["xl/workbook.xml", "word\\document.xml", "Doc_0/Pages/Page_0/Content.xml", "[Content_Types].xml"]
)
def test_ordinary_names_inside_a_container_are_taken(name):
    assert check_zip(io.BytesIO(container_of({name: "a"})), max_bytes=1 << 20, max_ratio=100, max_entries=10)

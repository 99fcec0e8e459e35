"""Pure: which files are taken, what they are by their content, and what they may be called."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from zhengxiao.lib.refusals import Refusal, gettext_noop

MAX_BYTES = 50 << 20
NAME_CHARACTERS = 120


class FileRefused(Refusal):
    """Common base: the file is not stored."""

    template = gettext_noop("文件未被接收。")


class FileTooLarge(FileRefused):
    template = gettext_noop("文件超过 {limit_mb} MB 的上限。")


class FileEmpty(FileRefused):
    template = gettext_noop("文件是空的。")


class FileKindRefused(FileRefused):
    template = gettext_noop("不接收“{suffix}”文件，可以是：{allowed}。")


class FileContentMismatch(FileRefused):
    template = gettext_noop("文件内容与扩展名“{suffix}”不符，未被接收。")


@dataclass(frozen=True, slots=True)
class FileKind:
    """One accepted kind: its ending, media type, first bytes, and for containers a part that must be
    inside.
    """

    suffix: str
    media_type: str
    magic: bytes = b""
    part: str = ""
    text: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, FileKind] = {
    kind.suffix: kind
    for kind in (
        FileKind(".pdf", "application/pdf", b"%PDF-"),
        FileKind(".png", "image/png", b"\x89PNG\r\n\x1a\n"),
        FileKind(".jpg", "image/jpeg", b"\xff\xd8\xff"),
        FileKind(".jpeg", "image/jpeg", b"\xff\xd8\xff"),
        FileKind(".ofd", "application/ofd", b"PK\x03\x04", part="OFD.xml"),
        FileKind(".docx", f"{_OFFICE}wordprocessingml.document", b"PK\x03\x04", part="word/"),
        FileKind(".xlsx", f"{_OFFICE}spreadsheetml.sheet", b"PK\x03\x04", part="xl/"),
        FileKind(".txt", "text/plain; charset=utf-8", text=True),
        FileKind(".csv", "text/csv; charset=utf-8", text=True),
        FileKind(".ndjson", "application/x-ndjson", text=True),
        FileKind(".jsonl", "application/x-ndjson", text=True),
        FileKind(".xes", "application/xml", text=True),
        FileKind(".gz", "application/gzip", b"\x1f\x8b"),
    )
}
DOCUMENTS = (".pdf", ".png", ".jpg", ".jpeg", ".ofd", ".docx", ".xlsx", ".txt")
FEEDS = (".csv", ".xlsx", ".ndjson", ".jsonl", ".xes", ".gz", ".txt")


def kind_of(name: str, allowed: tuple[str, ...]) -> FileKind:
    """The kind a file claims to be by its name. Raises FileKindRefused."""
    suffix = PurePosixPath(safe_name(name)).suffix.lower()
    if suffix not in allowed or suffix not in KINDS:
        raise FileKindRefused(suffix=suffix or name[-10:], allowed=" ".join(allowed))
    return KINDS[suffix]


def check_head(kind: FileKind, head: bytes) -> None:
    """The first bytes must be those of the kind; text must hold no NUL. Raises FileContentMismatch."""
    wrong = (b"\0" in head) if kind.text and not head.startswith((b"\xff\xfe", b"\xfe\xff")) else False
    if wrong or not head.startswith(kind.magic):
        raise FileContentMismatch(suffix=kind.suffix)


def check_parts(kind: FileKind, names: list[str]) -> None:
    """A container must hold what makes it that kind of document. Raises FileContentMismatch."""
    if kind.part and not any(name == kind.part or name.startswith(kind.part) for name in names):
        raise FileContentMismatch(suffix=kind.suffix)


def safe_name(name: str) -> str:
    """`name` as a plain file name: no folders, control or direction signs, not hidden, 120 characters at
    most.
    """
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C")
    plain = re.sub(r'[<>:"|?*]', "_", plain).strip(" .") or "file"
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > 10:
        return plain[:NAME_CHARACTERS]
    return f"{stem[: NAME_CHARACTERS - len(suffix) - 1]}.{suffix}"

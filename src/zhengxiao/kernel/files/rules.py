"""Pure: which files are taken, what they are by their content, and what they may be called."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from zhengxiao.lib.containers import ZipFault
from zhengxiao.lib.files_in import Shape
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


class FileUnreadable(FileRefused):
    template = gettext_noop("文件已损坏，或不是完整的“{suffix}”文件。请重新导出或扫描后再试。")


class FileLocked(FileRefused):
    template = gettext_noop("文件设有打开密码，无法核对。请去掉密码后再试。")


class FileTooManyPages(FileRefused):
    template = gettext_noop("文件超过 {limit} 页（幅）的上限，请拆分后再试。")


class FileTooManyPixels(FileRefused):
    template = gettext_noop("图片超过 {limit_m} 百万像素的上限，请缩小后再试。")


class FileInflates(FileRefused):
    template = gettext_noop("文件展开后过大（{why}），未被打开。")


class FileSuspicious(FileRefused):
    template = gettext_noop("文件结构异常（{why}），未被打开。")


class FileActive(FileRefused):
    template = gettext_noop("文件含有宏、脚本或嵌入的程序，不予接收。请另存为不含宏的文件。")


class FileTooSlow(FileRefused):
    template = gettext_noop("核对文件超过 {seconds} 秒的上限，未被接收。请简化或拆分后再试。")


_WHY = {
    "SuspiciousRatio": gettext_noop("压缩比过高"),
    "TooLarge": gettext_noop("超过展开上限"),
    "TooManyEntries": gettext_noop("条目过多"),
    "Overlapping": gettext_noop("条目重叠"),
    "UnsafeName": gettext_noop("条目名称指向别处"),
    "Nested": gettext_noop("压缩包套压缩包"),
    "DocumentType": gettext_noop("含有文档类型声明"),
    "LineTooLong": gettext_noop("行过长或列过多"),
}


def refusal_of(fault: ZipFault, suffix: str) -> FileRefused:
    """The fault of a look-through in words."""
    code, params = fault.code, fault.params
    if code == "OtherKind":
        return FileContentMismatch(suffix=suffix)
    if code == "Encrypted":
        return FileLocked()
    if code == "Active":
        return FileActive()
    if code == "TooManyPages":
        return FileTooManyPages(limit=params["limit"])
    if code == "TooManyPixels":
        return FileTooManyPixels(limit_m=params["limit"] // 1_000_000)
    if code == "TooSlow":
        return FileTooSlow(seconds=params["seconds"])
    if code in ("SuspiciousRatio", "TooLarge", "TooManyEntries"):
        return FileInflates(why=_WHY[code])
    return FileSuspicious(why=_WHY[code]) if code in _WHY else FileUnreadable(suffix=suffix)


@dataclass(frozen=True, slots=True)
class FileKind:
    """One accepted kind: its ending, media type, first bytes, and how it is looked through before it is kept."""

    suffix: str
    media_type: str
    shape: Shape
    magic: bytes = b""
    text: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, FileKind] = {
    kind.suffix: kind
    for kind in (
        FileKind(".pdf", "application/pdf", Shape("pdf"), b"%PDF-"),
        FileKind(".png", "image/png", Shape("image", "PNG"), b"\x89PNG\r\n\x1a\n"),
        FileKind(".jpg", "image/jpeg", Shape("image", "JPEG,MPO"), b"\xff\xd8\xff"),
        FileKind(".jpeg", "image/jpeg", Shape("image", "JPEG,MPO"), b"\xff\xd8\xff"),
        FileKind(".ofd", "application/ofd", Shape("zip", "OFD.xml"), b"PK\x03\x04"),
        FileKind(".docx", f"{_OFFICE}wordprocessingml.document", Shape("zip", "word/"), b"PK\x03\x04"),
        FileKind(".xlsx", f"{_OFFICE}spreadsheetml.sheet", Shape("zip", "xl/"), b"PK\x03\x04"),
        FileKind(".txt", "text/plain; charset=utf-8", Shape("text"), text=True),
        FileKind(".csv", "text/csv; charset=utf-8", Shape("text", "csv"), text=True),
        FileKind(".ndjson", "application/x-ndjson", Shape("text", "json"), text=True),
        FileKind(".jsonl", "application/x-ndjson", Shape("text", "json"), text=True),
        FileKind(".xes", "application/xml", Shape("text", "xml"), text=True),
        FileKind(".gz", "application/gzip", Shape("gzip"), b"\x1f\x8b"),
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

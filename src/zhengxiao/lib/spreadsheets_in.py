"""Tables in: CSV and Excel files read row by row under hard limits. Nothing in a file can exhaust this process."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import subprocess
import sys
import threading
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.lib.spreadsheets_out import plain_text

_CHILD = Path(__file__).with_name("spreadsheets_child.py")
_SNIFFED = 1 << 20


class TableRefused(Refusal):
    """Common base: the file as a whole cannot be read. `template` says why and what to do."""

    template = gettext_noop("文件无法读取。")


class DamagedTable(TableRefused):
    template = gettext_noop("文件已损坏或不是所选的格式，请重新导出后再试。")


class TableTooLarge(TableRefused):
    template = gettext_noop("文件解压后超过 {limit_mb} MB 的上限，请拆分后再导入。")


class TableTooSlow(TableRefused):
    template = gettext_noop("解析文件超过 {seconds} 秒的上限，请拆分或改用 CSV。")


class SuspiciousContainer(TableRefused):
    template = gettext_noop("压缩结构异常（{why}），文件未被打开。")


class NoSuchSheet(TableRefused):
    template = gettext_noop("没有名为“{sheet}”的工作表，文件中有：{known}。")


class UnknownEncoding(TableRefused):
    template = gettext_noop("文字编码既不是 UTF-8 也不是 GB18030（第 {line} 行附近），请另存为 UTF-8。")


class NotText(TableRefused):
    template = gettext_noop("第 {line} 行含有空字符，文件不是文本表格。")


class LineTooLong(TableRefused):
    template = gettext_noop("第 {line} 行超过 {limit} 个字符，可能缺少引号或换行。")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Bytes are inflated bytes; seconds of parsing are processor seconds."""

    max_bytes: int = 100 << 20
    max_ratio: int = 100
    max_entries: int = 2_000
    max_line: int = 1 << 20
    memory: int = 512 << 20
    cpu_seconds: int = 20
    wall_seconds: int = 30


UPLOAD_LIMITS = Limits()


class BoundedReader(io.RawIOBase):
    """A byte stream that refuses to give more than `limits` allow; inflates gzip by its magic number.

    `position` is how far the file on disk has been read, `size` its length: the two make a progress bar.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.size = path.stat().st_size
        self._file = path.open("rb")
        self._packed = self._file.peek(2)[:2] == b"\x1f\x8b"
        self._stream: Any = gzip.GzipFile(fileobj=self._file) if self._packed else self._file
        self._given = 0

    @property
    def position(self) -> int:
        return self._file.tell()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data: bytes = self._stream.read(len(buffer))
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DamagedTable from error
        self._given += len(data)
        if self._given > self.limits.max_bytes:
            raise TableTooLarge(limit_mb=self.limits.max_bytes >> 20)
        # Logs of few distinct words pack well: the ratio is only judged beyond 16 MB.
        if self._packed and self._given > 1 << 24 and self._given > self.limits.max_ratio * self.position:
            raise SuspiciousContainer(why=f"1:{self.limits.max_ratio}")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._file.close()
        super().close()


def detect_encoding(path: Path, limits: Limits = UPLOAD_LIMITS) -> str:
    """utf-8-sig, utf-16 or gb18030. A file that is plain ASCII at its beginning is looked at to its end."""
    with io.BufferedReader(BoundedReader(path, limits), _SNIFFED) as stream:
        head = stream.read(_SNIFFED)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(head)
            ascii_only = head.isascii()
            while ascii_only and (chunk := stream.read(_SNIFFED)):
                decoder.decode(chunk)
                ascii_only = chunk.isascii()
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def text_lines(raw: IO[bytes], encoding: str, limits: Limits) -> Generator[str, None, None]:
    """The lines of a text file with their ends; refuses over-long lines, NUL characters and wrong encodings."""
    text = io.TextIOWrapper(raw, encoding=encoding, newline="")
    number = 0
    try:
        while line := text.readline(limits.max_line + 1):
            number += 1
            if len(line) > limits.max_line:
                raise LineTooLong(line=number, limit=limits.max_line)
            if "\0" in line:
                raise NotText(line=number)
            yield line
    except UnicodeError as error:
        raise UnknownEncoding(line=number + 1) from error
    finally:
        text.close()


def read_csv(
    path: Path,
    *,
    encoding: str = "auto",
    delimiter: str = ",",
    limits: Limits = UPLOAD_LIMITS,
    reader: BoundedReader | None = None,
) -> Iterator[list[str]]:
    """The records of a CSV file (plain or gzip), blank lines as empty lists. Undoes `safe_text` of our own exports.

    `reader` may be given by a caller that wants to watch the position.
    """
    name = detect_encoding(path, limits) if encoding in {"", "auto"} else encoding
    raw = reader or BoundedReader(path, limits)
    lines = text_lines(io.BufferedReader(raw, 1 << 18), name, limits)
    records = csv.reader(lines, delimiter=delimiter, strict=False)
    try:
        for record in records:
            yield [plain_text(cell) if cell[:1] == "'" else cell for cell in record]
    except csv.Error as error:
        raise LineTooLong(line=records.line_num, limit=csv.field_size_limit()) from error
    finally:
        lines.close()


def read_xlsx(path: Path, *, sheet: str = "", limits: Limits = UPLOAD_LIMITS) -> Iterator[list[str]]:
    """The rows of one sheet (the first, unless named) of an Excel file, as texts; blank rows as empty lists.

    The container is checked and parsed in a child process with limited memory and processor time; this process only
    ever holds a few hundred rows.
    """
    with path.open("rb") as probe:
        if probe.read(2) != b"PK":
            raise DamagedTable
    numbers = (
        limits.max_bytes,
        limits.max_ratio,
        limits.max_entries,
        limits.memory,
        limits.cpu_seconds,
    )
    command = [sys.executable, "-I", str(_CHILD), str(path), sheet, *map(str, numbers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as child:  # noqa: S603
        watchdog = threading.Timer(limits.wall_seconds, child.kill)
        watchdog.start()
        try:
            yield from _child_rows(child, watchdog, limits)
        finally:
            watchdog.cancel()
            child.kill()


def _child_rows(
    child: subprocess.Popen[str], watchdog: threading.Timer, limits: Limits
) -> Iterator[list[str]]:
    if child.stdout is None:
        raise RuntimeError("the child was started without a pipe")
    for line in child.stdout:
        # Parsing is over with the first line; from here on the reader's own pace counts, not the wall clock.
        watchdog.cancel()
        message = json.loads(line)
        if isinstance(message, list):
            yield from message
        elif "fault" in message:
            raise _refusal(message["fault"], message["params"])
        elif message.get("end"):
            return
    child.wait()
    raise TableTooSlow(seconds=limits.cpu_seconds)


def read_table(
    path: Path,
    *,
    sheet: str = "",
    encoding: str = "auto",
    delimiter: str = ",",
    limits: Limits = UPLOAD_LIMITS,
) -> Iterator[list[str]]:
    """The rows of a CSV or Excel file, told apart by content."""
    with path.open("rb") as probe:
        packed = probe.read(4)
    if packed.startswith(b"PK"):
        return read_xlsx(path, sheet=sheet, limits=limits)
    return read_csv(path, encoding=encoding, delimiter=delimiter, limits=limits)


def _refusal(code: str, params: dict[str, Any]) -> TableRefused:
    if code == "TooLarge":
        return TableTooLarge(**params)
    if code == "NoSuchSheet":
        return NoSuchSheet(**params)
    why = {
        "TooManyEntries": gettext_noop("条目过多"),
        "SuspiciousRatio": gettext_noop("压缩比过高"),
        "Overlapping": gettext_noop("条目重叠"),
        "Encrypted": gettext_noop("已加密"),
        "DocumentType": gettext_noop("含有文档类型声明"),
        "UnsafeName": gettext_noop("条目名称指向别处"),
        "Nested": gettext_noop("压缩包套压缩包"),
    }.get(code)
    return SuspiciousContainer(why=why) if why else DamagedTable()

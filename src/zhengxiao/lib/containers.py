"""Zip containers (xlsx, docx, ofd) looked through before anything opens them. Standard library only.

Runs in the limited child processes (`spreadsheets_child`, `files_child`); harmless but slow elsewhere.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

CHUNK = 1 << 16
RATIO_FREE_BYTES = 1 << 20
DEEPEST = 2
"""A container in a container (a table embedded in a document) is looked through; one more level is refused."""
KNOWN_ENCODINGS = frozenset(
    {"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "gb18030", "gbk", "gb2312"}
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
_DRIVE = re.compile("[A-Za-z]:")


class ZipFault(Exception):
    """Why a zip container is not opened: a code and the numbers that go with it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass
class Budget:
    """What may still be inflated, over all entries and all containers inside."""

    max_bytes: int
    max_ratio: int
    max_entries: int
    packed: int = 0
    inflated: int = 0
    entries: int = 0

    def more_entries(self, count: int) -> None:
        self.entries += count
        if self.entries > self.max_entries:
            raise ZipFault("TooManyEntries", count=self.entries, limit=self.max_entries)

    def more_bytes(self, count: int) -> None:
        self.inflated += count
        if self.inflated > self.max_bytes:
            raise ZipFault("TooLarge", limit_mb=self.max_bytes >> 20)
        if self.inflated > RATIO_FREE_BYTES and self.inflated > self.max_ratio * max(self.packed, 1):
            raise ZipFault("SuspiciousRatio", limit=self.max_ratio)


def check_zip(source: str | IO[bytes], *, max_bytes: int, max_ratio: int, max_entries: int) -> list[str]:
    """The entry names of a harmless zip container; raises ZipFault.

    Looks at declared and at actually inflated bytes, at their ratio to the packed size, at the number of entries,
    at overlapping, encrypted and linked entries, at names that leave the folder, and refuses document type
    declarations and unusual encodings in XML parts. Containers inside are looked through on the same budget.
    """
    _check_directory(source, max_entries)
    return _check(source, Budget(max_bytes, max_ratio, max_entries), 1)


def _check_directory(source: str | IO[bytes], max_entries: int) -> None:
    """Many entries are refused before their list is read: reading a million of them is the attack."""
    if not isinstance(source, str):
        return
    count = 0
    with Path(source).open("rb") as stream:
        tail = b""
        while chunk := stream.read(1 << 20):
            count += (tail + chunk).count(b"PK\x01\x02")
            tail = chunk[-3:]
    # Containers stored inside have lists of their own.
    if count > 5 * max_entries:
        raise ZipFault("TooManyEntries", count=count, limit=max_entries)


def _check(source: str | IO[bytes], budget: Budget, depth: int) -> list[str]:
    try:
        with zipfile.ZipFile(source) as container:
            entries = container.infolist()
            budget.more_entries(len(entries))
            if budget.inflated + sum(entry.file_size for entry in entries) > budget.max_bytes:
                raise ZipFault("TooLarge", limit_mb=budget.max_bytes >> 20)
            _check_layout(entries)
            for entry in entries:
                _check_entry(container, entry, budget, depth)
            return [entry.filename for entry in entries]
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
    ) as error:
        raise ZipFault("Damaged") from error
    except RuntimeError as error:
        raise ZipFault("Encrypted") from error


def _check_layout(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.flag_bits & 0x1:
            raise ZipFault("Encrypted")
        if unsafe_name(entry.orig_filename) or stat.S_ISLNK(entry.external_attr >> 16):
            raise ZipFault("UnsafeName")
        if entry.header_offset < end:
            raise ZipFault("Overlapping")
        # 30 bytes of local header come before the name and the packed content.
        end = entry.header_offset + 30 + len(entry.orig_filename.encode()) + entry.compress_size


def unsafe_name(name: str) -> bool:
    """Whether a name inside a container points anywhere but below the place it would be unpacked to."""
    plain = name.replace("\\", "/")
    if not plain or plain.startswith("/") or _DRIVE.match(plain) or len(plain) > 1000:
        return True
    if any(ord(sign) < 32 or sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068" for sign in plain):
        return True
    return any(part.strip(" \u3000").startswith("..") for part in plain.split("/"))


def _check_entry(container: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget, depth: int) -> None:
    budget.packed += entry.compress_size
    head, tail, kept = b"", b"", io.BytesIO()
    with container.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            budget.more_bytes(len(chunk))
            head = head or chunk[:1024]
            if has_document_type(tail + chunk):
                raise ZipFault("DocumentType")
            tail = chunk[-64:]
            if head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
                kept.write(chunk)
    if head.startswith(b"\x1f\x8b"):
        # Packed drawings (emz, wmz) of older office programs.
        inflate(kept.getvalue(), budget.more_bytes)
    elif head.startswith(b"PK\x03\x04"):
        if depth >= DEEPEST:
            raise ZipFault("Nested", limit=DEEPEST)
        kept.seek(0)
        _check(kept, budget, depth + 1)
    elif head.startswith((b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
        raise ZipFault("Nested", limit=DEEPEST)
    check_encoding(head)


def inflate(packed: bytes, count: Callable[[int], None], *, wbits: int = 47) -> bytes:
    """Inflate in pieces, telling `count` the size of each; nothing is kept but the first piece, which is returned."""
    worker, rest, head = zlib.decompressobj(wbits), packed, b""
    while rest and not worker.eof:
        piece = worker.decompress(rest, CHUNK * 4)
        count(len(piece))
        head = head or piece[:1024]
        rest = worker.unconsumed_tail
    return head


def has_document_type(data: bytes) -> bool:
    """A document type or entity declaration, in any width of signs."""
    thin = data.replace(b"\0", b"") if b"\0" in data else data
    return b"<!DOCTYPE" in thin or b"<!ENTITY" in thin


def check_encoding(head: bytes) -> None:
    """XML that says it is written in a rare encoding could hide a declaration from the search above."""
    declared = _DECLARED.search(head.replace(b"\0", b""))
    if declared and declared[1].decode("ascii").lower() not in KNOWN_ENCODINGS:
        raise ZipFault("DocumentType")

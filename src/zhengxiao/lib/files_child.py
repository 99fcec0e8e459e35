"""Run as a script in a child process: looks one file through under hard limits and prints what it is as one JSON line.

`{"ok": {…}}` or `{"fault": code, "params": {…}}`. The only argument is a JSON object: path, family, part, limits.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zhengxiao.lib.containers import ZipFault, check_encoding, check_zip, has_document_type, inflate

ACTIVE_PARTS = re.compile(r"(?:vbaproject|activex/|\.exe$|\.dll$|\.js$|\.vbs$|\.lnk$)", re.I)
ACTIVE_PDF = ("/JavaScript", "/JS", "/Launch", "/ImportData", "/RichMedia")
_STREAM = re.compile(rb"stream\r?\n")
_DEEP = re.compile(rb"(?:[\[{]\s*(?:\"[^\"]{0,200}\"\s*:\s*)?){200}")
Limits = dict[str, int]
Told = dict[str, Any]


def look_at_zip(path: Path, limits: Limits, part: str) -> Told:
    names = check_zip(
        str(path),
        max_bytes=limits["max_bytes"],
        max_ratio=limits["max_ratio"],
        max_entries=limits["max_entries"],
    )
    if part and not any(name == part or name.startswith(part) for name in names):
        raise ZipFault("OtherKind")
    if any(ACTIVE_PARTS.search(name) for name in names):
        raise ZipFault("Active")
    return {"entries": len(names)}


def look_at_image(path: Path, limits: Limits, part: str) -> Told:
    """Only the head is read: size in pixels, number of pictures, and the checksums of a PNG's pieces."""
    from PIL import Image  # noqa: PLC0415 - only where needed

    Image.MAX_IMAGE_PIXELS = None
    with Image.open(path, formats=part.split(",")) as picture:
        width, height = picture.size
        if width < 1 or height < 1 or max(width, height) > 65_000 or width * height > limits["max_pixels"]:
            raise ZipFault("TooManyPixels", pixels=width * height, limit=limits["max_pixels"])
        frames = int(getattr(picture, "n_frames", 1))
        if frames > limits["max_frames"]:
            raise ZipFault("TooManyPages", count=frames, limit=limits["max_frames"])
        if picture.format == "PNG":
            picture.verify()
    return {"width": width, "height": height}


def look_at_pdf(path: Path, limits: Limits, _part: str) -> Told:
    from pypdf import PdfReader  # noqa: PLC0415 - only where needed
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    _inflated_streams(path.read_bytes(), limits)
    try:
        reader = PdfReader(str(path), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ZipFault("Encrypted")
        root = reader.root_object
        declared = root["/Pages"].get_object().get("/Count", 0)  # type: ignore[union-attr]
        if not isinstance(declared, int) or declared > limits["max_pages"]:
            raise ZipFault("TooManyPages", count=int(declared), limit=limits["max_pages"])
        pages = _count_pages(root["/Pages"], limits["max_pages"])
        _refuse_active(root)
    except (PyPdfError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise ZipFault("Damaged") from error
    if pages < 1:
        raise ZipFault("Damaged")
    return {"pages": pages}


def _count_pages(top: Any, limit: int) -> int:
    """Leaves of the page tree, whatever its counts say; a tree that goes round is refused."""
    waiting, seen, pages = [top], 0, 0
    while waiting:
        node = waiting.pop().get_object()
        seen += 1
        kids = node.get("/Kids")
        if kids is None:
            pages += 1
        else:
            waiting.extend(kids.get_object())
        if pages > limit or seen > 4 * limit or len(waiting) > 4 * limit:
            raise ZipFault("TooManyPages", count=pages, limit=limit)
    return pages


def _refuse_active(root: Any) -> None:
    """What a reader would run on opening: scripts, programs, embedded files."""
    names = root.get("/Names")
    names = names.get_object() if names is not None else {}
    if "/JavaScript" in names or "/EmbeddedFiles" in names or "/AA" in root:
        raise ZipFault("Active")
    action = root.get("/OpenAction")
    action = action.get_object() if action is not None else None
    if isinstance(action, dict) and action.get("/S") in ACTIVE_PDF:
        raise ZipFault("Active")


def _inflated_streams(content: bytes, limits: Limits) -> None:
    """What the packed streams come to when a reader unpacks them all; pages of a scan are not packed this way."""
    total = 0

    def more(count: int) -> None:
        nonlocal total
        total += count
        if total > limits["max_bytes"] or (total > 1 << 24 and total > limits["max_ratio"] * len(content)):
            raise ZipFault("TooLarge", limit_mb=limits["max_bytes"] >> 20)

    for match in _STREAM.finditer(content):
        head = content[max(0, match.start() - 400) : match.start()]
        head = head[head.rfind(b"obj") :] if b"obj" in head else head
        filters = head.count(b"/FlateDecode") + head.count(b"/Fl ") + head.count(b"/LZWDecode")
        if filters > 1:
            raise ZipFault("Nested", limit=1)
        if filters == 1 and b"/LZWDecode" not in head:
            end = content.find(b"endstream", match.end())
            try:
                inflate(content[match.end() : end if end > 0 else len(content)], more, wbits=15)
            except zlib.error:
                continue


def look_at_gzip(path: Path, limits: Limits, _part: str) -> Told:
    total, size = 0, path.stat().st_size

    def more(count: int) -> None:
        nonlocal total
        total += count
        if total > limits["max_bytes"]:
            raise ZipFault("TooLarge", limit_mb=limits["max_bytes"] >> 20)
        if total > 1 << 24 and total > limits["max_ratio"] * size:
            raise ZipFault("SuspiciousRatio", limit=limits["max_ratio"])

    rest = path.read_bytes()
    while rest[:2] == b"\x1f\x8b":
        worker = zlib.decompressobj(47)
        pending, first = rest, True
        while pending and not worker.eof:
            piece = worker.decompress(pending, 1 << 18)
            if first and piece.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"7z\xbc\xaf")):
                raise ZipFault("Nested", limit=1)
            first = False
            more(len(piece))
            pending = worker.unconsumed_tail
        if not worker.eof:
            raise ZipFault("Damaged")
        rest = worker.unused_data
    return {"inflated": total}


def look_at_text(path: Path, limits: Limits, part: str) -> Told:
    """Lines of bearable length, tables of bearable width, no NUL, no nesting beyond reason; XML without declarations."""
    lines = 0
    with path.open("rb") as stream:
        wide = stream.read(2) in (b"\xff\xfe", b"\xfe\xff")
        stream.seek(0)
        if part == "xml":
            check_encoding(stream.read(1024))
            stream.seek(0)
        while line := stream.readline(limits["max_line"] + 1):
            lines += 1
            if len(line) > limits["max_line"]:
                raise ZipFault("LineTooLong", line=lines, limit=limits["max_line"])
            if b"\0" in line and not wide and part != "xml":
                raise ZipFault("OtherKind")
            if part == "csv" and max(line.count(b","), line.count(b"\t"), line.count(b";")) > 16_384:
                raise ZipFault("LineTooLong", line=lines, limit=16_384)
            if part == "json" and _DEEP.search(line):
                raise ZipFault("Nested", limit=200)
            if part == "xml" and has_document_type(line):
                raise ZipFault("DocumentType")
    return {"lines": lines}


FAMILIES: dict[str, Callable[[Path, Limits, str], Told]] = {
    "zip": look_at_zip,
    "image": look_at_image,
    "pdf": look_at_pdf,
    "gzip": look_at_gzip,
    "text": look_at_text,
}


def _ready_for_images() -> None:
    from PIL import JpegImagePlugin, MpoImagePlugin, PngImagePlugin  # noqa: F401, PLC0415 - only where needed


def _ready_for_pdf() -> None:
    import pypdf  # noqa: F401, PLC0415 - only where needed


LIBRARIES: dict[str, Callable[[], object]] = {"image": _ready_for_images, "pdf": _ready_for_pdf}
"""Loaded before the limits are set: loading is ours, parsing is the file's."""


def main(argument: str) -> int:
    """Set the limits, look, print one line."""
    asked = json.loads(argument)
    limits: Limits = asked["limits"]
    LIBRARIES.get(asked["family"], int)()
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        told: Told = {"ok": FAMILIES[asked["family"]](Path(asked["path"]), limits, asked["part"])}
    except ZipFault as fault:
        told = {"fault": fault.code, "params": fault.params}
    except MemoryError:
        told = {"fault": "TooLarge", "params": {"limit_mb": limits["memory"] >> 20}}
    except Exception:
        # Whatever a parser stumbles over in a hostile file is the file's fault, not a programme error.
        told = {"fault": "Damaged", "params": {}}
    print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

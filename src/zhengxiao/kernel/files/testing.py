"""Small whole files for tests: what a person would hand in, as short as it can be."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib


def pdf(text: str = "", *, pages: int = 1, extra: str = "", count: int | None = None) -> bytes:
    """A PDF of empty pages; `extra` goes into the catalogue, `text` into a comment (so that contents differ)."""
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + pages))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {extra} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages if count is None else count} >>",
        *["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages,
    ]
    return pdf_of([one.encode() for one in objects], text)


def pdf_of(objects: list[bytes], text: str = "") -> bytes:
    """A PDF of these objects, the first being the catalogue, with its table of places."""
    out = bytearray(b"%PDF-1.7\n%" + (text.encode() or b"\xe2\xe3") + b"\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def png(width: int = 2, height: int = 2, *, before: bytes = b"", data: bytes | None = None) -> bytes:
    """A black and white PNG; `before` is put in front of its picture data, as ready chunks."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((width + 7) // 8 + 1) * height) if data is None else data
    picture = chunk(b"IHDR", head) + before + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + picture


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG with its length and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def container(**entries: bytes | str) -> bytes:
    """A zip; names with a slash are given as `word__document_xml`."""
    return container_of({name.replace("__", "/").replace("_", "."): body for name, body in entries.items()})


def container_of(entries: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these entries."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as target:
        for name, body in entries.items():
            target.writestr(name, body)
    return stream.getvalue()

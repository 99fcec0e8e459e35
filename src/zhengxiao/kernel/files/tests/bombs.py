"""Files made to hurt whoever opens them: small to send, costly or dangerous to read. Made here, never stored."""

from __future__ import annotations

import bz2
import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache

from zhengxiao.kernel.files.testing import chunk, container_of, pdf, pdf_of, png

MB = 1 << 20
SHEET, DOCUMENT = "xl/workbook.xml", "word/document.xml"
Bomb = tuple[str, Callable[[], bytes]]


@cache
def zeros(size: int) -> bytes:
    """The deflated form of `size` zero bytes, without holding them."""
    worker, out = zlib.compressobj(9), bytearray()
    for _ in range(size // MB):
        out += worker.compress(bytes(MB))
    return bytes(out + worker.flush())


def patched(content: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    """`content` with `value` written at `offset` from the last `mark`."""
    place = content.rfind(mark) + offset
    return content[:place] + value + content[place + len(value) :]


def lying(size: int) -> bytes:
    whole = container_of({SHEET: b"0" * (3 * MB)})
    return whole.replace(struct.pack("<I", 3 * MB), struct.pack("<I", size))


def one_entry(name: str, attributes: int = 0) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        entry = zipfile.ZipInfo("x" * len(name.encode()))
        entry.external_attr = attributes
        target.writestr(entry, b"target")
        target.writestr(SHEET, b"<a/>")
    raw = name.encode()
    return stream.getvalue().replace(b"x" * len(raw), raw)


def laughs(depth: int = 9) -> str:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">{lines}]><l>&l{depth - 1};</l>'


XXE = (
    laughs(),
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    '<!DOCTYPE a PUBLIC "-//A//B" "http://127.0.0.1:9/a.dtd"><a/>',
    '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/b"> %b;]><a/>',
    '<?xml version="1.0" encoding="UTF-8"?>\n\n<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<!--x--><!DOCTYPE a [<!ATTLIST a b CDATA "c">]><a/>',
    f"<a>{'x' * 65530}</a><!DOCTYPE a>",
)
"""Each is tried as it is and in wider encodings."""
WIDE_XXE = (
    XXE[1].encode("utf-16"),
    XXE[1].encode("utf-16-be"),
    XXE[1].encode("utf-32"),
    b'<?xml version="1.0" encoding="cp037"?>' + XXE[1].encode("cp037"),
    b'<?xml version="1.0" encoding="UTF-7"?>' + XXE[1].encode("utf-7"),
)


def nested(depth: int) -> bytes:
    content: bytes = b"0" * MB
    for level in range(depth):
        content = container_of({SHEET: "<a/>", f"xl/embeddings/{level}.xlsx": content})
    return content


def many_listed(count: int) -> bytes:
    """A list of contents that is nearly all of the file."""
    whole = container_of({SHEET: "<a/>"})
    start = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    return whole[:start] + whole[start:end] * count + whole[end:]


def jpeg(width: int, height: int) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def stream(body: bytes, filters: str) -> bytes:
    return b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(body), filters.encode(), body)


def pdf_with(*more: bytes, pages: bytes = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, *more])


def locked_pdf() -> bytes:
    from pypdf import PdfWriter  # noqa: PLC0415

    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(9, 9)
    writer.encrypt("only the sender knows", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def _containers() -> Iterator[Bomb]:
    yield "a ratio of a thousand.xlsx", lambda: container_of({SHEET: b"0" * (20 * MB)})
    yield "two thousand and one entries.xlsx", lambda: container_of({f"xl/{n}": b"" for n in range(2001)})
    yield "a list of a hundred thousand entries.xlsx", lambda: many_listed(100_000)
    yield "too much in many.docx", lambda: container_of({f"word/{n}": b"0" * (30 * MB) for n in range(4)})
    yield "declares ten bytes.xlsx", lambda: lying(10)
    yield "declares four gigabytes.xlsx", lambda: lying(0xFFFFFFF0)
    yield (
        "overlapping.xlsx",
        lambda: patched(container_of({SHEET: b"abc" * 99, "xl/b": b"abc" * 99}), b"PK\x01\x02", 42, bytes(4)),
    )
    yield "three deep.xlsx", lambda: nested(3)
    yield (
        "a bomb in a table in a letter.docx",
        lambda: container_of({DOCUMENT: "<a/>", "word/a.xlsx": container_of({"xl/a": b"0" * (9 * MB)})}),
    )
    yield (
        "a packed drawing.docx",
        lambda: container_of({DOCUMENT: "<a/>", "word/media/a.emz": gzip.compress(bytes(20 * MB), 9)}),
    )
    yield "another packer inside.docx", lambda: container_of({DOCUMENT: "<a/>", "word/a": b"7z\xbc\xaf'\x1c"})
    yield "encrypted.xlsx", lambda: patched(container_of({SHEET: "<a/>"}), b"PK\x01\x02", 8, b"\x01\x00")
    yield (
        "unknown packing.xlsx",
        lambda: patched(container_of({SHEET: "<a/>"}), b"PK\x01\x02", 10, b"\x63\x00"),
    )
    yield "bzip2.xlsx", lambda: container_of({SHEET: b"0" * (20 * MB)}, zipfile.ZIP_BZIP2)
    yield "lzma.xlsx", lambda: container_of({SHEET: b"0" * (20 * MB)}, zipfile.ZIP_LZMA)
    yield "cut off.xlsx", lambda: container_of({SHEET: b"0" * MB})[:-40]
    yield "only a head.ofd", lambda: b"PK\x03\x04" + b"\xff" * 500
    yield "a link.xlsx", lambda: one_entry("xl/link", 0o120777 << 16)
    yield "a macro.docx", lambda: container_of({DOCUMENT: "<a/>", "word/vbaProject.bin": b"\xd0\xcf"})
    yield "a control.xlsx", lambda: container_of({SHEET: "<a/>", "xl/activeX/activeX1.xml": "<a/>"})
    for number, text in enumerate(XXE):
        yield f"declaration {number}.docx", lambda text=text: container_of({DOCUMENT: text})
    for number, raw in enumerate(WIDE_XXE):
        yield f"wide declaration {number}.xlsx", lambda raw=raw: container_of({SHEET: raw})


def _pictures() -> Iterator[Bomb]:
    yield "a hundred thousand pixels wide.png", lambda: png(100_000, 100_000, data=zeros(MB))
    yield "four billion pixels.png", lambda: png(64_999, 64_999, data=zeros(MB))
    yield "packed words.png", lambda: png(before=chunk(b"zTXt", b"a\0\0" + zeros(8 * MB)))
    yield "packed colours.png", lambda: png(before=chunk(b"iCCP", b"a\0\0" + zeros(8 * MB)))
    yield "a thousand pictures.png", lambda: png(before=chunk(b"acTL", struct.pack(">II", 1000, 0)))
    yield "a wrong checksum.png", lambda: png()[:-5] + b"\0\0\0\0\0"
    yield "four billion pixels.jpg", lambda: jpeg(65_000, 65_000)
    yield "nothing in it.jpg", lambda: b"\xff\xd8\xff\xe0" + b"\0" * 50
    yield "no width.jpg", lambda: jpeg(0, 1)


def _pdfs() -> Iterator[Bomb]:
    yield "a billion pages by its word.pdf", lambda: pdf(count=10**9)
    yield "a negative number of pages.pdf", lambda: pdf(count=-1, pages=0)
    yield "two thousand and one pages.pdf", lambda: pdf(pages=2001, count=1)
    yield (
        "pages that go round.pdf",
        lambda: pdf_with(pages=b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1 >>"),
    )
    yield "a page of a hundred megabytes.pdf", lambda: pdf_with(stream(zeros(110 * MB), "/FlateDecode"))
    yield (
        "packed twice.pdf",
        lambda: pdf_with(stream(zlib.compress(zeros(110 * MB)), "[/FlateDecode /FlateDecode]")),
    )
    yield "brackets.pdf", lambda: pdf(extra=f"/A {'[' * 200_000}")
    yield "a script on opening.pdf", lambda: pdf(extra="/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")
    yield "a program on opening.pdf", lambda: pdf(extra="/OpenAction << /S /Launch /F (a.exe) >>")
    yield "a file inside.pdf", lambda: pdf(extra="/Names << /EmbeddedFiles << /Names [] >> >>")
    yield "locked.pdf", locked_pdf
    yield "nothing in it.pdf", lambda: b"%PDF-1.7\n" + b"0" * 1000


def _texts() -> Iterator[Bomb]:
    yield "a ratio of a thousand.gz", lambda: gzip.compress(bytes(30 * MB), 9)
    yield "too much.gz", lambda: gzip.compress(bytes(120 * MB), 1)
    yield "many parts.gz", lambda: gzip.compress(bytes(8 * MB), 9) * 10
    yield "packed twice.gz", lambda: gzip.compress(gzip.compress(bytes(5 * MB), 9))
    yield "another packer inside.gz", lambda: gzip.compress(bz2.compress(bytes(5 * MB)))
    yield "cut off.gz", lambda: gzip.compress(b"a,b\n" * 10_000)[:-12]
    yield "one line.csv", lambda: b"a,b\n" + b"x" * (5 * MB)
    yield "a hundred thousand columns.csv", lambda: b"," * 100_000 + b"\n"
    yield "no text.csv", lambda: b"a,b\n" * 5000 + b"\0\n"
    yield "brackets.ndjson", lambda: b"[" * 100_000 + b"\n"
    yield "names.ndjson", lambda: b'{"a":' * 50_000 + b"\n"
    for number, text in enumerate(XXE[:5]):
        yield f"declaration {number}.xes", text.encode
    yield "wide declaration.xes", lambda: WIDE_XXE[0]
    yield "rare encoding.xes", lambda: WIDE_XXE[3]


BOMBS: dict[str, Callable[[], bytes]] = dict([*_containers(), *_pictures(), *_pdfs(), *_texts()])

"""A table of any size as blocks of columns: CSV is cut apart by its bytes, Excel comes through the guarded child process.

No Python object per cell of a CSV file: separators, quotes and line ends are found by numpy over a block of bytes.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhengxiao.lib.spreadsheets_in import (
    UPLOAD_LIMITS,
    BoundedReader,
    Limits,
    LineTooLong,
    NotText,
    UnknownEncoding,
    detect_encoding,
    read_xlsx,
)
from zhengxiao.lib.text_columns import Ints, Signs, TextColumn

BLOCK = 8 << 20
ROWS_AT_ONCE = 10_000
PAD = 1
"""A byte behind the last cell, so that the begin of an empty last cell is a place in the buffer."""
_COMMA, _QUOTE, _LINE, _RETURN, _SPACE, _TAB = (ord(sign) for sign in ',"\n\r \t')


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a table by column. `first_row`: the number of the first one as a person counts, header included.

    `ragged`: rows (from 0) with more or fewer cells than the header.
    """

    header: tuple[str, ...]
    columns: tuple[TextColumn, ...]
    first_row: int
    ragged: Ints

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def table_blocks(
    path: Path, *, encoding: str = "auto", sheet: str = "", limits: Limits = UPLOAD_LIMITS, block: int = BLOCK
) -> Iterator[Block]:
    """The table in a CSV or Excel file. Blank rows are left out but counted; cells come without blanks at their ends.

    Raises what `read_table` raises: TableTooLarge, DamagedTable, UnknownEncoding, NotText, LineTooLong.
    """
    with path.open("rb") as probe:
        packed = probe.read(2) == b"PK"
    return _excel(path, sheet, limits) if packed else _csv(path, encoding, limits, block)


def _excel(path: Path, sheet: str, limits: Limits) -> Iterator[Block]:
    rows = read_xlsx(path, sheet=sheet, limits=limits)
    header: tuple[str, ...] = ()
    number = 0
    for first in rows:
        number += 1
        if any(first):
            header = _clean_header(first)
            break
    while header and (group := list(islice(rows, ROWS_AT_ONCE))):
        kept = [(place, row) for place, row in enumerate(group) if any(cell.strip() for cell in row)]
        yield from _runs(header, kept, number + 1, _day_cell)
        number += len(group)


def _runs(
    header: tuple[str, ...],
    kept: list[tuple[int, list[str]]],
    first_row: int,
    cell: Callable[[str], str],
) -> Iterator[Block]:
    """Rows that follow one another make a block, so that each row keeps its number."""
    begin = 0
    for end in range(1, len(kept) + 1):
        if end < len(kept) and kept[end][0] == kept[end - 1][0] + 1:
            continue
        rows = [row for _place, row in kept[begin:end]]
        width = len(header)
        ragged = np.array([i for i, row in enumerate(rows) if any(row[width:])], dtype=np.int64)
        filled = [[*row[:width], *[""] * (width - len(row))] for row in rows]
        columns = tuple(TextColumn.of(cell(row[i]) for row in filled) for i in range(width))
        yield Block(header, columns, first_row + kept[begin][0], ragged)
        begin = end


def _day_cell(text: str) -> str:
    """A real date of a spreadsheet as its reader would write it: 2026-03-04 00:00:00 → 2026/03/04."""
    text = text.strip()
    if (
        len(text) in (10, 19)
        and text[4] == "-"
        and text[7] == "-"
        and text[10:] in ("", " 00:00:00", "T00:00:00")
    ):
        plain = text[:4] + text[5:7] + text[8:10]
        if plain.isascii() and plain.isdigit():
            return text[:10].replace("-", "/")
    return text


def _clean_header(cells: Sequence[str]) -> tuple[str, ...]:
    names = [cell.strip().lstrip("\ufeff").strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _chunks(path: Path, encoding: str, limits: Limits, size: int) -> Iterator[bytes]:
    """The file as UTF-8, in pieces of about `size` bytes."""
    name = detect_encoding(path, limits) if encoding in {"", "auto"} else encoding
    decoder = codecs.getincrementaldecoder(name)()
    first = True
    with io.BufferedReader(BoundedReader(path, limits), 1 << 20) as stream:
        while True:
            raw = stream.read(size)
            try:
                text = decoder.decode(raw, final=not raw)
            except UnicodeDecodeError as error:
                raise UnknownEncoding(line=1) from error
            piece = (text.lstrip("\ufeff") if first else text).encode()
            first = False
            if piece:
                yield piece
            if not raw:
                return


class _Stray(Exception):
    """A quote stands where the rules of CSV do not expect one; such a file is read sign by sign, as other readers do."""


def _csv(path: Path, encoding: str, limits: Limits, size: int) -> Iterator[Block]:
    header: tuple[str, ...] = ()
    rest = b""
    row = 1
    pieces = _chunks(path, encoding, limits, size)
    try:
        for piece in pieces:
            rest += piece
            cut = _last_end(rest)
            if not cut and len(rest) > size + limits.max_line:
                raise _Stray if b'"' in rest else LineTooLong(line=row, limit=limits.max_line)
            if cut:
                header, row, blocks = _parsed(rest[:cut], header, row)
                rest = rest[cut:]
                yield from blocks
        if rest:
            _header, _row, blocks = _parsed(rest if rest.endswith(b"\n") else rest + b"\n", header, row)
            yield from blocks
    except _Stray:
        yield from _sign_by_sign(chain([rest], pieces), header, row, limits)


def _sign_by_sign(
    pieces: Iterable[bytes], header: tuple[str, ...], row: int, limits: Limits
) -> Iterator[Block]:
    """The rest of a file through the csv module, `row` being the number of its first record."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = _lines((decoder.decode(piece) for piece in pieces), row, limits)
    records = csv.reader(lines, strict=False)
    try:
        while not header:
            header = _clean_header(next(records, ["?"]))
            row += 1
        while group := list(islice(records, ROWS_AT_ONCE)):
            kept = [
                (place, record) for place, record in enumerate(group) if any(cell.strip() for cell in record)
            ]
            yield from _runs(header, kept, row, _plain_cell)
            row += len(group)
    except csv.Error as error:
        raise LineTooLong(line=row, limit=csv.field_size_limit()) from error


def _lines(texts: Iterable[str], row: int, limits: Limits) -> Iterator[str]:
    rest = ""
    for text in texts:
        parts = (rest + text).split("\n")
        rest = parts.pop()
        if len(rest) > limits.max_line:
            raise LineTooLong(line=row, limit=limits.max_line)
        for part in parts:
            yield part + "\n"
    if rest:
        yield rest


def _plain_cell(text: str) -> str:
    return text.strip(" \t\r\n")


def _last_end(raw: bytes) -> int:
    """Where the last whole record ends: behind a line end that no quote encloses; 0 when there is none."""
    cut = raw.rfind(b"\n") + 1
    if b'"' not in raw:
        return cut
    while cut and raw.count(b'"', 0, cut) % 2:
        cut = raw.rfind(b"\n", 0, cut - 1) + 1
    return cut


def _parsed(raw: bytes, header: tuple[str, ...], row: int) -> tuple[tuple[str, ...], int, list[Block]]:
    """The records of `raw` as blocks; the first ones make the header if there is none yet. Raises _Stray, NotText."""
    if b"\0" in raw:
        raise NotText(line=row + raw.count(b"\n", 0, raw.index(b"\0")))
    data = padded(raw)
    begins, ends, per_record = _cells(data, len(raw))
    data, begins, ends = _unquoted(data, begins, ends)
    begins, ends = _trimmed(data, begins, ends)
    firsts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(per_record)[:-1]])
    filled = np.add.reduceat(ends - begins, firsts) > 0
    count, place = len(per_record), 0
    while not header and place < count:
        cells = range(firsts[place], firsts[place] + per_record[place])
        header = _clean_header(
            [data[begins[i] : ends[i]].tobytes().decode("utf-8", "replace") for i in cells]
        )
        place += 1
    all_cells = Cells(data, begins, ends, Signs(data))
    blocks = []
    for begin, end in _spans(filled[place:]):
        records = slice(place + begin, place + end)
        first_row = row + place + begin
        blocks.append(_block(header, all_cells, firsts[records], per_record[records], first_row))
    return header, row + count, blocks


def _spans(kept: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of True as (begin, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], kept, [False]]).astype(np.int8)))
    return [(int(edges[i]), int(edges[i + 1])) for i in range(0, len(edges), 2)]


def _cells(data: NDArray[np.uint8], size: int) -> tuple[Ints, Ints, Ints]:
    """Begin and end of every cell, and how many cells each record has."""
    body = data[:size]
    separators = (body == _COMMA) | (body == _LINE)
    quotes = body == _QUOTE
    if quotes.any():
        open_ = np.cumsum(quotes, dtype=np.uint8) & 1
        if open_[-1]:
            raise _Stray
        separators &= open_ == 0
    places = np.flatnonzero(separators)
    begins = np.concatenate([np.zeros(1, dtype=np.int64), places[:-1] + 1])
    line_ends = np.flatnonzero(body[places] == _LINE)
    per_record = np.diff(np.concatenate([np.full(1, -1, dtype=np.int64), line_ends]))
    ends = places.copy()
    last = ends[line_ends]
    ends[line_ends] = last - ((data[np.maximum(last - 1, 0)] == _RETURN) & (last > begins[line_ends]))
    return begins, ends, per_record


def _unquoted(data: NDArray[np.uint8], begins: Ints, ends: Ints) -> tuple[NDArray[np.uint8], Ints, Ints]:
    """Cells without the quotes around them; doubled quotes inside become one, in a buffer of their own behind the data."""
    total = int((data == _QUOTE).sum())
    if not total:
        return data, begins, ends
    quoted = np.flatnonzero((ends - begins >= 2) & (data[begins] == _QUOTE) & (data[ends - 1] == _QUOTE))
    quotes = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(data == _QUOTE)])
    if total != int((quotes[ends[quoted]] - quotes[begins[quoted]]).sum()):
        raise _Stray
    begins, ends = begins.copy(), ends.copy()
    begins[quoted] += 1
    ends[quoted] -= 1
    doubled = quoted[quotes[ends[quoted]] > quotes[begins[quoted]]]
    if not len(doubled):
        return data, begins, ends
    extra = [data[begins[i] : ends[i]].tobytes() for i in doubled.tolist()]
    if any(b'"' in piece.replace(b'""', b"") for piece in extra):
        raise _Stray
    extra = [piece.replace(b'""', b'"') for piece in extra]
    sizes = np.cumsum([len(piece) for piece in extra])
    base = len(data) - PAD
    ends[doubled] = base + sizes
    begins[doubled] = base + np.concatenate([[0], sizes[:-1]])
    return np.concatenate([data[:base], padded(b"".join(extra))]), begins, ends


def padded(raw: bytes) -> NDArray[np.uint8]:
    """The bytes with room behind them."""
    return np.frombuffer(raw + bytes(PAD), dtype=np.uint8)


def _trimmed(data: NDArray[np.uint8], begins: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Cells without blanks, tabs and line ends at either end; the last only a quoted cell can have."""
    if not ((data == _SPACE) | (data == _TAB) | (data == _QUOTE)).any():
        return begins, ends
    begins, ends = begins.copy(), ends.copy()
    while len(rows := np.flatnonzero((ends > begins) & _blank(data[begins]))):
        begins[rows] += 1
    while len(rows := np.flatnonzero((ends > begins) & _blank(data[ends - 1]))):
        ends[rows] -= 1
    return begins, ends


def _blank(signs: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((signs == _SPACE) | (signs == _TAB) | (signs == _LINE) | (signs == _RETURN))


@dataclass(frozen=True, slots=True)
class Cells:
    """All cells of a piece of a file, one after the other."""

    data: NDArray[np.uint8]
    begins: Ints
    ends: Ints
    signs: Signs


def _block(header: tuple[str, ...], cells: Cells, firsts: Ints, per_record: Ints, first_row: int) -> Block:
    width = len(header)
    ragged = np.flatnonzero(per_record != width)
    columns = []
    for place in range(width):
        wanted = firsts + place
        if len(ragged):
            there = place < per_record
            wanted = np.where(there, wanted, firsts)
            starts = cells.begins[wanted]
            ends = np.where(there, cells.ends[wanted], starts)
        else:
            starts, ends = cells.begins[wanted], cells.ends[wanted]
        columns.append(TextColumn(cells.data, starts, ends, cells.signs))
    return Block(header, tuple(columns), first_row, ragged)

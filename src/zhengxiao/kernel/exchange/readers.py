"""Files to rows: CSV, Excel, JSON lines and XES event logs, plain or gzip, lazily and under limits."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree as SafeTree  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

from zhengxiao.kernel.exchange.profile import Profile, RawRow
from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.lib.spreadsheets import (
    BoundedReader,
    DamagedTable,
    Limits,
    TableRefused,
    TableTooLarge,
    detect_encoding,
    read_csv,
    read_xlsx,
    text_lines,
)

EVENTS_PER_TRACE = 100_000
ELEMENT_BYTES = 16 << 20
_DEPTH = 4


class MissingColumns(TableRefused):
    template = gettext_noop("文件缺少配置要求的列：{columns}。文件中有：{known}。")


class EmptyTable(TableRefused):
    template = gettext_noop("文件中没有表头或数据。")


class RowSource:
    """The rows of one file as a profile reads it. `position` of `size` bytes tells how far it got."""

    def __init__(self, path: Path, profile: Profile, limits: Limits) -> None:
        self.path, self.profile, self.limits = path, profile, limits
        self.size = path.stat().st_size
        self._reader: BoundedReader | None = None

    @property
    def position(self) -> int:
        if self._reader is None or self._reader.closed:
            return self.size
        return self._reader.position

    def __iter__(self) -> Iterator[RawRow]:
        return _READERS[self.profile.format](self)

    def open(self) -> BoundedReader:
        self._reader = BoundedReader(self.path, self.limits)
        return self._reader


def header_names(cells: Sequence[str]) -> list[str]:
    """Usable column names: blanks squeezed, unnamed and repeated columns numbered."""
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        plain = " ".join(cell.replace("\ufeff", "").split()) or f"列{number}"
        name, again = plain, 1
        while name in names:
            again += 1
            name = f"{plain}#{again}"
        names.append(name)
    return names


def _table(source: RowSource, records: Iterator[list[str]]) -> Iterator[RawRow]:
    profile = source.profile
    names: list[str] | None = None
    width = 0
    for number, record in enumerate(records, start=1):
        if number < profile.header_row:
            continue
        if names is None:
            names = header_names(record)
            while names and names[-1].startswith("列") and not record[len(names) - 1].strip():
                names.pop()
            width = len(names)
            _require(profile, names)
            continue
        if len(record) == width:
            yield RawRow(number, dict(zip(names, record, strict=True)))
            continue
        if not any(cell.strip() for cell in record):
            continue
        fault = ""
        if any(cell.strip() for cell in record[width:]):
            fault = gettext_noop("本行的列数多于表头，可能缺少引号。")
            record = [*record[:width], *record[width:]]
        padded = record[:width] + [""] * (width - len(record))
        values = dict(zip(names, padded, strict=True))
        values.update({f"+{extra}": cell for extra, cell in enumerate(record[width:], start=1)})
        yield RawRow(number, values, fault)
    if names is None:
        raise EmptyTable


def _require(profile: Profile, names: Sequence[str]) -> None:
    missing = [column for column in profile.used_columns if column not in names]
    # Of several columns with fallback one is enough.
    optional = {
        column
        for source in profile.columns.values()
        if any(name in names for name in source.columns)
        for column in source.columns
    }
    missing = [column for column in missing if column not in optional]
    if missing:
        raise MissingColumns(columns="、".join(missing), known="、".join(names)[:400])


def _csv(source: RowSource) -> Iterator[RawRow]:
    profile = source.profile
    encoding = profile.encoding
    if encoding in {"", "auto"}:
        encoding = detect_encoding(source.path, source.limits)
    records = read_csv(
        source.path,
        encoding=encoding,
        delimiter=profile.delimiter,
        limits=source.limits,
        reader=source.open(),
    )
    return _table(source, records)


def _xlsx(source: RowSource) -> Iterator[RawRow]:
    return map(
        storable, _table(source, read_xlsx(source.path, sheet=source.profile.sheet, limits=source.limits))
    )


def storable(row: RawRow) -> RawRow:
    """`row`, at fault and with replacement signs when it holds NUL or half characters no database takes."""
    text = "".join((*row.values, *row.values.values()))
    try:
        text.encode()
    except UnicodeEncodeError:
        pass
    else:
        if "\0" not in text:
            return row
    values = {_storable(name): _storable(value) for name, value in row.values.items()}
    return RawRow(row.number, values, row.fault or gettext_noop("本行含有无法保存的字符。"))


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _ndjson(source: RowSource) -> Iterator[RawRow]:
    encoding = source.profile.encoding
    raw = io.BufferedReader(source.open(), 1 << 18)
    lines = text_lines(raw, "utf-8-sig" if encoding in {"", "auto"} else encoding, source.limits)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            yield RawRow(number, {"": line.strip()}, gettext_noop("本行不是有效的 JSON。"))
            continue
        if isinstance(data, dict):
            yield storable(RawRow(number, flat(data)))
        else:
            yield RawRow(number, {"": line.strip()}, gettext_noop("本行不是 JSON 对象。"))


def flat(data: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """A JSON object as texts: inner objects by dotted names, lists as JSON text, null as empty."""
    values: dict[str, str] = {}
    for key, value in data.items():
        name = prefix + key
        if isinstance(value, str):
            values[name] = value
        elif value is None:
            values[name] = ""
        elif isinstance(value, dict) and depth < _DEPTH:
            values |= flat(value, f"{name}.", depth + 1)
        elif isinstance(value, bool):
            values[name] = "true" if value else "false"
        elif isinstance(value, (int, float)):
            values[name] = repr(value)
        else:
            values[name] = json.dumps(value, ensure_ascii=False)
    return values


def _xes(source: RowSource) -> Iterator[RawRow]:
    """One row per event: attributes of the trace as `case:…`, of the event by their own names."""
    reader = source.open()
    stream = _Watched(reader)
    number = 0
    try:
        for trace in _traces(stream):
            shared = {f"case:{key}": value for key, value in _attributes(trace)}
            events = [child for child in trace if _local(child) == "event"]
            if not events:
                # A trace without events is a case of which nothing is known yet; it still must not get lost.
                number += 1
                yield RawRow(number, shared)
            for event in events:
                number += 1
                yield RawRow(number, {**shared, **dict(_attributes(event))})
    except (ParseError, DefusedXmlException) as error:
        raise DamagedTable from error
    finally:
        reader.close()


def _traces(stream: _Watched) -> Iterator[Element]:
    path: list[Element] = []
    events = 0
    for happening, element in SafeTree.iterparse(stream, events=("start", "end"), forbid_dtd=True):
        stream.since = 0
        if happening == "start":
            path.append(element)
            continue
        path.pop()
        name = _local(element)
        if name == "event":
            events += 1
            if events > EVENTS_PER_TRACE:
                raise TableTooLarge(limit_mb=ELEMENT_BYTES >> 20)
        elif name == "trace":
            yield element
            events = 0
        # What lies directly under the log is done with: forget it, so that memory does not grow with the log.
        if len(path) == 1:
            path[0].clear()


class _Watched:
    """Counts the bytes fed since the parser last reported something: one endless tag must not fill the
    memory.
    """

    def __init__(self, reader: BoundedReader) -> None:
        self._reader = reader
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        data = self._reader.read(size) or b""
        self.since += len(data)
        if self.since > ELEMENT_BYTES:
            raise TableTooLarge(limit_mb=ELEMENT_BYTES >> 20)
        return data


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    for child in element:
        key = child.get("key")
        if key is not None:
            yield key, child.get("value", "")


def _local(element: Element) -> str:
    tag: str = element.tag
    return tag.rpartition("}")[2]


_READERS: dict[str, Callable[[RowSource], Iterator[RawRow]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "ndjson": _ndjson,
    "xes": _xes,
}

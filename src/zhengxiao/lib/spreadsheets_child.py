"""Run as a script in a child process: opens one Excel file under hard limits and prints its rows as JSON lines.

Imports nothing of this project, so it starts fast and may be run by path. The first line printed is a report
(`{"sheets": […]}` or `{"fault": code, "params": {…}}`), every further line a list of rows, each a list of texts.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import IO, Any

CHUNK = 1 << 16
ROWS_PER_LINE = 200
RATIO_FREE_BYTES = 1 << 20
CELL_CHARACTERS = 32_767
OUTPUT_CHARACTERS = 2 << 30


class ZipFault(Exception):
    """Why a zip container is not opened: a code and the numbers that go with it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def check_zip(source: str | IO[bytes], *, max_bytes: int, max_ratio: int, max_entries: int) -> list[str]:
    """The entry names of a harmless zip container; raises ZipFault.

    Looks at declared and at actually inflated bytes, at their ratio to the packed size, at the number of entries,
    at overlapping or encrypted entries, and refuses document type declarations in XML parts.
    """
    try:
        with zipfile.ZipFile(source) as container:
            entries = container.infolist()
            if len(entries) > max_entries:
                raise ZipFault("TooManyEntries", count=len(entries), limit=max_entries)
            if sum(entry.file_size for entry in entries) > max_bytes:
                raise ZipFault("TooLarge", limit_mb=max_bytes >> 20)
            _check_layout(entries)
            _check_content(container, entries, max_bytes, max_ratio)
            return [entry.filename for entry in entries]
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise ZipFault("Damaged") from error
    except RuntimeError as error:
        raise ZipFault("Encrypted") from error


def _check_layout(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.flag_bits & 0x1:
            raise ZipFault("Encrypted")
        if entry.header_offset < end:
            raise ZipFault("Overlapping")
        # 30 bytes of local header come before the name and the packed content.
        end = entry.header_offset + 30 + len(entry.orig_filename.encode()) + entry.compress_size


def _check_content(
    container: zipfile.ZipFile, entries: list[zipfile.ZipInfo], max_bytes: int, max_ratio: int
) -> None:
    total = packed = 0
    for entry in entries:
        packed += entry.compress_size
        tail = b""
        with container.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > max_bytes:
                    raise ZipFault("TooLarge", limit_mb=max_bytes >> 20)
                if total > RATIO_FREE_BYTES and total > max_ratio * max(packed, 1):
                    raise ZipFault("SuspiciousRatio", limit=max_ratio)
                if b"<!DOCTYPE" in tail + chunk or b"<!ENTITY" in tail + chunk:
                    raise ZipFault("DocumentType")
                tail = chunk[-16:]


def cell_text(value: Any) -> str:
    """One cell as text: whole numbers without a point, dates and moments in ISO form."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _print_rows(path: str, sheet: str) -> None:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - after the limits are set

    book = CalamineWorkbook.from_path(path)
    names = book.sheet_names
    if not names or (sheet and sheet not in names):
        raise ZipFault("NoSuchSheet", sheet=sheet, known="、".join(names[:20]))
    table = book.get_sheet_by_name(sheet or names[0])
    print(json.dumps({"sheets": names}), flush=True)
    # Rows before the first filled one are given as empty rows, so that numbers are those Excel shows.
    batch: list[list[str]] = [[] for _ in range(table.start[0])] if table.start else []
    written = 0
    for row in table.iter_rows():
        cells = [cell_text(value) for value in row]
        written += sum(map(len, cells))
        if written > OUTPUT_CHARACTERS or any(len(cell) > CELL_CHARACTERS for cell in cells):
            raise ZipFault("TooLarge", limit_mb=OUTPUT_CHARACTERS >> 20)
        batch.append(cells)
        if len(batch) >= ROWS_PER_LINE:
            print(json.dumps(batch))
            batch = []
    print(json.dumps(batch))
    print(json.dumps({"end": True}), flush=True)


def main(arguments: list[str]) -> int:
    """`path sheet max_bytes max_ratio max_entries memory_bytes cpu_seconds`."""
    path, sheet = arguments[0], arguments[1]
    max_bytes, max_ratio, max_entries, memory, cpu = map(int, arguments[2:7])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        names = check_zip(path, max_bytes=max_bytes, max_ratio=max_ratio, max_entries=max_entries)
        if not any(name.startswith("xl/") for name in names):
            raise ZipFault("NotASpreadsheet")
        _print_rows(path, sheet)
    except ZipFault as fault:
        print(json.dumps({"fault": fault.code, "params": fault.params}), flush=True)
    except MemoryError:
        print('{"fault": "TooLarge", "params": {"limit_mb": ' + str(memory >> 20) + "}}", flush=True)
    except BrokenPipeError:
        return 1
    except Exception:
        # Whatever the parser stumbles over in a hostile file is the file's fault, not a programme error.
        print(json.dumps({"fault": "Damaged", "params": {}}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

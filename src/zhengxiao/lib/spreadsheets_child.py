"""Run as a script in a child process: opens one Excel file under hard limits and prints its rows as JSON lines.

Imports next to nothing of this project, so it starts fast. The first line printed is a report
(`{"sheets": […]}` or `{"fault": code, "params": {…}}`), every further line a list of rows, each a list of texts.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from zhengxiao.lib.containers import ZipFault, check_zip

ROWS_PER_LINE = 200
CELL_CHARACTERS = 32_767
OUTPUT_CHARACTERS = 2 << 30


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

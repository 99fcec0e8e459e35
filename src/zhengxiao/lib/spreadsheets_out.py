"""Tables out: Excel and CSV files that never turn a cell into a formula, written row by row in constant
memory.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import IO, Any

import xlsxwriter

ROWS_PER_SHEET = 1_048_576
CELL_CHARACTERS = 32_767
WIDEST = 60
TRIGGERS = "=+-@\t\r\n＝＋－＠"
# A byte-order mark, blanks and zero-width signs before the trigger do not make it harmless.
_DANGEROUS = re.compile(rf"[\s\ufeff\u200b-\u200f\u2060]*[{re.escape(TRIGGERS)}]|[\t\r\n]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_DATE_FORMAT = "yyyy-mm-dd"
_DATETIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
# Excel's own day count is wrong before this day (it believes in 1900-02-29).
_FIRST_EXCEL_DAY = date(1900, 3, 1)


def safe_text(value: str) -> str:
    """`value`, with an apostrophe before it when a spreadsheet program could take it for a formula.

    For cells of text formats (CSV, pasted tables). `plain_text` undoes it. Excel files need it not: there a
    string cell stays a string.
    """
    return f"'{value}" if _DANGEROUS.match(value) else value


def plain_text(value: str) -> str:
    """The text before `safe_text`: drops one leading apostrophe that guards a formula sign, and nothing
    else.
    """
    return value[1:] if value[:1] == "'" and _DANGEROUS.match(value, 1) else value


def text_of(value: Any) -> str:
    """One cell as text: ISO dates and moments (with offset when aware), 是/否 for truth values, empty for
    None.
    """
    if value is None:
        return ""
    if isinstance(value, Enum):
        return text_of(value.value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return _SURROGATES.sub("\ufffd", str(value))


def csv_chunks(
    headers: Sequence[Any], rows: Iterable[Sequence[Any]], *, chunk_rows: int = 500
) -> Iterator[bytes]:
    """The CSV file of `rows` in pieces, for a streaming answer. UTF-8 with byte-order mark, every text cell
    quoted.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([safe_text(text_of(header)) for header in headers])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(value) for value in row])
        if number % chunk_rows == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_csv(stream: IO[bytes], headers: Sequence[Any], rows: Iterable[Sequence[Any]]) -> int:
    """Write `rows` below `headers` to a binary stream as CSV (see `csv_chunks`); returns the number of data
    rows.
    """
    counted = _Counter(rows)
    for chunk in csv_chunks(headers, counted):
        stream.write(chunk)
    return counted.count


def write_xlsx(
    stream: IO[bytes], sheet_name: str, headers: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> int:
    """Write `rows` below `headers` to a binary stream as an Excel file; returns the number of data rows.

    Text is written as text: no formulas, no links, no numbers out of digits. Aware moments keep the wall
    time of their own zone. Beyond 1,048,575 rows the table goes on in a second sheet with the same headers.
    Cells longer than Excel's 32,767 characters end with an ellipsis.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": _DATE_FORMAT}),
            "datetime": book.add_format({"num_format": _DATETIME_FORMAT}),
        }
        total = 0
        sheet: Any = None
        for row in rows:
            line = total % (ROWS_PER_SHEET - 1) + 1
            if line == 1:
                sheet = _new_sheet(book, sheet_name, headers, formats["head"])
            for column, value in enumerate(row):
                _write_cell(sheet, line, column, value, formats)
            total += 1
        if sheet is None:
            _new_sheet(book, sheet_name, headers, formats["head"])
        return total


class _Counter:
    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self._rows:
            self.count += 1
            yield row


def _csv_cell(value: Any) -> Any:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, (bool, Enum)):
        # A number is written bare, a negative one too: it is data, and a formula needs more than digits.
        return value if not isinstance(value, float) or math.isfinite(value) else safe_text(str(value))
    return safe_text(text_of(value))


def _new_sheet(book: Any, name: str, headers: Sequence[Any], head_format: Any) -> Any:
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet(_sheet_name(name, number))
    for column, header in enumerate(headers):
        text = text_of(header)
        width = sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
        sheet.set_column(column, column, min(WIDEST, max(10, width + 2)))
    for column, header in enumerate(headers):
        sheet.write_string(0, column, text_of(header)[:CELL_CHARACTERS], head_format)
    sheet.freeze_panes(1, 0)
    return sheet


def _sheet_name(name: str, number: int) -> str:
    ending = f" ({number})" if number > 1 else ""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", text_of(name)).strip().strip("'").strip() or "Sheet"
    return clean[: 31 - len(ending)] + ending


def _write_cell(sheet: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime) and value.date() >= _FIRST_EXCEL_DAY:
        sheet.write_datetime(row, column, value.replace(tzinfo=None), formats["datetime"])
    elif isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_EXCEL_DAY:
        sheet.write_datetime(row, column, datetime.combine(value, time.min), formats["date"])
    elif _is_number(value):
        sheet.write_number(row, column, value)
    else:
        text = text_of(value)
        sheet.write_string(
            row, column, text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"
        )


def _is_number(value: Any) -> bool:
    """Excel keeps 15 digits: longer whole numbers (codes, identity numbers) are written as text."""
    if isinstance(value, (bool, Enum)) or not isinstance(value, (int, float, Decimal)):
        return False
    return math.isfinite(value) and abs(float(value)) < 1e15

"""Due days for a whole CSV file: rows are grouped by term and each group is one gather. No row is lost.
Pure.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np

from zhengxiao.kernel.calendar.reading import read_moment
from zhengxiao.kernel.calendar.table import DayTable
from zhengxiao.kernel.calendar.terms import Term
from zhengxiao.lib.refusals import Refusal, gettext_noop


class ColumnMissing(Refusal):
    template = gettext_noop("文件缺少“{column}”列。需要的列：start、term。")


class FileUnreadable(Refusal):
    template = gettext_noop("文件不是 UTF-8 或 GB 18030 编码的 CSV：{reason}。")


ROW_SHAPE = gettext_noop("该行有 {cells} 格，表头有 {columns} 格。")


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Rows read, rows answered, rows with a reason instead."""

    read: int
    answered: int
    failed: int


def due_csv(table: DayTable, source: Path, target: Path) -> BatchResult:
    """Copy `source` to `target` with columns due and provisional, and error when some row could not be
    answered.

    Refuses ColumnMissing and FileUnreadable before anything is written.
    """
    header, rows = _read(source)
    for column in ("start", "term"):
        if column not in header:
            raise ColumnMissing(field="csv", column=column)
    answers, errors = _answers(table, header, rows)
    added = ["due", "provisional", *(["error"] if errors else [])]
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*header, *added])
        writer.writerows(_written(header, rows, answers, errors))
    return BatchResult(read=len(rows), answered=len(rows) - len(errors), failed=len(errors))


def _read(source: Path) -> tuple[list[str], list[list[str]]]:
    content = source.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise FileUnreadable(field="csv", reason=str(error)) from error
    try:
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise FileUnreadable(field="csv", reason=str(error)) from error
    if not lines:
        raise ColumnMissing(field="csv", column="start")
    return [cell.strip() for cell in lines[0]], [line for line in lines[1:] if line]


Answers = list[tuple[str, str]]
Errors = dict[int, str]


def _answers(table: DayTable, header: list[str], rows: list[list[str]]) -> tuple[Answers, Errors]:
    at_start, at_term, width = header.index("start"), header.index("term"), len(header)
    groups: dict[str, list[int]] = {}
    errors: Errors = {}
    for number, row in enumerate(rows):
        if len(row) != width:
            errors[number] = ROW_SHAPE.format(cells=len(row), columns=width)
        else:
            groups.setdefault(row[at_term], []).append(number)
    answers: Answers = [("", "")] * len(rows)
    for text, numbers in groups.items():
        try:
            term = Term.parse(text)
        except Refusal as refusal:
            errors.update(dict.fromkeys(numbers, refusal.text))
            continue
        solve = _hourly if term.unit.is_hourly else _by_date
        for number, answer in solve(table, term, [(n, rows[n][at_start]) for n in numbers], errors):
            answers[number] = answer
    return answers, errors


def _hourly(
    table: DayTable, term: Term, starts: Iterable[tuple[int, str]], errors: Errors
) -> Iterator[tuple[int, tuple[str, str]]]:
    for number, text in starts:
        try:
            due = table.due(read_moment(text, table.zone), term)
        except Refusal as refusal:
            errors[number] = refusal.text
        else:
            yield number, (due.at.isoformat() if due.at else "", _flag(due.provisional))


def _by_date(
    table: DayTable, term: Term, starts: list[tuple[int, str]], errors: Errors
) -> Iterator[tuple[int, tuple[str, str]]]:
    numbers: list[int] = []
    ordinals: list[int] = []
    for number, text in starts:
        try:
            day = _local_day(table, text)
            table.covering(day.toordinal(), day.toordinal())
        except Refusal as refusal:
            errors[number] = refusal.text
        else:
            numbers.append(number)
            ordinals.append(day.toordinal())
    try:
        dues, provisional = table.due_many(np.array(ordinals, dtype=np.int64), term)
    except Refusal:
        # Some start is too late for the calendar: answer one by one, so that only that row fails.
        yield from _one_by_one(table, term, zip(numbers, ordinals, strict=True), errors)
        return
    words: dict[int, str] = {}
    for number, due, is_provisional in zip(numbers, dues.tolist(), provisional.tolist(), strict=True):
        if due not in words:
            words[due] = date.fromordinal(due).isoformat()
        yield number, (words[due], _flag(is_provisional))


def _one_by_one(
    table: DayTable, term: Term, starts: Iterable[tuple[int, int]], errors: Errors
) -> Iterator[tuple[int, tuple[str, str]]]:
    for number, ordinal in starts:
        try:
            due = table.due(date.fromordinal(ordinal), term)
        except Refusal as refusal:
            errors[number] = refusal.text
        else:
            yield number, (due.on.isoformat() if due.on else "", _flag(due.provisional))


def _local_day(table: DayTable, text: str) -> date:
    if len(text) == 10:
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    moment: datetime = read_moment(text, table.zone)
    return table.local_date(moment)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _written(
    header: list[str], rows: list[list[str]], answers: Answers, errors: Errors
) -> Iterator[list[str]]:
    """Each row as it came, then what was added; cells beyond the header stand after the added columns."""
    width = len(header)
    for number, row in enumerate(rows):
        cells = row[:width] + [""] * (width - len(row))
        yield [*cells, *answers[number], *([errors.get(number, "")] if errors else []), *row[width:]]

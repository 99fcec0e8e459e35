"""Many starts at once give what one at a time gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from zhengxiao.kernel.calendar.batch import ColumnMissing, due_csv
from zhengxiao.kernel.calendar.gazette import shipped_table
from zhengxiao.kernel.calendar.rules import DateOutOfReach, DayTable, Term, Unit

TERMS = [
    "0wd",
    "1wd",
    "5wd",
    "20wd",
    "60wd",
    "0d",
    "15d",
    "60d",
    "1m",
    "3m",
    "12m",
    "1y",
    "5y",
    "22dom",
    "31dom",
    "1qe",
    "3qe",
    "on2026-12-31",
]
DAYS = [date(2007, 1, 1) + timedelta(days=7 * n) for n in range(1043)]


@pytest.mark.parametrize("text", TERMS)
def test_bulk_and_scalar_agree(nation: DayTable, text: str) -> None:
    term = Term.parse(text)
    expected = [nation.due(day, term) for day in DAYS]
    dues, provisional = nation.due_many(np.array(DAYS, dtype="datetime64[D]"), term)
    assert dues.dtype == np.dtype("datetime64[D]")
    assert dues.tolist() == [due.on for due in expected]
    assert provisional.tolist() == [due.provisional for due in expected]
    ordinals, _flags = nation.due_many(np.array([day.toordinal() for day in DAYS]), term)
    assert [date.fromordinal(day) for day in ordinals.tolist()] == [due.on for due in expected]


def test_bulk_reaches_as_far_as_the_scalar_way(nation: DayTable) -> None:
    starts = np.array(["1950-01-03", "2100-06-01"], dtype="datetime64[D]")
    dues, provisional = nation.due_many(starts, Term(20, Unit.WORKDAY))
    assert dues.tolist() == [nation.due_on(day, 20) for day in (date(1950, 1, 3), date(2100, 6, 1))]
    assert provisional.all()
    with pytest.raises(DateOutOfReach):
        nation.due_many(np.array(["2299-12-30"], dtype="datetime64[D]"), Term(20, Unit.WORKDAY))
    with pytest.raises(DateOutOfReach):
        nation.due_many(np.array(["1850-12-30"], dtype="datetime64[D]"), Term(20, Unit.WORKDAY))


def test_no_starts_give_no_answers(nation: DayTable) -> None:
    dues, provisional = nation.due_many(np.array([], dtype="datetime64[D]"), Term(20, Unit.WORKDAY))
    assert len(dues) == len(provisional) == 0


@pytest.mark.parametrize("text", ["2wh", "16wh", "48h"])
def test_instants_in_bulk_agree(nation: DayTable, text: str) -> None:
    term = Term.parse(text)
    starts = [datetime(2026, 2, 13, tzinfo=UTC) + timedelta(minutes=97 * n) for n in range(60)]
    array = np.array([moment.replace(tzinfo=None) for moment in starts], dtype="datetime64[us]")
    dues, provisional = nation.due_many(array, term)
    expected = [nation.due(moment, term) for moment in starts]
    assert [moment.replace(tzinfo=UTC) for moment in dues.tolist()] == [due.at for due in expected]
    assert provisional.tolist() == [due.provisional for due in expected]


@pytest.mark.parametrize("unit", [Unit.WORKDAY, Unit.DAY])
def test_days_used_in_bulk_agree(nation: DayTable, unit: Unit) -> None:
    untils = [day + timedelta(days=(n * 7) % 90 - 10) for n, day in enumerate(DAYS)]
    counted = nation.used_many(
        np.array(DAYS, dtype="datetime64[D]"), np.array(untils, dtype="datetime64[D]"), unit
    )
    closes = [nation.close_of(day) for day in untils]
    assert counted.tolist() == [nation.used(day, end, unit) for day, end in zip(DAYS, closes, strict=True)]


def test_a_file_keeps_every_row_and_says_why_one_could_not_be_answered(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    lines = [
        "id,start,term",
        "1,2026-09-24,5wd",
        "2,2026-09-24T16:30,2wh",
        "3,2026-13-01,5wd",
        "4,2026-09-24,5xx",
        "5,2026-09-24",
        "6,2026-12-04,20wd",
        "7,2299-12-31,20wd",
        "8,2026-09-24,5wd,extra",
        '9,2026-09-23T23:30:00+00:00,"5wd"',
        "10,,5wd",
    ]
    source.write_text("\n".join(lines), encoding="utf-8-sig")
    result = due_csv(shipped_table(), source, target)
    rows = [line.split(",") for line in target.read_text(encoding="utf-8").splitlines()]
    assert (result.read, result.answered, result.failed) == (10, 4, 6)
    assert rows[0] == ["id", "start", "term", "due", "provisional", "error"]
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(1, 11)]
    assert rows[1][3:] == ["2026-10-09", "false", ""]
    assert rows[2][3:] == ["2026-09-28T10:00:00+08:00", "false", ""]
    assert "2026-13-01" in rows[3][5]
    assert "5xx" in rows[4][5]
    assert "2 格" in rows[5][5]
    assert rows[6][3:] == ["2027-01-01", "true", ""]
    assert rows[7][5]
    assert rows[8][-1] == "extra"
    assert rows[9][3] == "2026-10-09"  # Thursday 24 September in Shanghai
    assert rows[10][5]


def test_a_clean_file_has_no_error_column(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("start,term\n2026-09-24,5wd\n", encoding="utf-8")
    due_csv(shipped_table(), source, target)
    assert (
        target.read_text(encoding="utf-8") == "start,term,due,provisional\n2026-09-24,5wd,2026-10-09,false\n"
    )


def test_a_file_without_the_columns_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("begin,term\n2026-09-24,5wd\n", encoding="utf-8")
    with pytest.raises(ColumnMissing, match="start"):
        due_csv(shipped_table(), source, target)
    assert not target.exists()


def test_a_cell_with_line_breaks_of_any_kind_stays_one_cell(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        'note,start,term\n"two\nlines",2026-09-24,5wd\nodd\u2028break,2026-09-24,5wd\n', encoding="utf-8"
    )
    result = due_csv(shipped_table(), source, target)
    assert (result.read, result.answered) == (2, 2)
    assert "odd\u2028break,2026-09-24,5wd,2026-10-09,false" in target.read_text(encoding="utf-8")

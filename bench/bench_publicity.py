"""The check of double publicity over many records, beside a bare path that only counts and a schema library.

Clean and dirty input lie in memory in Arrow's layout, where all three begin. The bare path says how many faults each rule
has and nothing more; ours keeps row, column and reason of each. What telling all of them in words costs, and what a
file costs from its bytes on, is shown beside it.
"""

from __future__ import annotations

import csv
import io
import random
import statistics
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from bench.common import Figure

from zhengxiao.lib.identifiers import CREDIT_ALPHABET, CREDIT_WEIGHTS
from zhengxiao.lib.text_columns import TextColumn
from zhengxiao.mechanisms.disclosures.checkfile import FileCheck
from zhengxiao.mechanisms.disclosures.checking import check, faults_of
from zhengxiao.mechanisms.disclosures.fields import LICENCE_FIELDS, ORGANISATION, TABLES
from zhengxiao.mechanisms.disclosures.rules import Kind

TODAY = date(2026, 11, 20)
NAMES = [rule.name for rule in LICENCE_FIELDS]
TABLE = TABLES[Kind.LICENCE]
CREDIT = ("XK_XDR_SHXYM", "XK_XKJGDM", "XK_LYDWDM")
DAYS = ("XK_JDRQ", "XK_YXQZ", "XK_YXQZI")
REQUIRED = [rule.name for rule in LICENCE_FIELDS if rule.need is not None and not rule.need.field]


def code(rng: random.Random) -> str:
    body = "9133" + "".join(rng.choices("0123456789", k=4)) + "".join(rng.choices(CREDIT_ALPHABET, k=9))
    total = sum(
        CREDIT_ALPHABET.index(sign) * weight for sign, weight in zip(body, CREDIT_WEIGHTS, strict=True)
    )
    return body + CREDIT_ALPHABET[(31 - total % 31) % 31]


def records(count: int, dirty: float, seed: int = 7) -> list[list[str]]:
    """Licences; with `dirty` this share of them has a fault in one to three cells."""
    rng = random.Random(seed)
    codes = [code(rng) for _ in range(2_000)]
    wrong = [
        "",
        "x",
        "91350100M000100Y4X",
        "９1350100M000100Y43",
        "2026/02/30",
        "2026-01-05",
        "2099/12/31",
        "甲" * 300,
    ]
    rows = []
    for number in range(count):
        day = f"2026/{rng.randint(1, 10):02d}/{rng.randint(1, 28):02d}"
        office = codes[number % 40]
        values = {
            "XK_XDR_MC": f"示例{number % 9_000}建设有限公司", "XK_XDR_LB": ORGANISATION, "XK_XDR_SHXYM": rng.choice(codes),
            "XK_FRDB": "王示例", "XK_XKWS": "准予行政许可决定书", "XK_WSH": f"示许准〔2026〕{number} 号", "XK_XKLB": "普通",
            "XK_NR": "准予建筑工程施工许可，工程名称示例工程", "XK_JDRQ": day, "XK_YXQZ": day, "XK_YXQZI": "2099/12/31",
            "XK_XKJG": "示例市住房和城乡建设局", "XK_XKJGDM": office, "XK_ZT": "1", "XK_LYDW": "示例市住房和城乡建设局",
            "XK_LYDWDM": office,
        }  # fmt: skip
        if rng.random() < dirty:
            for name in rng.sample(list(values), rng.randint(1, 3)):
                values[name] = rng.choice(wrong)
        rows.append([values.get(name, "") for name in NAMES])
    return rows


def arrow_columns(rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    import pyarrow as pa

    return {name: pa.array([row[i] for row in rows], pa.large_string()) for i, name in enumerate(NAMES)}


def ours_from(arrays: dict[str, Any]) -> dict[str, TextColumn]:
    """The same memory as our columns."""
    columns = {}
    for name, array in arrays.items():
        _valid, offsets, data = array.buffers()
        places = np.frombuffer(offsets, dtype=np.int64)[: len(array) + 1]
        raw = np.frombuffer(data if data is not None else b"", dtype=np.uint8)
        columns[name] = TextColumn(raw, places[:-1], places[1:])
    return columns


# ---------------------------------------------------------------- the bare path: counts, nothing else
_SIGNS = np.full(256, 1 << 12, dtype=np.int16)
for _value, _sign in enumerate(CREDIT_ALPHABET):
    _SIGNS[ord(_sign)] = _value
_FIRST = np.isin(np.arange(256), [ord(sign) for sign in "123456789ANY"])
_CHECK = np.array([ord(CREDIT_ALPHABET[(31 - rest) % 31]) for rest in range(31)], dtype=np.uint8)


def bare_codes(array: Any) -> int:
    """Filled cells that are no credit code, by Arrow and numpy."""
    import pyarrow.compute as pc

    filled = pc.not_equal(array, "")
    shaped = pc.match_substring_regex(array, "^[1-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$")
    good = array.filter(shaped)
    _valid, offsets, data = good.buffers()
    start = np.frombuffer(offsets, dtype=np.int64)[0] if len(good) else 0
    matrix = np.frombuffer(data, dtype=np.uint8)[start : start + 18 * len(good)].reshape(len(good), 18)
    total = np.zeros(len(good), dtype=np.int32)
    for place, weight in enumerate(CREDIT_WEIGHTS):
        total += _SIGNS[matrix[:, place]] * weight
    wrong = int((_CHECK[total % 31] != matrix[:, 17]).sum())
    return int(pc.sum(filled).as_py()) - len(good) + wrong


def bare_days(array: Any) -> tuple[int, np.ndarray]:
    """Filled cells that are no day written 2026/03/04; and the days as numbers, 0 where there is none."""
    import pyarrow.compute as pc

    shaped = pc.match_substring_regex(array, "^[0-9]{4}/[0-9]{2}/[0-9]{2}$")
    good = array.filter(shaped)
    _valid, offsets, data = good.buffers()
    start = np.frombuffer(offsets, dtype=np.int64)[0] if len(good) else 0
    digits = np.frombuffer(data, dtype=np.uint8)[start : start + 10 * len(good)].reshape(len(good), 10) - 48
    digits = digits.astype(np.int32)
    year = ((digits[:, 0] * 10 + digits[:, 1]) * 10 + digits[:, 2]) * 10 + digits[:, 3]
    month, day = digits[:, 5] * 10 + digits[:, 6], digits[:, 8] * 10 + digits[:, 9]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87)
    exists = (day >= 1) & (day <= lengths[month] + ((month == 2) & leap)) & (year > 0)
    value = np.zeros(len(array), dtype=np.int64)
    value[np.asarray(shaped)] = np.where(exists, (year * 100 + month) * 100 + day, 0)
    filled = int(pc.sum(pc.not_equal(array, "")).as_py())
    return filled - int(exists.sum()), value


def bare(arrays: dict[str, Any]) -> int:
    """How many faults there are, by all rules that hold for licences."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def count(mask: Any) -> int:
        return int(pc.sum(mask).as_py() or 0)

    faults = 0
    for rule in LICENCE_FIELDS:
        array = arrays[rule.name]
        if rule.name in REQUIRED:
            faults += count(pc.equal(array, ""))
        elif rule.need is not None:
            needed = pc.is_in(arrays[rule.need.field], pa.array(rule.need.values, pa.large_string()))
            faults += count(pc.and_(pc.equal(array, ""), needed))
        if rule.longest:
            faults += count(pc.greater(pc.utf8_length(array), rule.longest))
        if rule.choices:
            table = pa.array(["", *rule.choices], pa.large_string())
            outside = pc.invert(pc.is_in(array, table))
            if rule.other:
                outside = pc.and_(outside, pc.invert(pc.match_substring_regex(array, "^其他-.+")))
            faults += count(outside)
    faults += sum(bare_codes(arrays[name]) for name in CREDIT)
    days = {}
    for name in DAYS:
        wrong, days[name] = bare_days(arrays[name])
        faults += wrong
    faults += int((days["XK_JDRQ"] > 20261120).sum())
    begin, end = days["XK_YXQZ"], days["XK_YXQZI"]
    return faults + int(((end > 0) & (end < begin)).sum())


# ---------------------------------------------------------------- the schema library, vectorised
def pandera_schema() -> Any:
    import pandera.pandas as pa

    def longest(most: int) -> Any:
        return pa.Check(lambda series: series.str.len() <= most)

    def day(series: Any) -> Any:
        import pandas as pd

        return (series == "") | pd.to_datetime(series, format="%Y/%m/%d", errors="coerce").notna()

    columns = {}
    for rule in LICENCE_FIELDS:
        checks = [longest(rule.longest)] if rule.longest else []
        if rule.name in REQUIRED:
            checks.append(pa.Check.str_length(min_value=1))
        if rule.choices:
            pattern = "|".join(["", *rule.choices, *(["其他-.+"] if rule.other else [])])
            checks.append(pa.Check.str_matches(f"^(?:{pattern})$"))
        if rule.name in CREDIT:
            checks.append(pa.Check(_codes_ok))
        if rule.name in DAYS:
            checks.append(pa.Check(day))
        columns[rule.name] = pa.Column(str, checks)
    return pa.DataFrameSchema(columns)


def _codes_ok(series: Any) -> Any:
    """The check digit by the look-ups of the bare path, over the frame's own column."""
    filled = series != ""
    shaped = series.str.fullmatch("[1-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
    result = ~filled
    good = series[shaped]
    matrix = np.frombuffer("".join(good).encode(), dtype=np.uint8).reshape(len(good), 18)
    total = np.zeros(len(good), dtype=np.int32)
    for place, weight in enumerate(CREDIT_WEIGHTS):
        total += _SIGNS[matrix[:, place]] * weight
    result[shaped] = _CHECK[total % 31] == matrix[:, 17]
    return result


def pandera_run(schema: Any, frame: Any) -> int:
    import pandera.errors

    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return len(errors.failure_cases)
    return 0


# ---------------------------------------------------------------- measuring
def rate(work: Callable[[], Any], rows: int, rounds: int) -> float:
    """Rows a second of processor time, the median of several rounds: all paths use one processor."""
    taken = []
    for _ in range(rounds):
        begins = process_time()
        work()
        taken.append(process_time() - begins)
    return rows / statistics.median(taken)


def measured(name: str, rows: list[list[str]], rounds: int, goals: bool) -> list[Figure]:
    import pandas as pd

    count = len(rows)
    arrays = arrow_columns(rows)
    columns = ours_from(arrays)
    found = check(TABLE, columns, today=TODAY)
    ours, theirs = sum(len(one.rows) for one in found), bare(arrays)
    assert ours == theirs, f"the paths disagree: {ours} faults and {theirs}"
    bare_rate = rate(lambda: bare(arrays), count, rounds)
    our_rate = rate(lambda: check(TABLE, ours_from(arrays), today=TODAY), count, rounds)
    few = min(count, 200_000)
    frame = pd.DataFrame({head: [row[i] for row in rows[:few]] for i, head in enumerate(NAMES)})
    schema = pandera_schema()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pandera_rate = rate(lambda: pandera_run(schema, frame), few, 1 if name == "dirty" else rounds)
    told = rate(lambda: sum(1 for _ in faults_of(check(TABLE, columns, today=TODAY), columns)), count, 1)
    note = f"{count:,} records, {ours:,} faults; with all reasons in words {told:,.0f}/s"
    met = (our_rate >= 0.4 * bare_rate, our_rate >= 3 * pandera_rate) if goals else (None, None)
    return [
        Figure(
            f"publicity.{name}_rows_per_s", our_rate, "/s", "bare Arrow and numpy, counting only", bare_rate,
            goal="≥ 0.4 ×" if goals else "", met=met[0], note=note,
        ),
        Figure(
            f"publicity.{name}_rows_per_s", our_rate, "/s", "vectorised pandera", pandera_rate,
            goal="≥ 3 ×" if goals else "", met=met[1],
        ),
    ]  # fmt: skip


def file_rate(rows: list[list[str]]) -> Figure:
    """From the bytes of a CSV file to every fault in words, beside Arrow's own CSV reader alone."""
    from pyarrow import csv as arrow_csv

    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([NAMES, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_text(stream.getvalue(), encoding="utf-8")
        ours = rate(lambda: sum(1 for _ in FileCheck(path, TODAY).faults()), len(rows), 3)
        options = arrow_csv.ReadOptions(use_threads=False)
        reading = rate(lambda: arrow_csv.read_csv(path, read_options=options), len(rows), 3)
    return Figure("publicity.file_rows_per_s", ours, "/s", "Arrow reading the CSV only, one thread", reading)


def figures(size: str) -> list[Figure]:
    count = 300_000 if size == "full" else 2_000
    rounds, goals = (5, True) if size == "full" else (1, False)
    clean, dirty = records(count, 0.0), records(count, 0.3)
    return [
        *measured("clean", clean, rounds, goals),
        *measured("dirty", dirty, rounds, goals),
        file_rate(dirty[: min(count, 100_000)]),
    ]


if __name__ == "__main__":
    for figure in figures(sys.argv[1] if len(sys.argv) > 1 else "full"):
        print(figure.as_dict())

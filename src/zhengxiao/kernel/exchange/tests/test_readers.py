from __future__ import annotations

import gzip
import io
import random

import pytest

from zhengxiao.kernel.exchange.api import ImportRun, RawRow, profile_from
from zhengxiao.kernel.exchange.grouping import units
from zhengxiao.kernel.exchange.readers import EmptyTable, RowSource, header_names
from zhengxiao.kernel.exchange.tests.conftest import TABLE, counts
from zhengxiao.kernel.jobs.models import Heartbeat
from zhengxiao.lib.spreadsheets import UPLOAD_LIMITS, TableRefused, write_xlsx

XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <string key="concept:name" value="样例日志"/>
  <trace>
    <event><string key="concept:name" value="受理"/><date key="time:timestamp" value="2026-03-02T09:00:00+08:00"/></event>
    <event><string key="concept:name" value="办结"><string key="inner" value="x"/></string>
      <date key="time:timestamp" value="2026-03-05T09:00:00+08:00"/></event>
    <string key="concept:name" value="case-1"/>
  </trace>
  <trace><string key="concept:name" value="case-2"/>
    <event><string key="concept:name" value="受理"/></event>
  </trace>
  <trace><string key="concept:name" value="case-3"/></trace>
</log>"""
EVENTS = {
    "kind": "pulses",
    "system": "test",
    "format": "csv",
    "columns": {"source_id": "case", "name": "case"},
    "events": {"case": "case", "activity": "act"},
}


def rows(tmp_path, content: bytes, table: dict) -> list[RawRow]:
    path = tmp_path / "feed"
    path.write_bytes(content)
    return list(RowSource(path, profile_from(table, name="test"), UPLOAD_LIMITS))


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_chinese_table_comes_in_whatever_its_encoding(bring, encoding):
    content = "id,rev,name,at\n1,,食品经营许可,2019/4/25 9:32:09\n".encode(encoding)
    assert counts(bring(content)) == (1, 1, 0, 0, 0)
    assert Heartbeat.objects.get().runner == "食品经营许可"


@pytest.mark.django_db
def test_an_excel_file_comes_in_with_its_spreadsheet_row_numbers(bring, tmp_path):
    stream = io.BytesIO()
    write_xlsx(stream, "明细", ["id", "rev", "name", "at"], [["1", None, "=1+1", None], ["2", "", "bad", ""]])
    table = {**TABLE, "format": "xlsx", "file": {"sheet": "明细"}}
    run = bring(stream.getvalue(), table=table)
    assert counts(run) == (2, 1, 0, 0, 1)
    assert run.rejections.get().row_from == 3
    assert Heartbeat.objects.get().runner == "=1+1"


@pytest.mark.django_db
def test_json_lines_come_in_and_broken_ones_are_refused_one_by_one(bring):
    content = '{"id": 1, "rev": null, "name": "a", "at": ""}\n{broken\n[1]\n\n{"id": "2", "name": "b"}\n'
    run = bring(gzip.compress(content.encode()), table={**TABLE, "format": "ndjson"})
    assert counts(run) == (4, 2, 0, 0, 2)
    assert list(run.rejections.values_list("row_from", flat=True)) == [2, 3]


def test_json_objects_become_texts(tmp_path):
    table = {**TABLE, "format": "ndjson"}
    (row,) = rows(tmp_path, '{"a":{"b":1.5,"c":true},"d":["甲"],"e":null}'.encode(), table)
    assert row.values == {"a.b": "1.5", "a.c": "true", "d": '["甲"]', "e": ""}


def test_xes_traces_become_event_rows_with_the_attributes_of_their_case(tmp_path):
    table = {**TABLE, "format": "xes"}
    found = rows(tmp_path, XES.encode(), table)
    assert [
        (row.number, row.values.get("case:concept:name"), row.values.get("concept:name")) for row in found
    ] == [
        (1, "case-1", "受理"),
        (2, "case-1", "办结"),
        (3, "case-2", "受理"),
        (4, "case-3", None),
    ]
    assert "inner" not in found[1].values


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE log [<!ENTITY a "b">]><log><trace>&a;</trace></log>',
        b'<!DOCTYPE log SYSTEM "file:///etc/hostname"><log/>',
        b"<log><trace>",
        b"no xml",
    ],
)
def test_hostile_or_broken_xes_is_refused(tmp_path, content):
    with pytest.raises(TableRefused):
        rows(tmp_path, content, {**TABLE, "format": "xes"})


def test_one_endless_xes_element_is_refused(tmp_path):
    content = b'<log><trace a="' + b"x" * (20 << 20) + b'"/></log>'
    with pytest.raises(TableRefused):
        rows(tmp_path, content, {**TABLE, "format": "xes"})


def test_unnamed_and_repeated_columns_get_names():
    assert header_names(["\ufeff编号", " 备 注 ", "", "备 注"]) == ["编号", "备 注", "列3", "备 注#2"]


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(EmptyTable):
        rows(tmp_path, b"", TABLE)


def grouped(content: list[tuple[str, str]], memory: int, **events):
    table = {**EVENTS, "events": {**EVENTS["events"], **events}}
    profile = profile_from(table, name="test")
    raw = [RawRow(n, {"case": case, "act": act}) for n, (case, act) in enumerate(content, start=2)]
    found = units(raw, profile, rows_in_memory=memory)
    return [(unit.source_id, [row.values["act"] for row in unit.rows], bool(unit.fault)) for unit in found]


def test_scattered_events_are_brought_together_alike_in_memory_and_on_disk():
    rng = random.Random(5)  # noqa: S311
    content = [(rng.choice(["", *map(str, range(40))]), str(n)) for n in range(600)]
    in_memory = grouped(content, 10_000)
    assert grouped(content, 50) == in_memory
    cases = [case for case, _, _ in in_memory if case]
    assert len(cases) == len(set(cases)) == 40
    assert sum(len(events) for _, events, _ in in_memory) == 600
    # Events without a case number are refused one by one, never thrown together.
    assert all(len(events) == 1 and fault for case, events, fault in in_memory if not case)


def test_adjacent_events_stream():
    content = [("1", "a"), ("1", "b"), ("", "x"), ("", "y"), ("2", "c")]
    assert [len(events) for _, events, _ in grouped(content, 1, adjacent=True)] == [2, 1, 1, 1]


@pytest.mark.django_db
def test_an_event_log_counts_cases_with_rows_beside_them(bring):
    content = "case,act\n" + "".join(f"c{n % 4},{n}\n" for n in range(10)) + ",lost\n"
    run = bring(content, table=EVENTS)
    assert counts(run) == (5, 4, 0, 0, 1)
    assert (run.rows_read, run.rows_accepted, run.rows_rejected) == (11, 10, 1)
    assert counts(bring(content, table=EVENTS))[3] == 4
    assert ImportRun.objects.count() == 2


@pytest.mark.django_db
def test_characters_no_database_takes_are_refused_with_their_row(bring):
    content = '{"id": "1", "name": "a\\u0000b"}\n{"id": "2", "name": "\\ud800"}\n'
    run = bring(content, table={**TABLE, "format": "ndjson"})
    assert counts(run) == (2, 0, 0, 0, 2)

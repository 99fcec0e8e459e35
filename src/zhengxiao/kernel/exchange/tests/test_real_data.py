"""Real files read through profiles (the targets' own tests bring them in)."""

from __future__ import annotations

from datetime import timedelta

from zhengxiao.kernel.exchange.api import OPERATOR_LIMITS, profile_from
from zhengxiao.kernel.exchange.grouping import units
from zhengxiao.kernel.exchange.readers import RowSource

PERMITS = {
    "kind": "cases",
    "system": "env-permits",
    "format": "csv",
    "columns": {"source_id": "case:concept:name", "started": "case:startdate"},
    "limit": {"due": "case:deadline"},
    "events": {"case": "case:concept:name", "activity": "concept:name", "moment": "time:timestamp"},
}
HOTLINE = {
    "kind": "cases",
    "system": "city-hotline",
    "format": "csv",
    "columns": {"source_id": "case_enquiry_id", "opened": "open_dt", "closed": "closed_dt"},
    "times": {"zone": "America/New_York", "shift": "offset-once-more"},
    "limit": {"due": "sla_target_dt"},
}
LIST = {
    "kind": "items",
    "system": "city-items",
    "format": "ndjson",
    "columns": {"source_id": "TASK_CODE", "name": "TASK_NAME", "materials": "material_intro"},
    "limit": {"column": "handle_time_limit"},
}


def read(path, table):
    profile = profile_from(table, name="test")
    return profile, list(units(RowSource(path, profile, OPERATOR_LIMITS), profile))


def test_the_permit_log_is_200_cases_with_two_offsets_in_one_column(shared_data):
    profile, found = read(shared_data / "cases" / "permit_receipt_200.csv", PERMITS)
    assert len(found) == 200
    assert not any(unit.fault for unit in found)
    starts = [profile.unit_moment("started", unit) for unit in found]
    dues = [profile.unit_limit(unit) for unit in found]
    assert all(due > start for start, due in zip(starts, dues, strict=True) if due)
    offsets = {unit.rows[0].values["time:timestamp"][-6:] for unit in found}
    assert offsets == {"+01:00", "+02:00"}


def test_hotline_times_become_local_and_no_target_is_no_limit(shared_data):
    profile, found = read(shared_data / "demands" / "requests_with_targets_2014.csv", HOTLINE)
    assert len(found) == 5_268
    without = [unit for unit in found if profile.unit_limit(unit) is None]
    with_target = [unit for unit in found if profile.unit_limit(unit) is not None]
    assert without
    assert with_target
    assert {unit.rows[0].values["on_time"] for unit in without} == {"ONTIME"}
    hours = {profile.unit_limit(unit).hour for unit in with_target}
    assert 8 in hours
    first = next(unit for unit in found if unit.source_id == "101000994088")
    assert profile.unit_limit(first).isoformat() == "2014-01-03T08:30:00-05:00"
    assert profile.unit_moment("opened", first).utcoffset() == timedelta(hours=-5)


def test_the_city_list_gives_its_limits_as_terms(shared_data):
    profile, found = read(shared_data / "catalogue" / "city_items.jsonl", LIST)
    assert len(found) == 238
    terms = {profile.unit_limit(unit) for unit in found}
    assert {"1wd", "35wd"} <= terms
    assert None not in terms

"""From the first migration of every app to the newest, with rows in between and deaths on the way."""

from __future__ import annotations

import json

import pytest
from harness.chaos.run import place
from harness.cluster import NoPostgres
from harness.installation import START

pytestmark = pytest.mark.long


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_an_upgrade_that_died_goes_on_and_loses_no_row(vendor: str) -> None:
    try:
        with place(vendor) as (here, _cluster):
            [told] = json.loads(here.python("-m", "harness.upgrade", "3"))
            assert here.zx("migrate", "--check") == {"open": []}
            assert json.loads(here.python("-c", START, "check", "--json", code=None))
    except NoPostgres:
        pytest.skip("no PostgreSQL server here")
    assert told["findings"] == []
    assert told["deaths"] >= 1
    assert told["migrations"] > 0
    own = "timeline_entry_no_update" if vendor == "sqlite" else "timeline_entry_append_only"
    assert {"proof_entry_waits", own} <= set(told["triggers"])
    assert told["tables"] >= 15

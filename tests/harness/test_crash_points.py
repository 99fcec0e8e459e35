"""A process dies at each of its words to the database in turn: what it was doing is there whole, or not at all.

All points of three transactions on SQLite and some on PostgreSQL here; `make crash-points` tries all of all on both.
"""

from __future__ import annotations

import json

import pytest
from harness.chaos.run import place
from harness.cluster import NoPostgres
from harness.laid_out import LaidOut

pytestmark = pytest.mark.long

CRITICAL = ("accept with two clocks", "decide", "sweep")


@pytest.mark.parametrize(("vendor", "points"), [("sqlite", "all"), ("postgresql", "6")])
def test_a_transaction_is_there_whole_or_not_at_all_wherever_its_process_dies(
    vendor: str, points: str, installations: LaidOut
) -> None:
    try:
        with place(vendor, installations) as (here, _cluster):
            told = json.loads(here.python("-m", "harness.crash_points", points, *CRITICAL))
    except NoPostgres:
        pytest.skip("no PostgreSQL server here")
    assert [one["name"] for one in told] == list(CRITICAL)
    assert [finding for one in told for finding in one["findings"]] == []
    assert all(one["after_commit"] == 1 for one in told), (
        "one death comes after the commit and before the answer"
    )
    if points == "all":
        assert all(one["tried"] >= 10 for one in told)

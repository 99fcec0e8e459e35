"""Two at once, many times, in processes of their own; `make two-writers` does a thousand rounds on both databases."""

from __future__ import annotations

import json

import pytest
from harness.chaos.run import place
from harness.cluster import NoPostgres
from harness.laid_out import LaidOut

pytestmark = pytest.mark.long


@pytest.mark.parametrize(("vendor", "rounds"), [("sqlite", "20"), ("postgresql", "30")])
def test_two_at_once_end_as_if_one_had_come_after_the_other(
    vendor: str, rounds: str, installations: LaidOut
) -> None:
    try:
        with place(vendor, installations) as (here, _cluster):
            told = json.loads(here.python("-m", "harness.two_writers", rounds))
    except NoPostgres:
        pytest.skip("no PostgreSQL server here")
    assert [finding for one in told for finding in one["findings"]] == []
    assert told[0]["rounds"] == int(rounds)
    assert all(one["both"] + one["one"] > 0 for one in told)

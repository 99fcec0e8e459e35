"""Processes are killed at random moments while clients work: nothing acknowledged is lost, done twice or left half.

A hundred kills here; `make chaos KILLS=1000` does a thousand.
"""

from __future__ import annotations

import secrets

import pytest
from harness.chaos.run import Plan, chaos
from harness.cluster import NoPostgres
from harness.laid_out import LaidOut

pytestmark = pytest.mark.long


@pytest.mark.parametrize(("vendor", "kills", "of_database"), [("sqlite", 55, 0), ("postgresql", 42, 3)])
def test_nothing_acknowledged_is_lost_or_done_twice_when_processes_are_killed(
    vendor: str, kills: int, of_database: int, installations: LaidOut
) -> None:
    seed = secrets.randbelow(10**6) + 1
    plan = Plan(kills, of_database, seed, say=lambda words: None)
    try:
        outcome = chaos(vendor, plan, installations)
    except NoPostgres:
        pytest.skip("no PostgreSQL server here")
    assert outcome.findings == [], f"seed {seed}"
    assert sum(outcome.kills.values()) == kills + of_database
    assert outcome.counts["acknowledged"] > 0

"""A history of its own: one declared fact, a key folder of the test, entries written as the product writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from zhengxiao.kernel.proof.api import checkpoint_issue
from zhengxiao.kernel.timeline.api import Entry, Fact, FactRow, Subject, record, record_many
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.registry import Registry

AT = datetime(2026, 3, 2, 2, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_history(monkeypatch, settings, tmp_path):
    """Facts of this test alone, and a signing key below the test's own home."""
    declared: Registry[Fact] = Registry("fact")
    declared.add("sample.told", Fact("sample.told", "告知", "{what}", "sample"))
    monkeypatch.setattr("zhengxiao.kernel.timeline.services.facts", declared)
    settings.HOME = tmp_path / "home"
    settings.CHECKPOINT_DIR = ""
    settings.CHECKPOINT_ORIGIN = "zhengxiao.test"


def tell(what: object = "甲", *, subject: int = 7, at: datetime = AT) -> Entry:
    """One entry, written like any fact."""
    with transaction.atomic():
        return record(
            fact="sample.told", subject=Subject("sample", subject), actor=SYSTEM, at=at, data={"what": what}
        )


def tell_many(count: int, *, subject: int = 7) -> list[Entry]:
    """Entries of one bulk, each other than the next."""
    rows = [
        FactRow(
            "sample.told", Subject("sample", subject + n % 3), SYSTEM, AT - timedelta(hours=n), {"what": n}
        )
        for n in range(count)
    ]
    with transaction.atomic():
        return record_many(rows, recorded_at=AT)


@pytest.fixture
def history(db):
    """600 entries in the tree (two kept nodes and a tail), with signed heads at 300 and 600."""
    entries = tell_many(300)
    checkpoint_issue(at=AT)
    entries += tell_many(300)
    checkpoint_issue(at=AT + timedelta(minutes=1))
    return entries

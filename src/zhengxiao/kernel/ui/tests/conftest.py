from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from zhengxiao.kernel.identity.api import User

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
"""10 o'clock in Shanghai."""


@pytest.fixture
def reader() -> User:
    return User.objects.create(username="reader", display_name="读者示例", joined_at=MONDAY)


@pytest.fixture
def people(reader: User) -> list[User]:
    """Four more: one named like a formula, one English, one disabled, one whom the page must not show."""
    rows = [
        User(username="a1", display_name="王示例", joined_at=MONDAY - timedelta(days=1)),
        User(username="b2", display_name="=1+1", joined_at=MONDAY - timedelta(days=2), language="en"),
        User(
            username="c3",
            display_name="李示例",
            joined_at=MONDAY - timedelta(days=3),
            is_active=False,
            disabled_at=MONDAY,
        ),
        User(username="hidden", display_name="隐示例", joined_at=MONDAY),
    ]
    return User.objects.bulk_create(rows)


@pytest.fixture
def window(client: Client, reader: User) -> Client:
    client.force_login(reader)
    return client

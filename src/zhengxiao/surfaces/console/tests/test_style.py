from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from zhengxiao.kernel.identity.api import User
from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.console.permissions import POLICY

pytestmark = pytest.mark.django_db


def test_every_role_may_see_the_style_page() -> None:
    assert {row.role for row in POLICY.rows if row.action == "console.style"} == set(Role)


def test_somebody_not_signed_in_is_sent_to_the_sign_in_page(client: Client) -> None:
    assert client.get("/console/style/")["Location"].startswith("/sign-in/?next=")


def test_somebody_without_post_is_refused_in_words(client: Client) -> None:
    client.force_login(
        User.objects.create(
            username="x", display_name="无岗示例", joined_at=datetime(2026, 11, 2, tzinfo=UTC)
        )
    )
    answer = client.get("/console/style/")
    assert answer.status_code == 403
    assert "查看界面样张" in answer.content.decode()

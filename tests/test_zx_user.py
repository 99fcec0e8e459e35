from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from zhengxiao.config.cli import main
from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.identity.api import user_by_username
from zhengxiao.kernel.signin.api import Origin, factor_begin, factor_confirm
from zhengxiao.kernel.signin.tests.test_factors import code_of
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import Role

pytestmark = pytest.mark.django_db
PASSWORD = "plain-enough-to-read-7"


def zx(*words: str) -> Result:
    return CliRunner().invoke(main, ["user", *words])


def answer(*words: str) -> Any:
    result = zx(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_an_account_is_opened_given_a_post_listed_and_closed() -> None:
    sample_org()
    made = answer("create", "new-clerk", "--name", "何示例", "--password", PASSWORD)
    given = answer("post", "NEW-clerk", "window_clerk", "a-market-w1", "--from", "2026-01-01")
    assert given["from"] == "2026-01-01"
    (row,) = [row for row in answer("list") if row["id"] == made["id"]]
    assert (row["posts"], row["active"]) == (["window_clerk@A-MARKET-W1"], True)
    assert answer("disable", "new-clerk")["active"] is False
    assert user_by_username("new-clerk").is_active is False
    assert "停用" in zx("list").output


def test_somebody_who_is_shut_out_on_a_sunday_night_gets_back_in() -> None:
    org = sample_org(password=PASSWORD)
    auditor, new = org.users[Role.AUDITOR], "another-long-word-9"
    door = Client()
    for _ in range(11):
        door.post("/sign-in/", {"username": "auditor", "password": "wrong"})
    right = {"username": "auditor", "password": new}
    assert door.post("/sign-in/", right).status_code == 429
    assert answer("unlock", "auditor")["id"] == auditor.pk
    answer("password", "auditor", "--password", new)
    secret = factor_begin(user=auditor, at=org.at)
    factor_confirm(
        user=auditor,
        code=code_of(secret, org.at),
        origin=Origin("127.0.0.1"),
        actor=org.actor(Role.AUDITOR),
        at=org.at,
    )
    assert door.post("/sign-in/", right).headers["Location"] == "/sign-in/second/"
    answer("factor", "auditor")
    assert door.post("/sign-in/", right).headers["Location"] == "/desk/"
    assert door.get("/desk/").headers["Location"].startswith("/account/password/")
    assert answer("sign-out", "auditor")["ended"] == 1
    assert door.get("/desk/").headers["Location"].startswith("/sign-in/")
    by_hand = Entry.objects.filter(subject_id=auditor.pk, actor=None, actor_name="系统").order_by("id")
    by_hand = by_hand.filter(fact__startswith="identity.")
    assert [entry.fact.partition(".")[2] for entry in by_hand] == [
        "unlocked",
        "password_reset",
        "second_factor_reset",
        "sessions_ended",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("create", "a b", "--name", "何示例", "--password", PASSWORD),
        ("create", "somebody", "--name", "何示例", "--password", "short"),
        ("disable", "nobody"),
        ("unlock", "nobody"),
        ("password", "clerk", "--password", "short"),
        ("post", "clerk", "window_clerk", "NOWHERE"),
        ("post", "clerk", "boss", "CITY"),
    ],
)
def test_what_is_refused_ends_with_exit_code_2_and_a_reason(words: tuple[str, ...]) -> None:
    sample_org()
    result = zx(*words)
    assert result.exit_code == 2
    assert result.stderr.strip()

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from zhengxiao.config.cli import main
from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.timeline.models import Entry
from zhengxiao.surfaces.openapi.models import ApiToken
from zhengxiao.surfaces.openapi.services import token_holder

pytestmark = pytest.mark.django_db
NEW = ("--unit", "A-MARKET", "--as", "clerk", "--scope", "cases.view", "--scope", "cases.receive")


def zx(*words: str) -> Result:
    return CliRunner().invoke(main, ["token", *words])


def answer(*words: str) -> Any:
    result = zx(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_token_is_told_once_listed_without_its_text_and_revoked() -> None:
    sample_org()
    made = answer("create", "窗口自助机", *NEW)
    text = made["token"]
    assert len(text.split("_", 2)[2]) >= 43  # 256 bits
    held = ApiToken.objects.get(prefix=made["prefix"])
    assert text not in repr(vars(held))
    assert token_holder(text=text, at=timezone.now()) is not None
    (row,) = answer("list")
    assert (row["good"], row["scopes"], row["user"]) == (True, ["cases.receive", "cases.view"], "clerk")
    assert text not in zx("list").output
    answer("revoke", made["prefix"])
    assert token_holder(text=text, at=timezone.now()) is None
    assert answer("list")[0]["good"] is False
    facts = list(Entry.objects.filter(fact__startswith="openapi.").values_list("fact", flat=True))
    assert facts == ["openapi.client_registered", "openapi.token_issued", "openapi.token_revoked"]


def test_closing_a_client_closes_all_its_tokens() -> None:
    sample_org()
    first, second = answer("create", "甲", *NEW), answer("create", "甲", "--days", "5")
    answer("revoke", "--client", "甲")
    assert [token_holder(text=row["token"], at=timezone.now()) for row in (first, second)] == [None, None]
    assert zx("create", "甲").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("create", "nobody"),
        ("create", "甲", "--unit", "A-MARKET"),
        ("create", "甲", "--unit", "A-MARKET", "--as", "clerk", "--scope", "cases.everything"),
        ("create", "甲", *NEW, "--days", "4000"),
        ("create", "甲", "--unit", "NOWHERE", "--as", "clerk", "--scope", "cases.view"),
        ("revoke", "nothing"),
        ("revoke",),
    ],
)
def test_what_is_refused_ends_with_exit_code_2_and_leaves_nothing(words: tuple[str, ...]) -> None:
    sample_org()
    result = zx(*words)
    assert (result.exit_code, ApiToken.objects.count()) == (2, 0)
    assert result.stderr.strip()

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from zhengxiao.config.cli import main
from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.identity.api import user_by_username

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


@pytest.mark.parametrize(
    "words",
    [
        ("create", "a b", "--name", "何示例", "--password", PASSWORD),
        ("create", "somebody", "--name", "何示例", "--password", "short"),
        ("disable", "nobody"),
        ("post", "clerk", "window_clerk", "NOWHERE"),
        ("post", "clerk", "boss", "CITY"),
    ],
)
def test_what_is_refused_ends_with_exit_code_2_and_a_reason(words: tuple[str, ...]) -> None:
    sample_org()
    result = zx(*words)
    assert result.exit_code == 2
    assert result.stderr.strip()

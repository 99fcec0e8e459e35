"""`zx calendar`, `zx due` and `zx elapsed` as an operator types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from zhengxiao.config.cli import main
from zhengxiao.kernel.calendar.api import day_table
from zhengxiao.kernel.identity.api import User
from zhengxiao.lib.actors import Actor

AT = "2026-11-23T09:00+08:00"


def zx(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == code, result.output
    return result.output


def answer(*words: str, code: int = 0) -> Any:
    return json.loads(zx(*words, "--json", code=code))


@pytest.mark.django_db
def test_due_gives_a_date_for_days_and_an_instant_for_hours() -> None:
    days = answer("due", "--from", "2026-09-24", "--term", "5wd")
    assert (days["due"], days["provisional"], days["term"], days["region"]) == (
        "2026-10-09",
        False,
        "5wd",
        "CN",
    )
    assert days["due_at"] == "2026-10-09T23:59:59.999999+08:00"
    assert answer("due", "--from", "2026-02-14T16:30", "--term", "2wh")["due"] == "2026-02-24T10:00:00+08:00"
    assert answer("due", "--from", "2026-12-10", "--term", "20wd")["provisional"] is True


@pytest.mark.django_db
def test_due_takes_pauses_and_explains_itself() -> None:
    words = ["due", "--from", "2026-03-02T09:00", "--term", "5wd", "--pause", "2026-03-04:2026-03-05"]
    found = answer(*words, "--explain")
    assert found["due"] == "2026-03-10"
    assert [day["reason"] for day in found["days"]][:4] == ["start_day", "workday", "paused", "workday"]
    assert "到期" in zx(*words, "--explain")
    held = answer("due", "--from", "2026-03-02", "--term", "5wd", "--pause", "2026-03-04T10:00:")
    assert held["due"] is None
    assert held["paused"] is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2026-02-30", "--term", "5wd"),
        ("--from", "2026-03-02", "--term", "5zz"),
        ("--from", "2026-03-02", "--term", "5wd", "--region", "XX"),
        ("--from", "2026-03-02", "--term", "5wd", "--pause", "x"),
        ("--term", "5wd"),
        ("--csv", "/nonexistent.csv", "--out", "x"),
    ],
)
def test_due_that_cannot_be_answered_ends_with_two(words: tuple[str, ...]) -> None:
    assert zx("due", *words, code=2)


@pytest.mark.django_db
def test_a_file_with_one_bad_row_ends_with_one_and_keeps_all_rows(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("start,term\n2026-09-24,5wd\n2026-09-24,five\n", encoding="utf-8")
    found = answer("due", "--csv", str(source), "--out", str(target), code=1)
    assert (found["read"], found["answered"], found["failed"]) == (2, 1, 1)
    assert len(target.read_text(encoding="utf-8").splitlines()) == 3


@pytest.mark.django_db
def test_elapsed_counts_days_and_seconds() -> None:
    found = answer("elapsed", "--from", "2026-09-24T10:00", "--to", "2026-10-09T10:00")
    assert (found["working_days"], found["calendar_days"]) == (5, 15)
    assert found["working_seconds"] == 5 * 7 * 3600
    assert zx("elapsed", "--from", "2026-09-24", "--to", "2026-10-09", "--unit", "wd").strip() == "5"


@pytest.mark.django_db
def test_a_year_is_imported_confirmed_by_a_person_and_then_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日至3日放假，共3天。
二、春节：2月5日至11日放假调休，共7天。2月20日（周六）上班。
三、清明节：4月3日至5日放假，共3天。
四、劳动节：5月1日至3日放假，共3天。
五、端午节：6月9日放假。
六、中秋节：9月15日放假。
七、国庆节：10月1日至7日放假调休，共7天。"""
    file = tmp_path / "notice.txt"
    file.write_text(text, encoding="utf-8")
    made = answer("calendar", "import", str(file), "--at", AT)
    version = made["versions"][0]
    assert (version["state"], version["confirmed_through"]) == ("proposed", "2027-12-31")
    assert day_table().confirmed_through == date(2026, 12, 31)
    assert answer("calendar", "show", "--year", "2027")["waiting"][0]["id"] == version["id"]
    user = User.objects.create(
        username="li", display_name="李示例", joined_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    zx("calendar", "confirm", str(version["id"]), "--as", "li", code=2)  # no post allows it
    person = Actor(user_id=user.pk, name="李示例")
    monkeypatch.setattr("zhengxiao.config.cli.calendars._actor", lambda *_words: person)
    assert answer("calendar", "confirm", str(version["id"]), "--as", "li", "--at", AT)["state"] == "confirmed"
    assert day_table().confirmed_through == date(2027, 12, 31)
    assert answer("calendar", "import", str(file), "--at", AT)["versions"] == []
    shown = answer("calendar", "show", "--year", "2027")
    assert shown["confirmed"] is True
    assert {"2027-02-20", "2027-01-01"} <= {day["date"] for day in shown["days"]}


@pytest.mark.django_db
def test_a_year_that_is_not_published_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "2027.json"
    file.write_text('{"year": 2027, "papers": [], "days": []}', encoding="utf-8")
    assert "2027" in zx("calendar", "import", str(file), code=2)


@pytest.mark.django_db
def test_the_check_is_red_from_the_first_of_december() -> None:
    assert answer("calendar", "check", "--at", "2026-11-30T12:00")["level"] == "yellow"
    assert answer("calendar", "check", "--at", "2026-12-01T00:00", code=1)["level"] == "red"


def test_due_works_in_a_fresh_checkout_without_a_database(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "ZX_HOME": str(tmp_path / "home")}
    code = "from zhengxiao.config.cli import main; main()"
    words = ["due", "--from", "2026-09-24", "--term", "5wd", "--region", "441602001000", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert (found["due"], found["calendar_source"]) == ("2026-10-09", "shipped")

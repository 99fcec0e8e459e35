"""`zx checkpoint`, `zx verify` and `zx export-proof` as an operator and an auditor use them, on a database of their own."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from zhengxiao.kernel.proof import verifier

pytestmark = pytest.mark.long

ZX = [sys.executable, "-c", "from zhengxiao.config.cli import main; main()"]


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    """A small sample city in SQLite, as it was made: the database is born with its first command, as after installation."""
    home = tmp_path_factory.mktemp("city")
    made = zx(home, "seed", "--size", "20", "--seed", "3")
    assert made.returncode == 0, made.stderr
    return home


@pytest.fixture
def office(city: Path, tmp_path: Path) -> Path:
    """A copy for one test: placing and signing in one must not be seen by another."""
    return Path(shutil.copytree(city, tmp_path / "office"))


def zx(home: Path, *arguments: object) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZX_", "DJANGO_"))}
    environment = {
        **kept,
        "ZX_HOME": str(home),
        "ZX_CHECKPOINT_DIR": str(home / "outside"),
        "PYTHONUTF8": "1",
    }
    command = [*ZX, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def told(done: subprocess.CompletedProcess, code: int = 0) -> dict:
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_a_city_is_signed_verified_exported_and_a_change_in_sql_is_named(office, tmp_path, capsys):
    late = told(zx(office, "verify", "--as-is", "--json"), code=1)  # nobody has placed the city's entries yet
    assert set(late["counts"]) == {"entry_unplaced"}
    assert told(zx(office, "verify", "--json"))["clean"]
    first = told(zx(office, "checkpoint", "--json"))
    assert first["size"] > 100
    kept = office / "outside" / f"checkpoint-{first['size']:012}.txt"
    assert kept.read_text("utf-8") == first["note"]
    clean = told(zx(office, "verify", "--checkpoint", kept, "--json"))
    assert (clean["clean"], clean["entries"], clean["size"], clean["outside"]) == (
        True,
        first["size"],
        first["size"],
        2,
    )

    with sqlite3.connect(office / "zhengxiao.sqlite3") as database:
        number, case = database.execute("SELECT number, id FROM cases_case ORDER BY id LIMIT 1").fetchone()
    proof = tmp_path / "proof.json"
    made = told(zx(office, "export-proof", number, "--out", proof, "--since", kept, "--json"))
    assert made["entries"] > 1
    assert made["uncovered"] == 0
    key = told(zx(office, "checkpoint", "--key", "--json"))[0]
    assert verifier.main([str(proof), "--key", key, "--checkpoint", str(kept)]) == 0
    assert number in capsys.readouterr().out

    with sqlite3.connect(office / "zhengxiao.sqlite3") as database:
        database.execute("DROP TRIGGER timeline_entry_no_update")
        (entry,) = database.execute(
            "SELECT max(id) FROM timeline_entry WHERE subject_kind = 'case' AND subject_id = ?", [case]
        ).fetchone()
        database.execute("UPDATE timeline_entry SET actor_name = '王示例改' WHERE id = ?", [entry])
    found = told(zx(office, "verify", "--json"), code=1)
    assert [(row["table"], row["key"], row["field"]) for row in found["findings"]] == [
        ("timeline_entry", str(entry), "actor_name")
    ]
    assert f"timeline_entry[{entry}].actor_name" in zx(office, "verify").stdout


def test_openings_are_exported_as_a_look_by_those_who_may_and_refused_to_others(office, tmp_path, capsys):
    assert told(zx(office, "verify", "--json"))["clean"]
    with sqlite3.connect(office / "zhengxiao.sqlite3") as database:
        number, name, approver = database.execute(
            "SELECT c.number, c.applicant_name, u.username FROM cases_case c JOIN parties_party t ON t.id = c.party_id"
            " JOIN orgs_unit n ON n.region_id = t.region_id AND n.department_id = c.department_id"
            " JOIN orgs_post p ON p.unit_id = n.id AND p.role = 'approver' JOIN identity_user u ON u.id = p.user_id LIMIT 1"
        ).fetchone()
    proof = tmp_path / "proof.json"
    export = ["export-proof", number, "--out", proof, "--json", "--openings"]
    why = ["--purpose", "verify", "--note", "核对原件"]
    for refused in ([*export, "--as", approver], [*export, *why, "--as", "sysadmin"], [*export, *why]):
        assert zx(office, *refused).returncode == 2, refused
    assert not proof.exists()
    assert told(zx(office, *export, *why, "--as", approver))["opened"] > 0
    assert verifier.main([str(proof), "--key", told(zx(office, "checkpoint", "--key", "--json"))[0]]) == 0
    assert f"applicant_name：{name}" in capsys.readouterr().out
    with sqlite3.connect(office / "zhengxiao.sqlite3") as database:
        assert database.execute("SELECT what, purpose, note FROM parties_look").fetchall() == [
            ("parties.openings", "verify", "核对原件")
        ]


def test_what_cannot_be_done_ends_with_two(office, tmp_path):
    no_note = tmp_path / "note.txt"
    no_note.write_text("hello", "utf-8")
    for arguments in (
        ["verify", "--checkpoint", no_note],
        ["verify", "--checkpoint", tmp_path / "none.txt"],
        ["verify", "--key", "nonsense"],
        ["export-proof", "no-such-case", "--out", tmp_path / "x.json"],
    ):
        assert zx(office, *arguments).returncode == 2, arguments


def test_an_older_database_is_told_at_the_start_and_goes_on_only_after_the_loss_is_accepted(office, tmp_path):
    old = told(zx(office, "checkpoint", "--json"))["size"]
    before = tmp_path / "before.sqlite3"
    with sqlite3.connect(office / "zhengxiao.sqlite3") as database, sqlite3.connect(before) as copy:
        database.backup(copy)
    another = ["user", "create", "clerk-1", "--name", "示例", "--json", "--password", "not-a-sample-7"]
    told(zx(office, *another))
    new = told(zx(office, "checkpoint", "--json"))["size"]
    assert new > old
    for name in ("zhengxiao.sqlite3-wal", "zhengxiao.sqlite3-shm"):
        (office / name).unlink(missing_ok=True)
    shutil.copy(before, office / "zhengxiao.sqlite3")  # whoever puts an old file back asks no command of ours
    refused = zx(office, *another)
    assert (refused.returncode, "系统只读" in refused.stderr) == (2, True), refused.stderr
    assert f"lost: {old + 1}…{new}" in refused.stderr
    assert json.loads(zx(office, "work", "--once", "--json").stdout)["held"]
    accepted = told(zx(office, "accept-loss", "--as", "sysadmin", "--ground", "断电", "--json"))
    assert (accepted["lost"], accepted["size"] > old) == (f"{old + 1}…{new}", True)
    assert (office / "outside" / "loss-001.txt").read_text("utf-8") == accepted["note"]
    assert told(zx(office, "verify", "--json"))["clean"]
    told(zx(office, *another))

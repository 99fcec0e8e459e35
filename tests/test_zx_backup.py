"""`zx backup` and `zx restore` as an operator uses them, on both databases; the drill of the manual is run as it stands."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from harness.cluster import Cluster, NoPostgres
from harness.laid_out import ADDRESS, LaidOut

from zhengxiao.config.cli.backup_parts import copy_files

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
START = "from zhengxiao.config.cli import main; main()"
CONTENT = b"%PDF-1.7 sample"


@dataclass
class Installation:
    """A ZX_HOME and a database, used from outside."""

    home: Path
    database: str
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZX_", "DJANGO_"))}
        path = f"{BIN}{os.pathsep}{kept['PATH']}"
        return {
            **kept,
            "PATH": path,
            "ZX_HOME": str(self.home),
            "ZX_DATABASE_URL": self.database,
            **self.more,
        }

    def zx(self, *words: str, code: int = 0) -> Any:
        command = [sys.executable, "-c", START, *words, "--json"]
        ended = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert ended.returncode == code, ended.stderr[-2000:]
        return json.loads(ended.stdout) if ended.stdout.strip() else ended.stderr

    def store(self, content: bytes) -> Path:
        """A file as the platform keeps it."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.home / "files" / digest[:2] / digest[2:4] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


@dataclass
class Place:
    """Where installations of one kind of database are made."""

    vendor: str
    folder: Path
    installations: LaidOut
    cluster: Cluster | None = None
    made: int = 0

    def empty(self) -> Installation:
        """An installation whose database has no tables."""
        home, name = self._next()
        return Installation(home, self.cluster.create(name) if self.cluster else ADDRESS)

    def migrated(self) -> Installation:
        """An installation that is up to date and has nothing in it."""
        home, name = self._next()
        if self.cluster:
            return Installation(home, self.cluster.create(name, like="zx"))
        return Installation(self.installations.home(home), ADDRESS)

    def _next(self) -> tuple[Path, str]:
        self.made += 1
        return self.folder / f"home-{self.made}", f"restored_{self.made}"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, installations: LaidOut
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        yield Place("sqlite", folder, installations)
        return
    if not shutil.which("pg_dump") or not shutil.which("psql"):
        pytest.skip("no PostgreSQL client programs here")
    try:
        cluster = Cluster(installations.cluster())
    except NoPostgres:
        pytest.skip("no PostgreSQL server here")
    try:
        cluster.start()
        yield Place("postgresql", folder, installations, cluster)
    finally:
        cluster.remove()


@pytest.fixture(scope="module")
def live(place: Place) -> Installation:
    """A small city with a file and a key."""
    installation = place.migrated()
    installation.zx("seed", "--size", "10", "--seed", "3", "--at", "2026-11-20T10:30+08:00")
    installation.store(CONTENT)
    (installation.home / "keys").mkdir(exist_ok=True)
    (installation.home / "keys" / "signing.pem").write_text("a key", encoding="ascii")
    return installation


@pytest.fixture(scope="module")
def saved(place: Place, live: Installation) -> Path:
    target = place.folder / "saved"
    live.zx("backup", str(target))
    return target


def copied(saved: Path, to: Path) -> Path:
    return Path(shutil.copytree(saved, to / "copy"))


def test_a_backup_says_what_it_holds(place: Place, saved: Path) -> None:
    manifest = json.loads((saved / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["database"] == place.vendor
    assert manifest["tables"]["cases_case"] >= 10
    assert manifest["files"] == {"stored": 1, "missing": 0, "damaged": 0}
    assert manifest["migrations"]["cases"]
    sums = subprocess.run(
        [str(shutil.which("sha256sum")), "--check", "SHA256SUMS"], cwd=saved, capture_output=True, check=False
    )
    assert sums.returncode == 0
    assert oct(saved.stat().st_mode & 0o077) == "0o0"


def test_what_was_backed_up_comes_back(place: Place, live: Installation, saved: Path) -> None:
    restored = place.empty()
    told = restored.zx("restore", str(saved))
    manifest = json.loads((saved / "manifest.json").read_text(encoding="utf-8"))
    assert told["tables"] == manifest["tables"]
    assert (told["differing"], told["open"], told["aside"]) == ({}, [], "")
    names = (
        "secret_key",
        "keys/signing.pem",
        *(str(p.relative_to(live.home)) for p in live.home.rglob("files/*/*/*")),
    )
    assert [
        name for name in names if (restored.home / name).read_bytes() != (live.home / name).read_bytes()
    ] == []
    at = "2026-11-20T10:30+08:00"
    assert restored.zx("lights", "--at", at) == live.zx("lights", "--at", at)
    assert restored.zx("migrate", "--check") == {"open": []}
    again = place.folder / "again"
    restored.zx("backup", str(again))
    assert json.loads((again / "manifest.json").read_text(encoding="utf-8"))["tables"] == manifest["tables"]


def test_a_used_installation_is_not_written_over_unless_told_and_is_then_kept(
    place: Place, saved: Path
) -> None:
    used = place.migrated()
    used.store(b"%PDF-1.7 another")
    assert "没有恢复" in used.zx("restore", str(saved), code=2)
    assert [p.read_bytes() for p in used.home.rglob("files/*/*/*")] == [b"%PDF-1.7 another"]
    aside = used.zx("restore", str(saved), "--force")["aside"]
    assert [p.read_bytes() for p in used.home.rglob("files/*/*/*") if aside not in p.parts] == [CONTENT]
    assert [p.read_bytes() for p in (used.home / aside).rglob("files/*/*/*")] == [b"%PDF-1.7 another"]
    used.zx("backup", str(place.folder / "after-force"))
    tables = json.loads((place.folder / "after-force" / "manifest.json").read_text(encoding="utf-8"))[
        "tables"
    ]
    assert tables == json.loads((saved / "manifest.json").read_text(encoding="utf-8"))["tables"]


def test_a_flipped_byte_in_any_part_is_refused_and_nothing_written(
    place: Place, saved: Path, tmp_path: Path
) -> None:
    broken = copied(saved, tmp_path)
    target = place.empty()
    parts = [path for path in sorted(broken.iterdir()) if path.name != "SHA256SUMS"]
    assert len(parts) == 4
    for path in parts:
        whole = path.read_bytes()
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        said = target.zx("restore", str(broken), code=2)
        assert path.name in said
        path.write_bytes(whole)
        assert {p.name for p in target.home.iterdir()} == {"secret_key"}
    (broken / "files.tar").unlink()
    assert "files.tar" in target.zx("restore", str(broken), code=2)


def test_a_backup_of_another_kind_or_of_a_newer_version_is_refused(
    place: Place, saved: Path, tmp_path: Path
) -> None:
    other = copied(saved, tmp_path)
    for change, said in (
        ({"database": "oracle"}, "oracle"),
        ({"migrations": {"cases": "9999_later"}}, "cases.9999_later"),
        ({"format": 2}, "2"),
    ):
        manifest = json.loads((saved / "manifest.json").read_text(encoding="utf-8"))
        text = json.dumps({**manifest, **change})
        (other / "manifest.json").write_text(text, encoding="utf-8")
        lines = (saved / "SHA256SUMS").read_text(encoding="ascii").splitlines()[:-1]
        digest = hashlib.sha256(text.encode()).hexdigest()
        (other / "SHA256SUMS").write_text("\n".join([*lines, f"{digest}  manifest.json"]), encoding="ascii")
        assert said in place_of(place).zx("restore", str(other), code=2)


def place_of(place: Place) -> Installation:
    """One empty installation for refusals: it stays empty."""
    return Installation(place.folder / "refusing", place.empty().database)


def test_an_existing_folder_is_never_written_over(live: Installation, saved: Path) -> None:
    before = (saved / "manifest.json").read_bytes()
    assert "已经存在" in live.zx("backup", str(saved), code=2)
    assert (saved / "manifest.json").read_bytes() == before


def test_a_damaged_file_is_a_finding(place: Place, live: Installation) -> None:
    stored = live.store(CONTENT)
    stored.write_bytes(b"something else")
    try:
        told = live.zx("backup", str(place.folder / "with-damage"), code=1)
    finally:
        stored.write_bytes(CONTENT)
    assert told["files"] == {"stored": 1, "missing": 0, "damaged": 1}


def test_a_file_that_the_database_names_and_nobody_has_is_counted(tmp_path: Path) -> None:
    here = Installation(tmp_path, "").store(CONTENT)
    named = {here.name, "0" * 64}
    counted = copy_files(tmp_path / "files", tmp_path / "files.tar", named)
    assert counted == {"stored": 1, "missing": 1, "damaged": 0}


def test_a_killed_backup_is_never_taken_for_a_whole_one(place: Place, live: Installation) -> None:
    large = live.home / "files" / "ff" / "ff" / ("f" * 64)
    large.parent.mkdir(parents=True)
    with large.open("wb") as stream:
        stream.truncate(1 << 30)
    target = place.folder / "killed"
    command = [sys.executable, "-c", START, "backup", str(target)]
    try:
        writing = subprocess.Popen(command, env=live.environment, stderr=subprocess.DEVNULL)
        partial = target.with_name(f"{target.name}.partial-{writing.pid}")
        while writing.poll() is None and not (partial / "files.tar").exists():
            time.sleep(0.002)
        writing.kill()
        assert writing.wait() == -signal.SIGKILL
    finally:
        large.unlink()
    assert not target.exists()
    assert "manifest.json" in place_of(place).zx("restore", str(partial), code=2)
    shutil.rmtree(partial)
    live.zx("backup", str(target))
    assert (target / "manifest.json").exists()


def test_a_backup_is_whole_while_others_write(place: Place, live: Installation) -> None:
    if place.vendor != "sqlite":
        pytest.skip("pg_dump and the counts share one exported snapshot; a writer cannot come between")
    database = live.home / "zhengxiao.sqlite3"
    writer = sqlite3.connect(database, timeout=20)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO jobs_heartbeat (runner, at) VALUES ('half-done', '2026-11-20 02:30:00')")
    try:
        live.zx("migrate", "--check")
        command = [sys.executable, "-c", START, "backup", str(place.folder / "meanwhile"), "--json"]
        ended = subprocess.run(command, env=live.environment, capture_output=True, text=True, check=True)
    finally:
        writer.rollback()
        writer.close()
    copy = sqlite3.connect(place.folder / "meanwhile" / "database.sqlite3")
    assert copy.execute("SELECT count(*) FROM jobs_heartbeat WHERE runner = 'half-done'").fetchone() == (0,)
    assert json.loads(ended.stdout)["tables"]["jobs_heartbeat"] == 0
    copy.close()


def test_keys_may_be_kept_elsewhere(place: Place, live: Installation) -> None:
    target = place.folder / "without-keys"
    live.zx("backup", str(target), "--without-keys")
    assert not (target / "keys.tar").exists()
    restored = place.empty()
    restored.zx("restore", str(target))
    assert (restored.home / "secret_key").read_bytes() != (live.home / "secret_key").read_bytes()


def test_the_drill_of_the_manual_works_as_it_stands(place: Place, live: Installation) -> None:
    manual = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    drill = re.search(r"^### Restore drill$.*?^```sh\n(.*?)^```", manual, re.M | re.S)
    assert drill is not None
    fresh = place.empty()
    given = {
        "BACKUPS": str(place.folder / "drill"),
        "DRILL_HOME": str(fresh.home),
        "DRILL_DATABASE": fresh.database,
    }
    command = ["bash", "-euo", "pipefail", "-c", drill.group(1)]
    ended = subprocess.run(
        command, env={**live.environment, **given}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "已恢复" in ended.stdout

"""PostgreSQL back to a named second: base backup, sealed log, recovered root against the head that was laid down outside."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from harness.cluster import Cluster, NoPostgres
from harness.installation import ROOT, Installation
from harness.laid_out import ADDRESS, LaidOut

from zhengxiao.config.cli import main
from zhengxiao.config.cli.archiving import keep
from zhengxiao.lib.sealed_streams import Key

pytestmark = pytest.mark.long

CANARY = "CANARY-"


@dataclass
class Drill:
    """What was done before the disaster."""

    cluster: Cluster
    live: Installation
    folder: Path
    backup: Path
    archive: Path
    outside: Path
    key_file: Path
    moments: list[dict[str, Any]]

    def installation(self, home: Path, url: str) -> Installation:
        more = {"ZX_WAL_ARCHIVE": str(self.archive), "ZX_ARCHIVE_KEY_FILE": str(self.key_file)}
        return Installation(home, url, more)


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory, installations: LaidOut) -> Iterator[Drill]:
    """A cluster with its log put aside, a base backup taken while it works, four more seconds of work, and the end of it."""
    folder = tmp_path_factory.mktemp("drill")
    try:
        cluster = Cluster(installations.cluster(), archive_mode="on", wal_level="replica")
    except NoPostgres:
        pytest.skip("no PostgreSQL server here")
    try:
        yield _done(cluster, folder)
    finally:
        cluster.remove()


def _done(cluster: Cluster, folder: Path) -> Drill:
    spool = cluster.folder / "spool"
    spool.mkdir(mode=0o777)
    spool.chmod(0o777)
    cluster.settings["archive_command"] = f'cp "%p" {spool}/%f.part && mv {spool}/%f.part {spool}/%f'
    cluster.start()
    key_file, outside, archive = folder / "key", folder / "outside", folder / "archive"
    assert CliRunner().invoke(main, ["archive-key", str(key_file), "--cipher", "sm4"]).exit_code == 0
    drill = Drill(cluster, None, folder, folder / "base", archive, outside, key_file, [])  # type: ignore[arg-type]
    drill.live = drill.installation(folder / "home", cluster.url())
    writer = subprocess.Popen(
        [sys.executable, "-m", "harness.writing", str(outside), "5"], cwd=ROOT, text=True,
        env=drill.live.environment | {"DJANGO_SETTINGS_MODULE": "zhengxiao.config.settings.prod"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    drill.live.zx("backup", str(drill.backup), "--base")
    said, _none = writer.communicate("go\n", timeout=300)
    drill.moments = [json.loads(line) for line in said.splitlines()]
    cluster.run("psql", "-h", str(cluster.folder), "-p", str(cluster.port), "-U", "zx", "zx", "-c",
                "SELECT pg_switch_wal()")  # fmt: skip
    cluster.stop()  # what was finished is put aside before the server ends
    assert drill.live.zx("archive", str(spool))["sealed"]
    assert drill.live.zx("archive", str(spool)) == {"kept": [], "sealed": True}
    return drill


def recovered(drill: Drill, to: str | None, name: str) -> tuple[Cluster, Installation]:
    """A new home and cluster from the backup, started; it has arrived when it takes writes."""
    home, data = drill.folder / name, drill.cluster.folder / name
    there = drill.installation(home, drill.cluster.url())
    there.zx("restore", str(drill.backup), "--cluster", str(data), *(["--to", to] if to else []))
    if os.getuid() == 0:
        shutil.chown(data, "postgres", "postgres")
        for path in data.rglob("*"):
            shutil.chown(path, "postgres", "postgres")
    drill.cluster.data = data
    drill.cluster.start()
    until = time.monotonic() + 60
    while "f" not in _psql(drill.cluster, "SELECT pg_is_in_recovery()"):
        assert time.monotonic() < until, (drill.cluster.folder / "log").read_text()[-2000:]
        time.sleep(0.1)
    return drill.cluster, there


def _psql(cluster: Cluster, query: str) -> str:
    where = ("-h", str(cluster.folder), "-p", str(cluster.port), "-U", "zx")
    return cluster.run("psql", *where, "-tA", "zx", "-c", query)


def test_any_second_comes_back_with_the_root_that_was_witnessed_then(drill: Drill) -> None:
    moments = drill.moments
    assert len(moments) >= 4
    chance = random.Random(7)  # noqa: S311
    spots = sorted(chance.sample(range(len(moments) - 1), 3))
    for place in spots:
        before, after = (datetime.fromisoformat(moments[place + n]["at"]) for n in (0, 1))
        to = before + min((after - before) / 4, timedelta(milliseconds=100))
        cluster, there = recovered(drill, to.isoformat(), f"to-{place}")
        try:
            size = int(_psql(cluster, "SELECT size FROM proof_treehead"))
            assert size == moments[place]["size"]
            query = f"SELECT encode(root, 'hex') FROM proof_checkpoint WHERE size = {size}"  # noqa: S608
            assert _psql(cluster, query).strip() == moments[place]["root"]
            [head] = [p for p in drill.outside.rglob("*") if p.is_file() and _size_of(p) == size]
            told = there.zx("verify", "--as-is", "--checkpoint", str(head), code=None)
            assert told["clean"], told["findings"]
            ahead = there.zx("verify", "--as-is", "--checkpoint", str(_newest(drill)), code=1)
            assert not ahead["clean"], "what was witnessed later is missed"
        finally:
            cluster.stop()


def _size_of(path: Path) -> int:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return int(lines[1]) if len(lines) > 2 and lines[1].isdigit() else -1


def _newest(drill: Drill) -> Path:
    return max((path for path in drill.outside.rglob("*") if path.is_file()), key=_size_of)


def test_neither_backup_nor_log_shows_anything_without_the_key(drill: Drill) -> None:
    live = b"".join(p.read_bytes() for p in drill.cluster.data.rglob("*") if p.is_file())
    assert CANARY.encode() in live, "the name is there where it should be, so looking for it means something"
    kept = [path for folder in (drill.backup, drill.archive) for path in folder.iterdir()]
    assert len(kept) > 5
    assert [path.name for path in kept if CANARY.encode() in path.read_bytes()] == []
    told = Installation(drill.folder / "no-key", drill.cluster.url(), {"ZX_WAL_ARCHIVE": str(drill.archive)})
    said = told.python(
        "-c", "from zhengxiao.config.cli import main; main()", "restore", str(drill.backup), "--cluster",
        str(drill.folder / "none"), code=2,
    )  # fmt: skip
    assert said == ""
    assert not (drill.folder / "none").exists()


def test_a_moment_before_the_backup_or_of_a_whole_copy_is_refused(drill: Drill, tmp_path: Path) -> None:
    there = drill.installation(tmp_path / "home", drill.cluster.url())
    early = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    for words in (
        ("--cluster", str(tmp_path / "c"), "--to", early),
        ("--to", early),
        (),
    ):
        there.zx("restore", str(drill.backup), *words, code=2)
    assert not (tmp_path / "c").exists()


def test_sqlite_has_whole_copies_only(tmp_path: Path, installations: LaidOut) -> None:
    there = Installation(installations.home(tmp_path / "home"), ADDRESS)
    there.zx("backup", str(tmp_path / "b"), "--base", code=2)
    there.zx("backup", str(tmp_path / "b"))
    empty = Installation(tmp_path / "empty", ADDRESS)
    empty.zx("restore", str(tmp_path / "b"), "--to", "2026-11-20T10:00+08:00", code=2)
    assert not (tmp_path / "empty" / "zhengxiao.sqlite3").exists()


def test_a_sealed_whole_copy_comes_back_with_its_key_alone(tmp_path: Path, installations: LaidOut) -> None:
    more = {"ZX_ARCHIVE_KEY": Key.made("aes-256").line()}
    live = Installation(installations.home(tmp_path / "home"), ADDRESS, more)
    live.zx("backup", str(tmp_path / "b"))
    assert b"SQLite format 3" not in (tmp_path / "b" / "database.sqlite3").read_bytes()
    for name, given in (("without", {}), ("other", {"ZX_ARCHIVE_KEY": Key.made("aes-256").line()})):
        wrong = Installation(tmp_path / name, ADDRESS, given)
        wrong.zx("restore", str(tmp_path / "b"), code=2)
    right = Installation(tmp_path / "right", ADDRESS, more)
    assert right.zx("restore", str(tmp_path / "b"))["differing"] == {}
    assert [path.name for path in right.home.iterdir() if "restore." in path.name] == []


def test_a_piece_of_the_log_is_never_written_over(tmp_path: Path) -> None:
    key, archive, piece = Key.made("sm4"), tmp_path / "archive", tmp_path / ("0" * 24)
    archive.mkdir()
    piece.write_bytes(b"one")
    keep(piece, archive, key)
    keep(piece, archive, key)
    piece.write_bytes(b"two")
    with pytest.raises(Exception, match="归档中已有"):
        keep(piece, archive, key)
    assert len(list(archive.iterdir())) == 1

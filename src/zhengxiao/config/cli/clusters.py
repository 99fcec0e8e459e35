"""Whole clusters of PostgreSQL: a base backup, and a data folder laid out so that it recovers to a named moment."""

from __future__ import annotations

import os
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from zhengxiao.config.cli.archiving import archive_folder, archive_key, lay_out
from zhengxiao.config.cli.backup_databases import Postgres, Snapshot, Sqlite, ToolFailed, snapshot_now
from zhengxiao.lib.refusals import Refusal

BASE_PART = "base.tar"
LOG_FOLDER = "zx_wal"


class OnlyWholeCopies(Refusal):
    template = "SQLite 只有整库副本，不能恢复到指定时刻；需要这一点的单位请使用 PostgreSQL。"


class NotABaseBackup(Refusal):
    template = "这份备份是整库副本，不能恢复到指定时刻；请用 zx backup --base 的备份，并指明 --cluster。"


class ClusterNotEmpty(Refusal):
    template = "{folder} 不是空的，没有恢复。"


class BeforeTheBase(Refusal):
    template = "{to} 早于这份备份（{at}）；请用更早的备份。"


def base_backup(folder: Path) -> Snapshot:
    """The files of the running cluster as one archive in `folder`, with the log that makes them whole.

    The role needs the right to replicate. Raises OnlyWholeCopies, ToolMissing, ToolFailed.
    """
    from django.db import connection

    if connection.vendor != "postgresql":
        raise OnlyWholeCopies
    counted = snapshot_now()
    program, address, password = Postgres.address("pg_basebackup")
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    command = [program, "--dbname", address, "--no-password", "--format=tar", "--wal-method=fetch"]
    command += ["--checkpoint=fast", "--pgdata=-"]
    with (folder / BASE_PART).open("xb") as target:
        ended = subprocess.run(command, env=environment, stdout=target, stderr=subprocess.PIPE, check=False)  # noqa: S603
    if ended.returncode:
        raise ToolFailed(tool="pg_basebackup", why=ended.stderr.decode(errors="replace").strip()[-400:])
    return counted


def require_moment(
    vendor: str, *, is_base: bool, cluster: Path | None, to: datetime | None, at: datetime
) -> None:
    """Refuses what cannot be done with this backup: OnlyWholeCopies, NotABaseBackup, ClusterNotEmpty, BeforeTheBase."""
    if to is not None and vendor == Sqlite.name:
        raise OnlyWholeCopies
    if is_base != (cluster is not None) or (to is not None and not is_base):
        raise NotABaseBackup
    if cluster is not None and cluster.exists() and any(cluster.iterdir()):
        raise ClusterNotEmpty(folder=cluster)
    if to is not None and to < at:
        raise BeforeTheBase(to=to.isoformat(), at=at.isoformat())


def lay_out_cluster(base: Path, cluster: Path, to: datetime | None) -> int:
    """A data folder that recovers by itself when a server is started on it: to `to`, or to the end of the log.

    Returns how many pieces of the log there are. The server becomes writable when it has arrived.
    """
    cluster.mkdir(mode=0o700, parents=True, exist_ok=True)
    cluster.chmod(0o700)
    with tarfile.open(base) as archive:
        archive.extractall(cluster, filter="data")
    pieces = lay_out(archive_folder(), cluster / LOG_FOLDER, archive_key())
    lines = [f'restore_command = \'cp "{LOG_FOLDER}/%f" "%p"\'', "recovery_target_action = 'promote'"]
    lines += ["archive_mode = off"]
    if to is not None:
        lines.append(f"recovery_target_time = '{to.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'")
    with (cluster / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write("\n# written by zx restore\n" + "\n".join(lines) + "\n")
    (cluster / "recovery.signal").touch()
    return pieces

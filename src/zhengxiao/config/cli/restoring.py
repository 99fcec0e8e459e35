"""`zx restore`: what `zx backup` wrote, back in an empty installation."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from zhengxiao.config.cli.backup_parts import opened_parts, unpacked
from zhengxiao.config.cli.backups import BackupUnfit, Manifest, read_manifest
from zhengxiao.config.cli.clusters import require_moment
from zhengxiao.config.cli.output import COULD_NOT, FINDING, django_command, emit
from zhengxiao.config.cli.running import moment_of
from zhengxiao.lib.refusals import Refusal


class NotEmpty(Refusal):
    template = (
        "{what} 不是空的，没有恢复。请换一个空的 ZX_HOME 和数据库；或加 --force，原有内容会先移到一旁。"
    )


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Move what is there aside first.")
@click.option(
    "--cluster", type=click.Path(file_okay=False, path_type=Path), help="Data folder for a --base backup."
)
@click.option("--to", "moment", help="Recover to this ISO moment; to the end of the log by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@django_command
def restore_command(
    folder: Path, force: bool, cluster: Path | None, moment: str | None, as_json: bool
) -> None:
    """Bring the backup in FOLDER back into an empty ZX_HOME and database, and check what came.

    Every part is compared with the manifest before anything is written. The pages and the runner must be stopped.
    A --base backup becomes the data folder --cluster; a server started on it recovers with the log of ZX_WAL_ARCHIVE.
    """
    manifest = read_manifest(folder)
    to = moment_of(moment) if moment else None
    require_moment(
        manifest.database,
        is_base=manifest.base,
        cluster=cluster,
        to=to,
        at=datetime.fromisoformat(manifest.at),
    )
    if cluster is not None:
        pieces = restore_base(folder, manifest, cluster.resolve(), to=to, force=force, at=datetime.now(UTC))
        told = {"cluster": str(cluster), "to": to, "log": pieces, "at": manifest.at}
        words = f"已备好 {cluster}，日志 {pieces} 段；用它启动 PostgreSQL 即恢复到 {to or '日志末尾'}，然后运行 zx verify；"
        words += "若恢复的历史比外部检查点短，zx verify 会先说明丢失了哪些叶（lost: n…m）"
        emit(told, as_json=as_json, text=words)
        return
    aside = restore(folder, manifest, force=force, at=datetime.now(UTC))
    found = _after(manifest)
    result = {"at": manifest.at, "product": manifest.product, "aside": aside, **found}
    rows = sum(manifest.tables.values())
    lines = [
        f"已恢复 {manifest.at} 的备份：{len(manifest.tables)} 张表 {rows:,} 行，{manifest.files['stored']} 个文件"
    ]
    if aside:
        lines.append(f"原有内容移到 {aside}")
    lines += [f"{name}：应有 {want} 行，实有 {got} 行" for name, (want, got) in found["differing"].items()]
    if found["open"]:
        lines.append(f"有 {len(found['open'])} 个数据库迁移未执行，请运行 zx migrate")
    lines += found["lost"]
    emit(result, as_json=as_json, text="\n".join(lines))
    if found["differing"]:
        sys.exit(COULD_NOT)
    if found["open"] or found["lost"]:
        sys.exit(FINDING)


def restore(folder: Path, manifest: Manifest, *, force: bool, at: datetime) -> str:
    """Files and keys first, the database last: an installation whose database is there is whole.

    Returns where the former content was moved to, or nothing. Raises NotEmpty, BackupUnfit.
    """
    from django.conf import settings

    from zhengxiao.config.cli.backup_databases import vendor_of_database

    vendor = vendor_of_database()
    home: Path = settings.HOME
    media = Path(settings.MEDIA_ROOT)
    _require_fitting(manifest, vendor.name)
    occupied = [(str(media), _occupied(media)), (str(home / "keys"), _occupied(home / "keys"))]
    occupied.append((vendor.label, vendor.has_tables()))
    full = [name for name, is_full in occupied if is_full]
    if full and not force:
        raise NotEmpty(what="、".join(full))
    home.mkdir(parents=True, exist_ok=True)
    mark = f"before-restore-{at:%Y%m%dT%H%M%S}"
    aside = home / mark if full else None
    with _opened(folder, manifest, home) as parts:
        staged = unpacked(parts, home / f"restore.partial-{os.getpid()}", aside_for_secret=home / mark)
        try:
            staged.place(files=media, home=home, aside=aside)
            vendor.restore(parts, mark=mark, aside=aside)
        finally:
            staged.remove()
    return mark if full else ""


def restore_base(
    folder: Path, manifest: Manifest, cluster: Path, *, to: datetime | None, force: bool, at: datetime
) -> int:
    """Files and keys to their places, the cluster laid out beside; the pieces of the log. Raises NotEmpty, BackupUnfit."""
    from django.conf import settings

    from zhengxiao.config.cli.clusters import BASE_PART, lay_out_cluster

    _require_fitting(manifest, manifest.database)
    home, media = settings.HOME, Path(settings.MEDIA_ROOT)
    full = [str(path) for path in (media, home / "keys") if _occupied(path)]
    if full and not force:
        raise NotEmpty(what="、".join(full))
    mark = f"before-restore-{at:%Y%m%dT%H%M%S}"
    with _opened(folder, manifest, home) as parts:
        staged = unpacked(parts, home / f"restore.partial-{os.getpid()}", aside_for_secret=home / mark)
        try:
            pieces = lay_out_cluster(parts / BASE_PART, cluster, to)
            staged.place(files=media, home=home, aside=home / mark if full else None)
        finally:
            staged.remove()
    return pieces


@contextmanager
def _opened(folder: Path, manifest: Manifest, home: Path) -> Iterator[Path]:
    """The parts as they can be read; those of a sealed backup are opened below `home` and taken away again."""
    from zhengxiao.config.cli.archiving import archive_key

    if not manifest.sealed:
        yield folder
        return
    key = archive_key()
    if key is None or key.cipher != manifest.sealed:
        raise BackupUnfit(why=f"备份已用 {manifest.sealed} 加密：请用 ZX_ARCHIVE_KEY_FILE 指明密钥文件。")
    home.mkdir(parents=True, exist_ok=True)
    place = home / f"restore.opened-{os.getpid()}"
    try:
        yield opened_parts(folder, place, key)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _occupied(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _require_fitting(manifest: Manifest, vendor: str) -> None:
    """Another kind of database, or migrations that this version does not know, cannot be restored here."""
    from django.db.migrations.loader import MigrationLoader

    if manifest.database != vendor:
        raise BackupUnfit(why=f"备份来自 {manifest.database}，ZX_DATABASE_URL 指向 {vendor}，不能互相恢复。")
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    newer = [f"{app}.{name}" for app, name in manifest.migrations.items() if (app, name) not in known]
    if newer:
        raise BackupUnfit(
            why=f"备份来自较新的版本 {manifest.product}（{newer[0]}）。请用该版本或更新的版本恢复。"
        )


def _after(manifest: Manifest) -> dict[str, Any]:
    """Whether what came is what was written: rows per table, migrations that wait."""
    from django.db import connection

    from zhengxiao.config.cli.backup_databases import count_rows
    from zhengxiao.config.cli.server import open_migrations

    with connection.cursor() as cursor:
        there = count_rows(cursor.execute, cursor.fetchone, manifest.tables)
    differing = {name: (want, there[name]) for name, want in manifest.tables.items() if there[name] != want}
    waiting = open_migrations()
    return {"tables": there, "differing": differing, "open": waiting, "lost": _lost(waiting)}


def _lost(waiting: list[str]) -> list[str]:
    """What was witnessed outside and did not come back, as it is told; nothing while the tables are not those of today."""
    from zhengxiao.config.cli.output import READ_ONLY_HINT
    from zhengxiao.kernel.proof.api import standing_note

    found = None if waiting else standing_note(at=datetime.now(UTC), starting=True)
    return [found.text, READ_ONLY_HINT] if found else []

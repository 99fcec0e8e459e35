"""`zx backup` and `zx restore`: database, files and keys of a running installation in one folder, and back again."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from zhengxiao.config.cli.backup_parts import (
    MANIFEST,
    Part,
    copy_files,
    copy_keys,
    flushed,
    manifest_is_as_written,
    opened_parts,
    parts_in,
    seal_parts,
    unpacked,
    write_sums,
)
from zhengxiao.config.cli.clusters import require_moment
from zhengxiao.config.cli.output import COULD_NOT, FINDING, database_command, django_command, emit
from zhengxiao.config.cli.running import moment_of
from zhengxiao.lib.refusals import Refusal

FORMAT = 1


class BackupExists(Refusal):
    template = "{folder} 已经存在。请换一个名字；备份从不覆盖。"


class NotEmpty(Refusal):
    template = (
        "{what} 不是空的，没有恢复。请换一个空的 ZX_HOME 和数据库；或加 --force，原有内容会先移到一旁。"
    )


class BackupUnfit(Refusal):
    template = "{why}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `tables` are row counts of the moment of the snapshot."""

    format: int
    product: str
    at: str
    database: str
    migrations: dict[str, str]
    tables: dict[str, int]
    files: dict[str, int]
    parts: list[Part]
    sealed: str = ""
    """The cipher that every part is sealed with; nothing without a key."""
    base: bool = False
    """The files of a whole PostgreSQL cluster instead of a copy of the database."""


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--without-keys", is_flag=True, help="Leave secret key and keys out; keep them elsewhere.")
@click.option(
    "--base", is_flag=True, help="PostgreSQL: the whole cluster, for recovery to a moment (zx archive)."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def backup_command(folder: Path, without_keys: bool, base: bool, as_json: bool) -> None:
    """Write a whole backup of the running installation into FOLDER, which must not exist yet.

    Exit 1 when files named in the database are missing or damaged: the backup is there, the installation is not whole.
    """
    manifest = backup(folder, with_keys=not without_keys, base=base, at=datetime.now(UTC))
    size = sum(part.size for part in manifest.parts)
    text = (
        f"已备份到 {folder}：{len(manifest.parts)} 个部分，{size:,} 字节，{manifest.files['stored']} 个文件"
    )
    wrong = manifest.files["missing"] + manifest.files["damaged"]
    if wrong:
        text += f"\n文件缺失 {manifest.files['missing']} 个，损坏 {manifest.files['damaged']} 个"
    emit({"folder": folder, **asdict(manifest)}, as_json=as_json, text=text)
    if wrong:
        sys.exit(FINDING)


def backup(folder: Path, *, with_keys: bool, base: bool = False, at: datetime) -> Manifest:
    """The backup under a temporary name beside `folder`, renamed when everything is on the disk.

    With ZX_ARCHIVE_KEY every part is sealed; what it holds stands unsealed under the temporary name until then.

    The database comes first: files are only ever added, so each file the snapshot names is there afterwards.
    """
    from django.conf import settings

    from zhengxiao import __version__
    from zhengxiao.config.cli.archiving import archive_key
    from zhengxiao.config.cli.backup_databases import vendor_of_database
    from zhengxiao.config.cli.clusters import base_backup

    key = archive_key()
    folder = folder.resolve()
    if folder.exists():
        raise BackupExists(folder=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.with_name(f"{folder.name}.partial-{os.getpid()}")
    partial.mkdir(mode=0o700)
    try:
        vendor = vendor_of_database()
        snapshot = base_backup(partial) if base else vendor.dump(partial)
        files = copy_files(Path(settings.MEDIA_ROOT), partial / "files.tar", snapshot.digests)
        if with_keys:
            copy_keys(settings.HOME, partial / "keys.tar")
        if key is not None:
            seal_parts(partial, key)
        manifest = Manifest(
            format=FORMAT,
            product=__version__,
            at=at.isoformat(),
            database=vendor.name,
            migrations=snapshot.migrations,
            tables=snapshot.tables,
            files=files,
            parts=parts_in(partial),
            sealed=key.cipher if key else "",
            base=base,
        )
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        (partial / MANIFEST).write_text(text + "\n", encoding="utf-8")
        write_sums(partial, manifest.parts)
        flushed(partial)
        partial.rename(folder)
        flushed(folder.parent, deep=False)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return manifest


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
        words = f"已备好 {cluster}，日志 {pieces} 段；用它启动 PostgreSQL 即恢复到 {to or '日志末尾'}，然后运行 zx verify"
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
    emit(result, as_json=as_json, text="\n".join(lines))
    if found["differing"]:
        sys.exit(COULD_NOT)
    if found["open"]:
        sys.exit(FINDING)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a whole and unchanged backup. Raises BackupUnfit naming the part that is not as written."""
    path = folder / MANIFEST
    if not path.is_file():
        raise BackupUnfit(why=f"{folder} 里没有 {MANIFEST}：不是完整的备份。")
    if not manifest_is_as_written(folder):
        raise BackupUnfit(why=f"{path} 与校验值不一致，备份已损坏。")
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest(**{**data, "parts": [Part(**part) for part in data["parts"]]})
    except (ValueError, TypeError, KeyError):
        raise BackupUnfit(why=f"{path} 无法读取，备份已损坏。") from None
    if manifest.format != FORMAT:
        raise BackupUnfit(why=f"备份格式为 {manifest.format}，本版本只能恢复格式 {FORMAT}。")
    there = {part.name: part for part in parts_in(folder)}
    for part in manifest.parts:
        if there.get(part.name) != part:
            raise BackupUnfit(why=f"{part.name} 与清单不一致，备份已损坏，没有恢复任何内容。")
    return manifest


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
    return {"tables": there, "differing": differing, "open": open_migrations()}

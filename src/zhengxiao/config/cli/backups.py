"""`zx backup`: database, files and keys of a running installation in one folder, and the manifest that says so."""

from __future__ import annotations

import json
import os
import shutil
import sys
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
    parts_in,
    seal_parts,
    write_sums,
)
from zhengxiao.config.cli.output import FINDING, database_command, emit
from zhengxiao.lib.refusals import Refusal

FORMAT = 1


class BackupExists(Refusal):
    template = "{folder} 已经存在。请换一个名字；备份从不覆盖。"


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

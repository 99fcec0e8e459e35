"""`zx archive` and `zx archive-key`: the log of PostgreSQL kept for recovery to a second, sealed, away from the database.

PostgreSQL copies each finished piece of its log into a spool; `zx archive` seals what is there into ZX_WAL_ARCHIVE and
empties the spool. So the account of the database needs neither the key nor this program.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from pathlib import Path

import click

from zhengxiao.config.cli.output import COULD_NOT, emit
from zhengxiao.config.settings import environ
from zhengxiao.lib.refusals import Refusal
from zhengxiao.lib.sealed_streams import CIPHERS, Key, seal, unseal

PIECE = re.compile(r"[0-9A-F]{24}(\.[0-9A-F]{8}\.backup)?|[0-9A-F]{8}\.history")
"""Names that PostgreSQL gives to what it archives."""
SEALED = ".sealed"


class ArchiveNotNamed(Refusal):
    template = "没有设置 ZX_WAL_ARCHIVE：请指明日志归档文件夹。"


class PieceDiffers(Refusal):
    template = "归档中已有 {name}，内容不同。两个数据库写入了同一归档，或归档被改动；没有覆盖。"


class KeyExists(Refusal):
    template = "{path} 已经存在，没有覆盖：丢失的密钥打不开旧备份。"


def archive_key() -> Key | None:
    """The key that backups and the log are sealed with; None when there is none. Raises ArchiveKeyUnfit."""
    line = environ.text("ZX_ARCHIVE_KEY")
    return Key.parse(line) if line.strip() else None


def archive_folder() -> Path:
    folder = environ.text("ZX_WAL_ARCHIVE")
    if not folder:
        raise ArchiveNotNamed
    return Path(folder)


@click.command("archive-key")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--cipher", type=click.Choice(sorted(CIPHERS)), default="aes-256", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def archive_key_command(path: Path, cipher: str, as_json: bool) -> None:
    """Write a new key for backups and log to PATH. Keep a copy where the backups are not."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        click.echo(KeyExists(path=path).text, err=True)
        sys.exit(COULD_NOT)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(Key.made(cipher).line() + "\n")
    emit({"path": str(path), "cipher": cipher}, as_json=as_json, text=f"{path}（{cipher}）：请另存一份")


@click.command("archive")
@click.argument("spool", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def archive_command(spool: Path, as_json: bool) -> None:
    """Move finished pieces of PostgreSQL's log from SPOOL into ZX_WAL_ARCHIVE, sealed when there is a key."""
    try:
        folder, key = archive_folder(), archive_key()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        names = sorted(path.name for path in spool.iterdir() if PIECE.fullmatch(path.name))
        for name in names:
            keep(spool / name, folder, key)
            (spool / name).unlink()
    except Refusal as refusal:
        click.echo(refusal.text, err=True)
        sys.exit(COULD_NOT)
    emit({"kept": names, "sealed": key is not None}, as_json=as_json, text=f"已归档 {len(names)} 段日志")


def keep(piece: Path, folder: Path, key: Key | None) -> None:
    """One piece in the archive and on the disk before it leaves the spool. Raises PieceDiffers, ArchiveBroken."""
    target = folder / (piece.name + (SEALED if key else ""))
    if target.exists():
        there = io.BytesIO()
        _copy_out(target, there, key)
        if there.getvalue() != piece.read_bytes():
            raise PieceDiffers(name=piece.name)
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    with piece.open("rb") as source, partial.open("xb") as stream:
        if key:
            seal(key, source, stream)
        else:
            shutil.copyfileobj(source, stream)
        stream.flush()
        os.fsync(stream.fileno())
    partial.rename(target)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy_out(kept: Path, target: io.BytesIO | io.BufferedWriter, key: Key | None) -> None:
    with kept.open("rb") as source:
        if kept.name.endswith(SEALED):
            unseal(key or Key.made("aes-256"), source, target, name=kept.name)
        else:
            shutil.copyfileobj(source, target)


def lay_out(folder: Path, into: Path, key: Key | None) -> int:
    """Every kept piece, opened, in `into`: what a recovering database reads; the number. Raises ArchiveBroken."""
    into.mkdir(mode=0o700)
    number = 0
    for kept in sorted(folder.iterdir()):
        name = kept.name.removesuffix(SEALED)
        if PIECE.fullmatch(name):
            with (into / name).open("xb") as target:
                _copy_out(kept, target, key)
            number += 1
    return number

"""Verbs: take a file in, give it back."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from zhengxiao.kernel.files.facts import FILE
from zhengxiao.kernel.files.models import Scan, StoredFile
from zhengxiao.kernel.files.rules import (
    DOCUMENTS,
    MAX_BYTES,
    FileEmpty,
    FileKind,
    FileRefused,
    FileTooLarge,
    check_head,
    kind_of,
    refusal_of,
    safe_name,
)
from zhengxiao.kernel.jobs.api import enqueue
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.containers import ZipFault
from zhengxiao.lib.files_in import FileLimits, look_through
from zhengxiao.lib.personal_numbers import covered
from zhengxiao.lib.refusals import gettext_noop

_CHUNK = 1 << 18


SCAN_JOB = "files.scan"


class FileDamaged(FileRefused):
    template = gettext_noop("文件“{name}”的内容与入库时不一致，已停止提供。")


@dataclass(frozen=True, slots=True)
class Taken:
    """A file whose content was looked through and lies in its place; no row names it yet."""

    digest: str
    size: int
    media_type: str
    name: str


def file_take(
    *, stream: IO[bytes], name: str, allowed: tuple[str, ...] = DOCUMENTS, max_bytes: int = MAX_BYTES
) -> Taken:
    """Take the content in, once per content, outside any transaction: looking a file through takes a while.

    Size, ending and first bytes are checked on the way in, then a limited child process looks the file through
    (`file_inspect`); nothing is kept of what is refused. Numbers of persons in its name are covered. Raises
    FileTooLarge, FileEmpty, FileKindRefused, FileContentMismatch, FileUnreadable, FileLocked, FileTooManyPages,
    FileTooManyPixels, FileInflates, FileSuspicious, FileActive, FileTooSlow.
    """
    kind = kind_of(name, allowed)
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".incoming-", dir=root)
    place = Path(temporary)
    try:
        with os.fdopen(descriptor, "wb") as target:
            digest, size = _receive(stream, target, kind, max_bytes)
        file_inspect(place, kind)
        final = path_of(digest)
        if not final.exists():
            final.parent.mkdir(parents=True, exist_ok=True)
            place.replace(final)
    finally:
        place.unlink(missing_ok=True)
    return Taken(digest, size, kind.media_type, covered(safe_name(name)))


def file_keep(
    *,
    taken: Taken,
    actor: Actor,
    at: datetime,
    subject_kind: str = "",
    subject_id: int | None = None,
    label: str = "",
) -> StoredFile:
    """The row of a file taken in, and with a scanner configured the job that asks it; one transaction."""
    with transaction.atomic():
        file = StoredFile.objects.create(
            digest=taken.digest,
            size=taken.size,
            media_type=taken.media_type,
            original_name=taken.name,
            label=covered(label[:120]),
            subject_kind=subject_kind,
            subject_id=subject_id,
            uploaded_by_id=actor.user_id,
            uploaded_at=at,
            scan=Scan.WAITING if settings.ZX_SCAN_COMMAND else Scan.UNSCANNED,
        )
        record(
            fact="files.stored",
            subject=Subject(FILE, file.pk),
            actor=actor,
            at=at,
            data={"media_type": file.media_type, "size": file.size},
            rows=[file],
        )
        if settings.ZX_SCAN_COMMAND:
            enqueue(name=SCAN_JOB, args={"file": file.pk}, at=at, actor=actor)
    return file


def file_store(
    *,
    stream: IO[bytes],
    name: str,
    actor: Actor,
    at: datetime,
    subject_kind: str = "",
    subject_id: int | None = None,
    label: str = "",
    allowed: tuple[str, ...] = DOCUMENTS,
    max_bytes: int = MAX_BYTES,
) -> StoredFile:
    """`file_take` and `file_keep` in one, for callers that hold no transaction. Raises what `file_take` raises."""
    taken = file_take(stream=stream, name=name, allowed=allowed, max_bytes=max_bytes)
    return file_keep(
        taken=taken, actor=actor, at=at, subject_kind=subject_kind, subject_id=subject_id, label=label
    )


def path_of(digest: str) -> Path:
    """Where the content of that digest lies; the name comes from the digest alone."""
    if len(digest) != 64 or not all(sign in "0123456789abcdef" for sign in digest):
        raise ValueError("not a digest")
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest[2:4] / digest


def file_path(file: StoredFile) -> Path:
    """The place of a stored file's content, for readers that need a path."""
    return path_of(file.digest)


def file_verify(file: StoredFile) -> None:
    """Raises FileDamaged when the content is missing or no longer what was stored."""
    try:
        with path_of(file.digest).open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == file.digest
    except OSError as error:
        raise FileDamaged(name=file.original_name) from error
    if not same:
        raise FileDamaged(name=file.original_name)


def _receive(stream: IO[bytes], target: IO[bytes], kind: FileKind, max_bytes: int) -> tuple[str, int]:
    summary, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        if size == 0:
            check_head(kind, chunk[:8192])
        size += len(chunk)
        if size > max_bytes:
            raise FileTooLarge(limit_mb=max_bytes >> 20)
        summary.update(chunk)
        target.write(chunk)
    if size == 0:
        raise FileEmpty
    # What is acknowledged must be on the disk.
    target.flush()
    os.fsync(target.fileno())
    return summary.hexdigest(), size


def file_limits() -> FileLimits:
    """What one file may cost here: settings ZX_FILE_PAGES, ZX_FILE_PIXELS."""
    return FileLimits(max_pages=settings.ZX_FILE_PAGES, max_pixels=settings.ZX_FILE_PIXELS)


def file_inspect(place: Path, kind: FileKind) -> Mapping[str, Any]:
    """What the file holds (pages, pixels, entries), found in a child process. Raises a FileRefused in words."""
    try:
        return look_through(place, kind.shape, file_limits())
    except ZipFault as fault:
        raise refusal_of(fault, kind.suffix) from fault

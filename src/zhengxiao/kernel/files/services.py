"""Verbs: take a file in, give it back."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from zhengxiao.kernel.files.models import StoredFile
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
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.containers import ZipFault
from zhengxiao.lib.files_in import FileLimits, look_through
from zhengxiao.lib.refusals import gettext_noop

_CHUNK = 1 << 18


class FileDamaged(FileRefused):
    template = gettext_noop("文件“{name}”的内容与入库时不一致，已停止提供。")


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
    """Store what `stream` gives, once per content, and return its row.

    Size, ending and first bytes are checked on the way in, then a limited child process looks the file through
    (`file_inspect`); nothing is kept of what is refused. Raises FileTooLarge, FileEmpty, FileKindRefused,
    FileContentMismatch, FileUnreadable, FileLocked, FileTooManyPages, FileTooManyPixels, FileInflates,
    FileSuspicious, FileActive, FileTooSlow.
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
    return StoredFile.objects.create(
        digest=digest,
        size=size,
        media_type=kind.media_type,
        original_name=safe_name(name),
        label=label[:120],
        subject_kind=subject_kind,
        subject_id=subject_id,
        uploaded_by_id=actor.user_id,
        uploaded_at=at,
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

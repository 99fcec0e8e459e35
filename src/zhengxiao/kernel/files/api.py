"""The face of the files package; other packages import only this."""

from __future__ import annotations

from zhengxiao.kernel.files.downloads import file_answer
from zhengxiao.kernel.files.models import StoredFile
from zhengxiao.kernel.files.rules import (
    DOCUMENTS,
    FEEDS,
    FileContentMismatch,
    FileEmpty,
    FileKindRefused,
    FileRefused,
    FileTooLarge,
    safe_name,
)
from zhengxiao.kernel.files.services import FileDamaged, file_path, file_store, file_verify

__all__ = [
    "DOCUMENTS",
    "FEEDS",
    "FileContentMismatch",
    "FileDamaged",
    "FileEmpty",
    "FileKindRefused",
    "FileRefused",
    "FileTooLarge",
    "StoredFile",
    "file_answer",
    "file_path",
    "file_store",
    "file_verify",
    "safe_name",
]

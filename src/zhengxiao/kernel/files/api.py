"""The face of the files package; other packages import only this."""

from __future__ import annotations

from zhengxiao.kernel.files.downloads import file_answer
from zhengxiao.kernel.files.models import StoredFile
from zhengxiao.kernel.files.rules import (
    DOCUMENTS,
    FEEDS,
    MAX_BYTES,
    FileActive,
    FileContentMismatch,
    FileEmpty,
    FileInflates,
    FileKindRefused,
    FileLocked,
    FileRefused,
    FileSuspicious,
    FileTooLarge,
    FileTooManyPages,
    FileTooManyPixels,
    FileTooSlow,
    FileUnreadable,
    safe_name,
)
from zhengxiao.kernel.files.services import FileDamaged, file_inspect, file_path, file_store, file_verify

__all__ = [
    "DOCUMENTS",
    "FEEDS",
    "MAX_BYTES",
    "FileActive",
    "FileContentMismatch",
    "FileDamaged",
    "FileEmpty",
    "FileInflates",
    "FileKindRefused",
    "FileLocked",
    "FileRefused",
    "FileSuspicious",
    "FileTooLarge",
    "FileTooManyPages",
    "FileTooManyPixels",
    "FileTooSlow",
    "FileUnreadable",
    "StoredFile",
    "file_answer",
    "file_inspect",
    "file_path",
    "file_store",
    "file_verify",
    "safe_name",
]

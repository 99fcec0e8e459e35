"""The one way a stored file leaves the house. A view calls this after its own scope check."""

from __future__ import annotations

from django.http import FileResponse, HttpResponseBase

from zhengxiao.kernel.files.models import StoredFile
from zhengxiao.kernel.files.scanning import require_released
from zhengxiao.kernel.files.services import file_verify, path_of


def file_answer(file: StoredFile) -> HttpResponseBase:
    """The file as an attachment that no browser opens or sniffs in place. Raises FileHeld,
    FileNotClean, FileDamaged.

    Not guarded: the calling view decides who may have it.
    """
    require_released(file)
    file_verify(file)
    answer = FileResponse(
        path_of(file.digest).open("rb"),
        as_attachment=True,
        filename=file.original_name,
        content_type=file.media_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer

"""The face of notices: what other packages may import."""

from __future__ import annotations

from zhengxiao.kernel.notices.models import Notice
from zhengxiao.kernel.notices.queries import notices_for, recipients_of, unread_count, unread_for
from zhengxiao.kernel.notices.rules import Level
from zhengxiao.kernel.notices.services import NoticeNotFound, notice_read, notice_read_all, notices_tell
from zhengxiao.kernel.notices.subjects import About, register_subject

__all__ = [
    "About",
    "Level",
    "Notice",
    "NoticeNotFound",
    "notice_read",
    "notice_read_all",
    "notices_for",
    "notices_tell",
    "recipients_of",
    "register_subject",
    "unread_count",
    "unread_for",
]

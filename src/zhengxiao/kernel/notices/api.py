"""The face of notices: what other packages may import."""

from __future__ import annotations

from zhengxiao.kernel.notices.models import Notice
from zhengxiao.kernel.notices.queries import notices_for, recipients_of, unread_count, unread_for
from zhengxiao.kernel.notices.rules import OWNER, Ladder, Level, Reach, Seat
from zhengxiao.kernel.notices.services import NoticeNotFound, notice_read, notice_read_all, notices_tell
from zhengxiao.kernel.notices.subjects import About, about, about_many, register_subject

__all__ = [
    "OWNER",
    "About",
    "Ladder",
    "Level",
    "Notice",
    "NoticeNotFound",
    "Reach",
    "Seat",
    "about",
    "about_many",
    "notice_read",
    "notice_read_all",
    "notices_for",
    "notices_tell",
    "recipients_of",
    "register_subject",
    "unread_count",
    "unread_for",
]

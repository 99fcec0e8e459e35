"""Setting SESSION_ENGINE: sessions in the database that know their user. A deleted row is a session that ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

DOOR = "door"
"""Key of what a session knows of its sign-in: how, when, from where, and what was proven since."""


class SessionStore(DatabaseStore):
    """As Django's own; the columns beside the data are filled from it at every save."""

    @classmethod
    def get_model_class(cls) -> Any:
        from zhengxiao.kernel.signin.models import Session  # noqa: PLC0415 - loaded before the apps are

        return Session

    def create_model_instance(self, data: Any) -> Any:
        row: Any = super().create_model_instance(data)
        door = data.get(DOOR) or {}
        user_id = data.get(SESSION_KEY)
        row.user_id = int(user_id) if user_id else None
        row.started_at = _moment(door.get("started"))
        row.seen_at = _moment(door.get("seen"))
        row.address = str(door.get("address", ""))[:64]
        row.browser = str(door.get("browser", ""))[:200]
        return row


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

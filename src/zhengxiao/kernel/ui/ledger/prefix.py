"""Search by the beginning of a text, so that an index answers it on every database."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q

LAST = "\U0010ffff"
"""No text with the same beginning comes after beginning + LAST."""


def begins_with(field: str, text: str) -> Q:
    """Rows whose `field` begins with `text`, case as written.

    PostgreSQL: LIKE, which an index with varchar_pattern_ops answers in every collation. SQLite folds case in LIKE and
    then reads no index; its order is that of bytes, so the beginning is also a range.
    """
    found = Q(**{f"{field}__startswith": text})
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": text, f"{field}__lt": text + LAST}) & found
    return found

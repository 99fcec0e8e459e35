"""Pages by signed cursors over a stable order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet

from zhengxiao.surfaces.openapi.problems import BadCursor

SALT = "openapi.cursor"
MOST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page belongs to: the client and the conditions. A cursor of another question is refused."""

    client_id: int
    conditions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        plain = json.dumps([self.client_id, dict(self.conditions)], sort_keys=True, default=str)
        return hashlib.sha256(plain.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the cursor of what follows (None at the end). `kept` travels from page to page."""

    rows: list[Any]
    next_cursor: str | None


def kept_in(cursor: str | None, asked: Asked) -> dict[str, Any]:
    """What the first page put into its cursors. Raises BadCursor."""
    return _opened(cursor, asked)["k"] if cursor else {}


def paged(
    rows: QuerySet[Any],
    *,
    keys: Sequence[str],
    cursor: str | None,
    limit: int,
    asked: Asked,
    kept: Mapping[str, Any] | None = None,
) -> Page:
    """One page in the order of `keys`, the last of them unique, none of them null or ever changed. Raises BadCursor."""
    if cursor:
        rows = rows.filter(_after(keys, _opened(cursor, asked)["v"]))
    found = list(rows.order_by(*keys)[: limit + 1])
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    values = [_plain(getattr(last, key.lstrip("-"))) for key in keys]
    token = signing.dumps({"m": asked.mark, "v": values, "k": dict(kept or {})}, salt=SALT, compress=True)
    return Page(found[:limit], token)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _after(keys: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows behind the given one."""
    found = Q()
    same = Q()
    for key, value in zip(keys, values, strict=True):
        name, way = key.lstrip("-"), "lt" if key.startswith("-") else "gt"
        found |= same & Q(**{f"{name}__{way}": value})
        same &= Q(**{name: value})
    return found


def _opened(cursor: str, asked: Asked) -> dict[str, Any]:
    try:
        held = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise BadCursor(field="cursor") from error
    if held["m"] != asked.mark:
        raise BadCursor(field="cursor")
    return dict(held)

"""What one client may ask for: how often, how large, how deep. Buckets are per process (see docs/api.md)."""

from __future__ import annotations

import json
import math
import re
import time
from threading import Lock
from typing import Any

from zhengxiao.surfaces.openapi.problems import BadJson, TooManyRequests

JSON_BYTES = 1 << 20
JSON_DEPTH = 20
# An unfinished string reaches to the end: one pass, whatever is sent.
_STRINGS = re.compile(rb'"(?:[^"\\]+|\\.)*+(?:"|\\?\Z)', re.DOTALL)


class Buckets:
    """Token buckets by client: `rate` a second, `burst` at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[int, tuple[float, float]] = {}

    def take(self, client_id: int, rate: int, now: float | None = None) -> None:
        """One request. Raises TooManyRequests with the seconds until the next is free; `now` in seconds, monotonic."""
        moment = time.monotonic() if now is None else now
        burst = float(rate * 2)
        with self._lock:
            left, since = self._held.get(client_id, (burst, moment))
            left = min(burst, left + max(0.0, moment - since) * rate)
            free = left >= 1
            self._held[client_id] = (left - 1 if free else left, moment)
        if not free:
            raise TooManyRequests(seconds=max(1, math.ceil((1 - left) / rate)))

    def clear(self) -> None:
        with self._lock:
            self._held.clear()


BUCKETS = Buckets()


def json_value(body: bytes) -> Any:
    """The JSON value of a body. Raises BadJson: not UTF-8 JSON, too deep, a name twice, NaN, U+0000, half a character."""
    depth = 0
    for sign in _STRINGS.sub(b"", body):
        if sign in b"[{":
            depth += 1
            if depth > JSON_DEPTH:
                raise BadJson(why=f"> {JSON_DEPTH}")
        elif sign in b"]}":
            depth -= 1
    try:
        value = json.loads(body.decode(), object_pairs_hook=_pairs, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise BadJson(why=type(error).__name__) from error
    _look_at(value)
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        raise BadJson(field=next(name for name in names if names.count(name) > 1), why="duplicate name")
    return found


def _constant(name: str) -> Any:
    raise BadJson(why=name)


def _look_at(value: Any) -> None:
    if isinstance(value, str):
        if not storable(value):
            raise BadJson(why="U+0000")
    elif isinstance(value, dict):
        for name, held in value.items():
            _look_at(name)
            _look_at(held)
    elif isinstance(value, list):
        for held in value:
            _look_at(held)


def storable(text: str) -> bool:
    """Whether every database can hold the text: no U+0000, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)

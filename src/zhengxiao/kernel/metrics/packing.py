"""The ids behind a published figure: compressed canonical JSON and the digest that proves it unchanged."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping

from zhengxiao.kernel.metrics.rules import Part
from zhengxiao.lib.hashing import canonical_json


class IdsAltered(RuntimeError):
    """The stored ids no longer match the digest they were published with."""


def pack_ids(ids: Mapping[Part, Iterable[int]]) -> tuple[bytes, str]:
    """(packed, SHA-256 in hex of the canonical JSON); ids are sorted: equal sets give equal digests."""
    plain = canonical_json({part.value: sorted(ids.get(part, ())) for part in Part})
    return zlib.compress(plain, level=6), hashlib.sha256(plain).hexdigest()


def unpack_ids(packed: bytes, digest: str) -> dict[Part, list[int]]:
    """The ids again. Raises IdsAltered when they are not what was published."""
    plain = zlib.decompress(packed)
    if hashlib.sha256(plain).hexdigest() != digest:
        raise IdsAltered("the ids behind a published figure were altered")
    return {Part(name): ids for name, ids in json.loads(plain).items()}

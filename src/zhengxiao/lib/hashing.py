"""One spelling of a record and its hashes: canonical JSON (RFC 8785), Merkle leaves and nodes (RFC 6962).

A stand-alone verifier in any language must reach the same bytes, so values whose spelling differs between
languages (NaN, naive moments, whole numbers beyond 2**53, unknown types) are refused instead of guessed.
"""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Literal

Algorithm = Literal["sha256", "sm3"]

DIGEST_BYTES = 32
LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
_LARGEST_WHOLE = 2**53 - 1


class NotCanonical(ValueError):
    """The value has no single spelling; a mistake of the program that hands it over, not of a person."""


def canonical_json(value: Any) -> bytes:
    """The one spelling of `value` as UTF-8 JSON: keys sorted by UTF-16 units, no spaces, ECMAScript numbers.

    Aware datetimes become UTC text with microseconds and `Z`, dates ISO text, Decimals text with their own
    scale. Raises NotCanonical for NaN, infinities, naive datetimes, keys that are not text, lone surrogates
    and every other type.
    """
    try:
        return _spell(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("text holds a lone surrogate") from error


def leaf_hash(payload: bytes, algorithm: Algorithm = "sha256") -> bytes:
    """The 32-byte hash of one record: H(0x00 || payload)."""
    if algorithm == "sha256":
        return hashlib.sha256(LEAF_PREFIX + payload).digest()
    return digest(LEAF_PREFIX + payload, algorithm)


def node_hash(left: bytes, right: bytes, algorithm: Algorithm = "sha256") -> bytes:
    """The 32-byte hash of an inner node, H(0x01 || left || right); ValueError if a child is not 32 bytes."""
    if len(left) != DIGEST_BYTES or len(right) != DIGEST_BYTES:
        raise ValueError("a node joins two digests of 32 bytes")
    return digest(NODE_PREFIX + left + right, algorithm)


def digest(data: bytes, algorithm: str) -> bytes:
    """The 32-byte hash of `data`; ValueError for another algorithm than sha256 and sm3 (GB/T 32905-2016)."""
    if algorithm == "sha256":
        return hashlib.sha256(data).digest()
    if algorithm != "sm3":
        raise ValueError(f"no hash named {algorithm!r}; sha256 and sm3 are known")
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", data).digest()
    return _sm3_without_openssl_name(data)


def _sm3_without_openssl_name(data: bytes) -> bytes:
    """SM3 where the interpreter's own OpenSSL was built without it."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - slow to load, rarely needed

    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


def _spell(value: Any) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _spell_whole(value)
    if isinstance(value, dict):
        return _spell_object(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([_spell(part) for part in value]) + "]"
    if isinstance(value, float):
        return _spell_float(value)
    return encode_basestring(_text(value))


def _spell_object(value: dict[Any, Any]) -> str:
    try:
        ascii_only = "".join(value).isascii()
    except TypeError:
        key = next(key for key in value if not isinstance(key, str))
        raise NotCanonical(f"a key must be text, not {type(key).__name__}") from None
    # RFC 8785 sorts by UTF-16 code units; that is code-point order for ASCII, not for every key.
    keys = sorted(value) if ascii_only else sorted(value, key=lambda key: key.encode("utf-16-be"))
    parts = []
    for key in keys:
        part = value[key]
        spelled = encode_basestring(part) if type(part) is str else _spell(part)
        parts.append(f"{encode_basestring(key)}:{spelled}")
    return "{" + ",".join(parts) + "}"


def _spell_whole(value: int) -> str:
    if not -_LARGEST_WHOLE <= value <= _LARGEST_WHOLE:
        raise NotCanonical("a whole number beyond 2**53 is not exact in JSON; write it as text")
    return int.__repr__(value)


def _spell_float(value: float) -> str:
    """The shortest digits that read back as `value`, laid out as ECMAScript does (1.0 → 1, 1e-07 → 1e-7)."""
    if not math.isfinite(value):
        raise NotCanonical("NaN and infinities have no spelling in JSON")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    parts = Decimal(repr(abs(value))).normalize().as_tuple()
    digits = "".join(map(str, parts.digits))
    point = len(digits) + int(parts.exponent)  # the decimal point stands after this many digits
    if 0 < point <= 21:
        whole, rest = digits[:point].ljust(point, "0"), digits[point:]
        return sign + whole + ("." + rest if rest else "")
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{point - 1:+d}"


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise NotCanonical("a moment without a zone is not a moment")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise NotCanonical("NaN and infinities have no spelling in JSON")
        return format(value, "f")
    raise NotCanonical(f"{type(value).__name__} has no canonical spelling")

"""What is sent and when: event, signature, waits. No Django.

Events are CloudEvents 1.0 in structured JSON; the signature is that of Standard Webhooks: HMAC over id.timestamp.body.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

SECRET_PREFIX = "whsec_"  # noqa: S105 - how Standard Webhooks marks a secret
SECRET_BYTES = 32
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(hours=24)
DISABLE_AFTER = timedelta(days=5)
OVERLAP = timedelta(hours=24)
"""How long the secret before signs along after a rotation."""
CIRCUIT = 5
"""Failures in a row after which a target is only probed, one message at a time."""
KEPT = timedelta(days=90)


class Algorithm(StrEnum):
    SHA256 = "sha256"
    SM3 = "sm3"


SCHEMES = {Algorithm.SHA256: "v1", Algorithm.SM3: "v1sm3"}


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact as receivers hear of it: names and links, nothing about people."""

    entry_id: int
    fact: str
    kind: str
    name: str
    address: str
    at: datetime
    recorded_at: datetime


def event_id(entry_id: int) -> str:
    """The same for every try, every target and every re-send."""
    return f"evt_{entry_id}"


def event_body(happened: Happened, *, origin: str) -> bytes:
    """The bytes that are signed and sent; the same for every try."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id(happened.entry_id),
        "source": f"urn:zhengxiao:{origin}",
        "type": f"zhengxiao.{happened.fact}",
        "subject": f"{happened.kind}/{happened.name}",
        "time": _moment(happened.at),
        "datacontenttype": "application/json",
        "sequence": f"{happened.entry_id:020d}",
        "data": {
            "fact": happened.fact,
            "kind": happened.kind,
            "id": happened.name,
            "link": happened.address,
            "recorded_at": _moment(happened.recorded_at),
        },
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def signed_headers(
    *, entry_id: int, body: bytes, secrets: Sequence[str], algorithm: Algorithm, at: datetime
) -> Mapping[str, str]:
    """Headers of one try: the timestamp lies inside the signature; one signature for each secret in force."""
    stamp = str(int(at.timestamp()))
    message = event_id(entry_id)
    signatures = " ".join(
        f"{SCHEMES[algorithm]},{signature(message, stamp, body, secret, algorithm)}" for secret in secrets
    )
    return {
        "Content-Type": CONTENT_TYPE,
        "User-Agent": "zhengxiao-webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": signatures,
    }


def signature(message: str, stamp: str, body: bytes, secret: str, algorithm: Algorithm) -> str:
    """Base64 of the HMAC over id.timestamp.body."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message}.{stamp}.".encode() + body
    if algorithm is Algorithm.SM3:
        worker = HMAC(key, hashes.SM3())
        worker.update(signed)
        return base64.b64encode(worker.finalize()).decode()
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def secret_text(raw: bytes) -> str:
    return SECRET_PREFIX + base64.b64encode(raw).decode()


def wait_after(attempts: int, jitter: float) -> timedelta:
    """The rest after the `attempts`-th failure: doubled from ten seconds to four hours, ±20 % by `jitter` in [0, 1)."""
    doublings: int = min(max(attempts, 1) - 1, 20)
    plain = min(LONGEST_WAIT, FIRST_WAIT * float(2**doublings))
    return plain * (0.8 + 0.4 * jitter)


def is_given_up(first_tried_at: datetime, at: datetime) -> bool:
    """Whether the last day of trying is over."""
    return at - first_tried_at >= GIVE_UP_AFTER


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")

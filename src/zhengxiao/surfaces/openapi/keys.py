"""Each mutating call takes effect once: the key and the effect are one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse

from zhengxiao.kernel.database.api import Prepared, undone_as_a_whole
from zhengxiao.kernel.jobs.api import bulk_insert, row_maker
from zhengxiao.surfaces.openapi.models import ApiClient, IdempotencyKey
from zhengxiao.surfaces.openapi.problems import IdempotencyKeyMissing, KeyInFlight, KeyReused

KEPT = timedelta(hours=96)
"""How long an answer is kept; at least 72 hours are promised."""
PRUNED_AT_ONCE = 5000


_KNOWN = Prepared(
    lambda client, key: IdempotencyKey.objects.filter(client_id=client, key=key), client=int, key=str
)


class _Undone(Exception):
    """Carries a refusal's answer out of the transaction, so that nothing of it stays."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def key_of(request: HttpRequest) -> str:
    """The caller's key. Raises IdempotencyKeyMissing."""
    key = request.headers.get("Idempotency-Key", "")
    if not 1 <= len(key) <= 200 or not all("!" <= sign <= "~" for sign in key):
        raise IdempotencyKeyMissing(field="Idempotency-Key")
    return key


def once(
    *,
    client: ApiClient,
    request: HttpRequest,
    body_digest: str,
    run: Callable[[], HttpResponse],
    at: datetime,
    told_once: Sequence[str] = (),
) -> HttpResponse:
    """Run the call, or answer what was answered under this key. A refused call leaves no key and no effect.

    Members of the answer in `told_once` are secrets: what is kept, and so answered again, holds null in their place.

    Raises KeyReused (same key, other request) and KeyInFlight (another connection is at it).
    """
    key, target = key_of(request), f"{request.method} {request.get_full_path()}"
    digest = hashlib.sha256(f"{target}\n{body_digest}".encode()).hexdigest()
    try:
        with undone_as_a_whole():
            if not _claim(client.pk, key):
                raise KeyInFlight
            known = next(iter(_KNOWN(client=client.pk, key=key)), None)
            if known is not None:
                return _again(known, digest)
            response = run()
            if response.status_code >= 400:
                raise _Undone(response)
            kept = row_maker(IdempotencyKey)(
                client_id=client.pk,
                key=key,
                target=target[:300],
                digest=digest,
                status=response.status_code,
                body=_kept(response.content.decode(), told_once),
                created_at=at,
            )
            bulk_insert(IdempotencyKey, [kept])
            return response
    except _Undone as undone:
        return undone.response
    except IntegrityError as error:
        raise KeyInFlight from error  # the constraint is what holds on any database


def _kept(body: str, told_once: Sequence[str]) -> str:
    """The answer as it may lie in the database."""
    if not told_once:
        return body
    return json.dumps(json.loads(body) | dict.fromkeys(told_once), ensure_ascii=False)


def _again(known: IdempotencyKey, digest: str) -> HttpResponse:
    if known.digest != digest:
        raise KeyReused(field="Idempotency-Key")
    response = HttpResponse(known.body, status=known.status, content_type="application/json; charset=utf-8")
    response["Idempotency-Replayed"] = "true"
    return response


def _claim(client_id: int, key: str) -> bool:
    """Whether nobody else is at this key. SQLite has one writer at a time anyway; the lock ends with the transaction."""
    if connection.vendor != "postgresql":
        return True
    number = hashlib.sha256(f"openapi:{client_id}:{key}".encode()).digest()[:8]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(number, signed=True)])
        return bool(cursor.fetchone()[0])


def prune(at: datetime) -> int:
    """Forget answers older than KEPT, some at a time."""
    old = IdempotencyKey.objects.filter(created_at__lt=at - KEPT).order_by("created_at")
    found = list(old.values_list("pk", flat=True)[:PRUNED_AT_ONCE])
    return IdempotencyKey.objects.filter(pk__in=found).delete()[0]

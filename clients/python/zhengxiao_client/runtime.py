"""How calls travel: one small transport of the standard library, problems as exceptions, retries that are safe."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Transport = Callable[[str, str, Mapping[str, str], bytes | None], tuple[int, Mapping[str, str], bytes]]
"""(method, address, headers, body) → (status, headers, body)."""
CALL_AGAIN = frozenset({429, 503})


class ApiProblem(Exception):
    """A problem document (RFC 9457); `code` is stable, `detail` is for people."""

    def __init__(self, status: int, told: Mapping[str, Any], retry_after: int | None) -> None:
        self.status = status
        self.code = str(told.get("code", "Unknown"))
        self.detail = str(told.get("detail", ""))
        self.field: str | None = told.get("field")
        self.told = dict(told)
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code}: {self.detail}")


@dataclass(frozen=True, slots=True)
class UrllibTransport:
    """HTTP by the standard library; `timeout` in seconds."""

    timeout: float = 30.0

    def __call__(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        if not address.startswith(("https://", "http://")):
            raise ValueError("the address must begin with https:// or http://")
        request = urllib.request.Request(address, data=body, headers=dict(headers), method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()


class Caller:
    """Sends one operation. Calls with an effect carry a key, so repeating them after a lost answer is safe."""

    def __init__(
        self,
        base: str,
        token: str,
        *,
        transport: Transport | None = None,
        language: str = "zh-hans",
        tries: int = 5,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = base.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self._transport: Transport = transport or UrllibTransport()
        self._tries = max(1, tries)
        self._wait = wait

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json_body: Any = None,
        feed: bytes | None = None,
        idempotency_key: str | None = None,
        writes: bool = False,
        raw: bool = False,
    ) -> Any:
        """The decoded answer, or with `raw` its bytes. Waits and repeats when told to; raises ApiProblem for other refusals."""
        headers = dict(self._headers)
        if writes:
            headers["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())
        body = feed
        if feed is not None:
            headers["Content-Type"] = "application/octet-stream"
        elif json_body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(json_body, ensure_ascii=False).encode()
        address = f"{self._base}{path}{_query(query or {})}"
        for left in range(self._tries - 1, -1, -1):
            status, told, content = self._transport(method, address, headers, body)
            if status < 400:
                return content if raw else json.loads(content)
            problem = _problem(status, told, content)
            if not left or not (status in CALL_AGAIN or problem.code == "KeyInFlight"):
                raise problem
            self._wait(problem.retry_after or 1)
        raise AssertionError("unreachable")


def segment(value: object) -> str:
    """A value as one part of a path."""
    return urllib.parse.quote(str(value), safe="")


def _query(values: Mapping[str, Any]) -> str:
    given = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in values.items()
        if value is not None
    }
    return f"?{urllib.parse.urlencode(given)}" if given else ""


def _problem(status: int, headers: Mapping[str, str], content: bytes) -> ApiProblem:
    try:
        told = json.loads(content)
    except ValueError:
        told = {}
    after = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return ApiProblem(status, told if isinstance(told, dict) else {}, int(after) if after.isdigit() else None)

"""Receiving events of 政效: check the signature, take each event once. Standard library only.

event = verify(headers, body, ["whsec_…"], now=time.time())

inbox = Inbox("events.sqlite3")
inbox.take(headers, body, ["whsec_…"], now=time.time(), work=handle)

python -m zhengxiao_client.webhooks --secret whsec_… --port 8080      a receiver to try with
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

TOLERANCE = 300
"""Seconds a signature may be old or early: clocks differ, replays are short-lived."""
SCHEMES: Mapping[str, str] = {"v1": "sha256", "v1sm3": "sm3"}


class Refused(Exception):
    """The request is not from the platform, or not from now. Answer 401 and do nothing."""


def verify(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, now: float, tolerance: int = TOLERANCE
) -> dict[str, Any]:
    """The event, when its signature over id.timestamp.body is by one of the secrets and fresh. Raises Refused.

    `body` is what came over the wire, to the byte. Give two secrets while one is being changed for another.
    """
    told = {name.lower(): value for name, value in headers.items()}
    message, stamp = told.get("webhook-id", ""), told.get("webhook-timestamp", "")
    if not message or not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 12:
        raise Refused("id or timestamp missing")
    if abs(now - int(stamp)) > tolerance:
        raise Refused("too old or too early")
    signed = f"{message}.{stamp}.".encode() + body
    given = [part.partition(",") for part in told.get("webhook-signature", "").split(" ")]
    wanted = {
        (scheme, _mac(secret, signed, algorithm))
        for secret in secrets
        for scheme, algorithm in SCHEMES.items()
    }
    if not any(_same(scheme, text, wanted) for scheme, _comma, text in given):
        raise Refused("signature")
    try:
        event = json.loads(body)
    except ValueError as error:
        raise Refused("not JSON") from error
    if not isinstance(event, dict) or event.get("id") != message or event.get("specversion") != "1.0":
        raise Refused("not the event that was signed for")
    return event


def _mac(secret: str, signed: bytes, algorithm: str) -> bytes:
    """Empty when the secret is no key, or this Python has no SM3; an empty one never matches."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        return hmac.new(key, signed, algorithm).digest() if len(key) >= 16 else b""
    except (ValueError, binascii.Error):
        return b""


def _same(scheme: str, text: str, wanted: set[tuple[str, bytes]]) -> bool:
    try:
        given = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return False
    return any(
        name == scheme and len(mac) == hashlib.sha256().digest_size and hmac.compare_digest(mac, given)
        for name, mac in wanted
    )


class Inbox:
    """Takes each event once: its id and the work are one transaction of one database file.

    Deliveries come at least once, and in order for each `subject`. What comes a second time is answered well and not done
    again.
    """

    def __init__(self, path: str) -> None:
        self._lock = Lock()
        self.database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.database.execute("CREATE TABLE IF NOT EXISTS taken (id TEXT PRIMARY KEY, subject TEXT, at REAL)")

    def take(
        self,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[str],
        *,
        now: float,
        work: Callable[[sqlite3.Connection, dict[str, Any]], None],
    ) -> bool:
        """Do the work of a new event and say True; say False for one that was taken before. Raises Refused."""
        event = verify(headers, body, secrets, now=now)
        with self._lock:
            self.database.execute("BEGIN IMMEDIATE")
            try:
                done = self.database.execute(
                    "INSERT OR IGNORE INTO taken VALUES (?, ?, ?)", (event["id"], event.get("subject"), now)
                )
                if done.rowcount == 1:
                    work(self.database, event)
                self.database.execute("COMMIT")
            except BaseException:
                self.database.execute("ROLLBACK")
                raise
        return done.rowcount == 1


def serve(port: int, secrets: Sequence[str], path: str) -> ThreadingHTTPServer:
    """A receiver that prints each new event."""
    inbox = Inbox(path)

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 1 << 20))
            try:
                inbox.take(dict(self.headers), body, secrets, now=time.time(), work=_print)
            except Refused as refused:
                self.send_error(401, str(refused))
                return
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            return

    return ThreadingHTTPServer(("127.0.0.1", port), Receiver)


def _print(_database: sqlite3.Connection, event: dict[str, Any]) -> None:
    print(event["time"], event["type"], event["subject"], event["data"]["link"], flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Receive events of 政效 and print each once.")
    parser.add_argument(
        "--secret", action="append", required=True, help="whsec_…; twice while it is being changed"
    )
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--inbox", default="events.sqlite3", help="file that remembers what was taken")
    given = parser.parse_args()
    server = serve(given.port, given.secret, given.inbox)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

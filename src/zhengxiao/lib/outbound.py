"""One request to the outside that cannot be led inside.

The name is resolved once; every address it has must lie outside; the connection goes to one of exactly these addresses
while the certificate is checked for the name. Redirects are not followed, no proxy is asked, and the whole exchange has
one limit in time and one in bytes, however slowly the other side speaks.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Literal

from zhengxiao.lib.addresses import Target, TargetInside, inside_reason

SECONDS = 10.0
ANSWER_BYTES = 64 * 1024
Outcome = Literal["answered", "inside", "unresolved", "unreachable", "tls", "timeout", "broken"]
Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of it. `status` is None unless the other side answered; `beginning` is the first of its body."""

    outcome: Outcome
    milliseconds: int
    status: int | None = None
    beginning: bytes = b""
    address: str = ""
    headers: Mapping[str, str] | None = None


def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, by the machine's own resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to an address, never to a name."""
    return socket.create_connection((address, port), timeout=seconds)


@cache
def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def outside_addresses(target: Target, resolver: Resolve = resolve) -> Sequence[str]:
    """The addresses of the target, all of them outside. Raises TargetInside, OSError when the name has none."""
    found = resolver(target.host, target.port)
    if not found:
        raise socket.gaierror(f"{target.host} has no address")
    if not target.is_allowed and any(inside_reason(address) for address in found):
        raise TargetInside(field="url", host=target.host)
    return found


class _Fixed(http.client.HTTPConnection):
    """A connection whose socket is made beforehand."""

    def __init__(self, target: Target, sock: socket.socket, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.sock = sock

    def connect(self) -> None:
        raise http.client.NotConnected("the socket is gone; another one would have to be judged anew")


def post(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float = SECONDS,
    most: int = ANSWER_BYTES,
    resolver: Resolve = resolve,
    connector: Connect = connect,
    tls: ssl.SSLContext | None = None,
) -> Reply:
    """Send one POST. Never raises for what the other side does; the outcome tells."""
    began = time.monotonic()

    def reply(outcome: Outcome, **more: object) -> Reply:
        return Reply(outcome, int((time.monotonic() - began) * 1000), **more)  # type: ignore[arg-type]

    try:
        addresses = outside_addresses(target, resolver)
    except TargetInside:
        return reply("inside")
    except (OSError, UnicodeError):
        return reply("unresolved")
    sock, address = _connected(target, addresses, began + seconds, connector)
    if sock is None:
        return reply("unreachable")
    late = threading.Event()
    holder = [sock]
    timer = threading.Timer(max(0.0, began + seconds - time.monotonic()), _cut, (holder, late))
    timer.daemon = True
    timer.start()
    try:
        status, told, beginning = _exchange(target, holder, body, headers, seconds, most, tls)
        if late.is_set():  # what was cut off reads like an end
            return reply("timeout", address=address)
        return reply("answered", status=status, headers=told, beginning=beginning, address=address)
    except ssl.SSLError:
        return reply("timeout" if late.is_set() else "tls", address=address)
    except TimeoutError:
        return reply("timeout", address=address)
    except (OSError, http.client.HTTPException, ValueError):
        return reply("timeout" if late.is_set() else "broken", address=address)
    finally:
        timer.cancel()
        holder[0].close()


def _connected(
    target: Target, addresses: Sequence[str], until: float, connector: Connect
) -> tuple[socket.socket | None, str]:
    """The first of the judged addresses that takes a connection."""
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return connector(address, target.port, left), address
        except OSError:
            continue
    return None, ""


def _exchange(
    target: Target,
    holder: list[socket.socket],
    body: bytes,
    headers: Mapping[str, str],
    seconds: float,
    most: int,
    tls: ssl.SSLContext | None,
) -> tuple[int, dict[str, str], bytes]:
    if target.scheme == "https":
        holder[0] = (tls or _context()).wrap_socket(holder[0], server_hostname=target.host)
    connection = _Fixed(target, holder[0], seconds)
    told = {"Host": target.netloc, "Content-Length": str(len(body)), "Connection": "close", **headers}
    connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
    for name, value in told.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read(most)


def _cut(holder: list[socket.socket], late: threading.Event) -> None:
    """End an exchange that has had its time; whoever waits for the socket wakes."""
    late.set()
    with suppress(OSError):
        holder[0].shutdown(socket.SHUT_RDWR)

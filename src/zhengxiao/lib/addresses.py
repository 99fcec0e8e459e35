"""Where a server may be told to call: strict addresses, and IP addresses that are nobody's inside.

For whatever a person may type as a target (webhooks, links to check). A name is judged by its spelling here and by what
it resolves to in `outbound`; what an operator allows by name (`Allowed`) may lie inside.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from zhengxiao.lib.refusals import Refusal, gettext_noop

LONGEST = 500
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
NUMBER_LIKE = re.compile(r"[0-9]+|0x[0-9a-f]*")
USUAL_PORTS = frozenset({80, 443})
FIRST_FREE_PORT = 1024
GLOBAL_V6 = ipaddress.ip_network("2000::/3")
TUNNELS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",  # Teredo and other protocols, examples, 6to4
    )
)  # fmt: skip
INSIDES = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",  # the last: a provider's own metadata server
    )
)  # fmt: skip
"""Written out: what the standard library calls global differs between its releases."""
IP = ipaddress.IPv4Address | ipaddress.IPv6Address


class TargetMalformed(Refusal):
    template = gettext_noop("地址“{url}”不能作为推送目标：{why}。")


class TargetInside(Refusal):
    template = gettext_noop("“{host}”指向内部或保留地址，不能作为推送目标。")


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: what to resolve, where to connect, what to ask for. `is_allowed`: an operator named this host."""

    scheme: str
    host: str
    port: int
    path: str
    is_allowed: bool

    @property
    def netloc(self) -> str:
        """Host and port as the Host header says them."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == (443 if self.scheme == "https" else 80) else f"{shown}:{self.port}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts, with or without a port, that an operator allows to lie inside and to be called without TLS."""

    entries: frozenset[str] = frozenset()

    @classmethod
    def of(cls, words: Iterable[str]) -> Allowed:
        return cls(frozenset(word.strip().lower().rstrip(".") for word in words if word.strip()))

    def holds(self, host: str, port: int) -> bool:
        shown = f"[{host}]" if ":" in host else host
        return bool({shown, f"{shown}:{port}"} & self.entries)


def inside_reason(text: str) -> str | None:
    """Why nobody outside may be meant by this IP address, or None. Anything but a plain address is a reason."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "no address"
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return "scoped"
        if address not in GLOBAL_V6:
            return (
                "not a global unicast address"  # mapped, NAT64, unique local, link-local, loopback, multicast
            )
        if any(address in network for network in TUNNELS):
            return "tunnel or example"
    elif any(address in network for network in INSIDES):
        return "not global"
    return None


def target_of(url: str, allowed: Allowed | None = None) -> Target:
    """Check an address as it was typed. Raises TargetMalformed, and TargetInside for an IP address inside."""
    rules = allowed or Allowed()
    parts, port = _parts(url)
    host = _host(url, parts.hostname or "")
    scheme = parts.scheme
    port = port or (443 if scheme == "https" else 80)
    is_allowed = rules.holds(host, port)
    if scheme != "https" and not is_allowed:
        raise TargetMalformed(field="url", url=url[:80], why="https")
    if port < FIRST_FREE_PORT and port not in USUAL_PORTS and not is_allowed:
        raise TargetMalformed(field="url", url=url[:80], why=f"port {port}")
    if _is_ip(host) and not is_allowed and inside_reason(host):
        raise TargetInside(field="url", host=host)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(scheme, host, port, path, is_allowed)


def _parts(url: str) -> tuple[SplitResult, int | None]:
    def no(why: str) -> TargetMalformed:
        return TargetMalformed(field="url", url=url[:80], why=why)

    if not url or len(url) > LONGEST:
        raise no(f"1–{LONGEST}")
    if any(not "!" <= sign <= "~" for sign in url) or "\\" in url:
        raise no("ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise no("URL") from error
    if parts.scheme not in {"http", "https"}:
        raise no("https")
    if "@" in parts.netloc or parts.username is not None:
        raise no("user@")
    if parts.fragment or url.endswith("#"):
        raise no("#")
    if port == 0 or (port is None and parts.netloc.endswith(":")):
        raise no("port")
    return parts, port


def _host(url: str, host: str) -> str:
    """A name in its one spelling, or an IP address in its canonical one."""
    if _is_ip(host):
        return host
    labels = host.split(".")
    if not host or len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise TargetMalformed(field="url", url=url[:80], why="host")
    if NUMBER_LIKE.fullmatch(labels[-1]):  # decimal, octal, hexadecimal and short spellings of IPv4
        raise TargetMalformed(field="url", url=url[:80], why="IP")
    return host


def _is_ip(host: str) -> bool:
    """Whether the host is an IP address in its canonical spelling."""
    try:
        return str(ipaddress.ip_address(host)) == host.lower()
    except ValueError:
        return False

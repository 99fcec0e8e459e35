"""Who may read the figures: networks named by setting, judged by the real peer, never by a header."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
"""What a proxy adds: then the peer is the proxy, and who stands behind it is only told, not known."""


def networks(words: Iterable[str]) -> tuple[Network, ...]:
    """Networks written as `10.1.0.0/16`, `192.0.2.7` or `::1`. Raises ValueError naming the wrong one."""
    found = []
    for word in words:
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError as error:
            raise ValueError(f"{word!r} is no network: {error}") from error
    return tuple(found)


def may_read(meta: Mapping[str, object], allowed: Iterable[Network]) -> bool:
    """True when the peer of the connection lies in `allowed` and the request did not come through a proxy."""
    if any(meta.get(name) for name in FORWARDED):
        return False
    try:
        peer = ipaddress.ip_address(str(meta.get("REMOTE_ADDR", "")))
    except ValueError:
        return False
    if isinstance(peer, ipaddress.IPv6Address) and peer.ipv4_mapped is not None:
        peer = peer.ipv4_mapped
    return any(peer in network for network in allowed)

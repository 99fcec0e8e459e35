"""How many tries a door allows, how fast, and how long a session lives: pure decisions.

Three counters stand before a password. The *place* (account and address, or account and known browser) closes
after so many failures. Two *lanes* per account bound how fast strangers may guess altogether: places that never
failed on the account share one, places that failed before share the other. So two hundred addresses that guess
use up the second lane among themselves, and the owner who comes from a new place still finds the first one open.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LANE_INTERVAL = timedelta(seconds=2)
"""One try in two seconds per lane, so one a second per account altogether."""
FRESH_BURST = 300
"""Places that never failed may come so many at once: more than an attacker's addresses use up for good."""
FAILED_BURST = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """So many failures close a place for so long; failures that long ago are forgotten."""

    failures: int
    lock: timedelta


@dataclass(frozen=True, slots=True)
class Tries:
    """What a place has tried: failures in a row and the moment of the last try."""

    failures: int = 0
    last_at: datetime | None = None


def locked_until(tries: Tries, limits: Limits, now: datetime) -> datetime | None:
    """When the place opens again; None when it is open."""
    if tries.last_at is None or tries.failures < limits.failures:
        return None
    until = tries.last_at + limits.lock
    return until if now < until else None


def counted(tries: Tries, limits: Limits, now: datetime) -> Tries:
    """The tries with one more, taken for a failure until it proves right: parallel guesses gain nothing."""
    forgotten = tries.last_at is None or now >= tries.last_at + limits.lock
    return Tries(1 if forgotten else tries.failures + 1, now)


@dataclass(frozen=True, slots=True)
class Pace:
    """The answer of a lane: from when on it is free again, or how long to wait."""

    free_at: datetime | None = None
    wait: timedelta = timedelta()


def paced(
    free_at: datetime | None, now: datetime, *, burst: int, interval: timedelta = LANE_INTERVAL
) -> Pace:
    """One try through a lane that lets `burst` through at once and one per interval for good (GCRA)."""
    due = max(free_at, now) if free_at is not None else now
    ahead = due - now - interval * (burst - 1)
    if ahead > timedelta():
        return Pace(wait=ahead)
    return Pace(free_at=due + interval)


def place_of_address(address: str) -> str:
    """An IPv4 address; the /64 of an IPv6 one, for a household is handed the rest to choose from."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def caller_address(peer: str, forwarded: str, trusted: Iterable[str]) -> str:
    """The address a request came from: the peer, or what trusted proxies say stood before them.

    `forwarded` is read from its end; the first address that is no trusted proxy is the caller. What the caller
    wrote into the header stands further left and is never reached.
    """
    networks = [ipaddress.ip_network(word) for word in trusted]
    chain = [peer, *(part.strip() for part in reversed(forwarded.split(",")) if part.strip())]
    found = chain[0]
    for hop in chain:
        address = _address(hop)
        if address is None:
            break
        found = str(address)
        if not any(address in network for network in networks):
            break
    return found


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def session_is_over(
    *, started_at: datetime, seen_at: datetime, idle: timedelta, longest: timedelta, now: datetime
) -> str:
    """Why a session ends: "idle", "age", or "" while it lives. A clock set back ends nothing."""
    if now - seen_at >= idle:
        return "idle"
    return "age" if now - started_at >= longest else ""


BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """What a browser says of itself, as people call it: `Chrome · Windows`; the beginning of it when unknown."""
    browser = next((name for word, name in BROWSERS if word in agent), "")
    system = next((name for word, name in SYSTEMS if word in agent), "")
    return " · ".join(part for part in (browser, system) if part) or agent[:30]

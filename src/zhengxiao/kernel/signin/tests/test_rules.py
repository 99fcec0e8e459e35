"""How fast strangers may guess and how long a place stays closed: rules against simulations of an attack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.kernel.signin import rules
from zhengxiao.kernel.signin.rules import Limits, Tries

T0 = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
LIMITS = Limits(10, timedelta(minutes=15))
SECOND = timedelta(seconds=1)


class Door:
    """The counters of one account, as the service keeps them; every password is wrong unless it is the owner's."""

    def __init__(self) -> None:
        self.places: dict[str, Tries] = {}
        self.lanes: dict[bool, datetime | None] = {True: None, False: None}

    def pruned(self, now: datetime) -> None:
        """At its worst for the owner: whoever is forgotten is a newcomer again."""
        self.places = {
            place: tries
            for place, tries in self.places.items()
            if tries.last_at is not None and now < tries.last_at + LIMITS.lock
        }

    def knock(self, place: str, now: datetime, *, device: bool = False, right: bool = False) -> bool:
        """Whether the password is looked at."""
        tries = self.places.get(place, Tries())
        if rules.locked_until(tries, LIMITS, now) is not None:
            return False
        if not device:
            fresh = tries.failures == 0
            burst = rules.FRESH_BURST if fresh else rules.FAILED_BURST
            pace = rules.paced(self.lanes[fresh], now, burst=burst)
            if pace.free_at is None:
                return False
            self.lanes[fresh] = pace.free_at
        self.places[place] = Tries() if right else rules.counted(tries, LIMITS, now)
        return True


def test_the_eleventh_guess_from_a_place_is_not_looked_at_and_the_place_opens_again() -> None:
    door = Door()
    moments = [T0 + SECOND * 3 * n for n in range(11)]
    assert [door.knock("a", at) for at in moments] == [True] * 10 + [False]
    last = moments[9]
    assert not door.knock("a", last + LIMITS.lock - SECOND)
    assert door.knock("a", last + LIMITS.lock)


def test_two_hundred_addresses_guess_at_most_once_a_second_for_good() -> None:
    door = Door()
    looked_at = 0
    hour = 3600
    for second in range(hour):
        at = T0 + SECOND * second
        looked_at += sum(door.knock(f"10.0.0.{n}", at) for n in range(second % 4, 200, 4))
    assert looked_at <= hour + rules.FRESH_BURST + rules.FAILED_BURST


@pytest.mark.parametrize("minute", [0, 4, 17, 41])
def test_two_hundred_addresses_do_not_keep_the_owner_out(minute: int) -> None:
    """The owner comes from a place that never failed, or in a browser that was used before."""
    for device in (False, True):
        door = Door()
        for second in range(0, minute * 60, 6):
            door.pruned(T0 + SECOND * second)
            for n in range(200):
                door.knock(f"10.0.0.{n}", T0 + SECOND * second)
        at = T0 + timedelta(minutes=minute)
        waited = next(s for s in range(61) if door.knock("home", at + SECOND * s, device=device, right=True))
        assert waited <= 60


@given(
    gaps=st.lists(st.integers(0, 5_000), min_size=1, max_size=120),
    burst=st.integers(1, 20),
    interval=st.integers(1, 3_000),
)
def test_a_lane_lets_no_more_through_than_burst_and_rate_allow(
    gaps: list[int], burst: int, interval: int
) -> None:
    """Oracle: in every window the number let through is at most burst + window / interval."""
    step, free_at, now = timedelta(milliseconds=interval), None, T0
    through: list[datetime] = []
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        pace = rules.paced(free_at, now, burst=burst, interval=step)
        if pace.free_at is None:
            assert rules.paced(free_at, now + pace.wait, burst=burst, interval=step).free_at is not None
        else:
            free_at = pace.free_at
            through.append(now)
    for first in range(len(through)):
        for last in range(first, len(through)):
            assert last - first + 1 <= burst + (through[last] - through[first]) / step


@pytest.mark.parametrize(
    ("peer", "forwarded", "told"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # no proxy of ours: what it says is its own invention
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),  # the left one was written by the caller
        ("127.0.0.1", "192.0.2.66, 198.51.100.1, 127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_caller_is_the_first_address_that_is_no_proxy_of_ours(
    peer: str, forwarded: str, told: str
) -> None:
    assert rules.caller_address(peer, forwarded, ["127.0.0.0/8", "::1"]) == told


def test_addresses_of_one_household_are_one_place() -> None:
    assert rules.place_of_address("2001:db8:1:2::5") == rules.place_of_address("2001:db8:1:2:ffff::9")
    assert rules.place_of_address("2001:db8:1:2::5") != rules.place_of_address("2001:db8:1:3::5")
    assert rules.place_of_address("::ffff:192.0.2.1") == rules.place_of_address("192.0.2.1")
    assert rules.place_of_address("nonsense") == "unknown"


@pytest.mark.parametrize(
    ("started", "seen", "why"),
    [
        (0, 0, ""),
        (29, 29, ""),
        (30, 30, "idle"),
        (719, 1, ""),
        (720, 1, "age"),
        (720, 40, "idle"),
        (-5, -5, ""),
    ],
)
def test_a_session_ends_when_idle_or_too_old(started: int, seen: int, why: str) -> None:
    told = rules.session_is_over(
        started_at=T0 - timedelta(minutes=started),
        seen_at=T0 - timedelta(minutes=seen),
        idle=timedelta(minutes=30),
        longest=timedelta(hours=12),
        now=T0,
    )
    assert told == why


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome · Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_call_it(agent: str, name: str) -> None:
    assert rules.browser_name(agent) == name

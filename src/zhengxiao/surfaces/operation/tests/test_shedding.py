"""People at work are served first, and whoever would wait too long is told at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from zhengxiao.surfaces.operation.served import Served
from zhengxiao.surfaces.operation.shedding import FAIR, SESSIONS, Class, Gatehouse, Sessions, class_of


def full(slots: int = 4, **more: Any) -> Gatehouse:
    """A house in which every slot is taken by people signed in."""
    house = Gatehouse(slots, **{"patience": 0.2, **more})
    assert all(house.enter(Class.STAFF) for _ in range(slots))
    return house


def waiting(house: Gatehouse, kind: Class, order: list[Class]) -> threading.Thread:
    """Somebody in line, who notes when the turn comes."""
    before = len(house._lines[kind].waiting)

    def wait() -> None:
        if house.enter(kind):
            order.append(kind)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    while len(house._lines[kind].waiting) == before and thread.is_alive():
        time.sleep(0.001)
    return thread


def test_what_watches_never_waits_and_a_made_up_cookie_is_a_visitors() -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/static/zx.css"):
        assert class_of(path, "") is None
    assert class_of("/api/v1/cases", "whatever") is Class.MACHINE
    assert class_of("/cases/", "made up") is Class.VISITOR
    SESSIONS.remember("seen signed in")
    assert class_of("/cases/", "seen signed in") is Class.STAFF


def test_a_session_is_forgotten_after_a_while_and_when_there_are_too_many() -> None:
    now = [0.0]
    sessions = Sessions(most=2, kept=10, now=lambda: now[0])
    for name in "abc":
        sessions.remember(name)
    assert [sessions.knows(name) for name in "abc"] == [False, True, True]
    now[0] = 11
    assert not sessions.knows("c")


def test_machines_never_hold_every_slot_and_visitors_at_most_half() -> None:
    house = Gatehouse(4, patience=0)
    assert [house.enter(Class.MACHINE) for _ in range(5)] == [True, True, True, False, False]
    assert house.enter(Class.STAFF)
    other = Gatehouse(4, patience=0)
    assert [other.enter(Class.VISITOR) for _ in range(3)] == [True, True, False]
    assert other.refused() == {"staff": 0, "machine": 0, "visitor": 1}


def test_whoever_would_wait_too_long_is_refused_by_how_long_requests_take() -> None:
    house = full()
    for line in house._lines.values():
        line.seconds = 1.0
    assert not house.enter(Class.MACHINE)  # four seconds of work for three slots
    quick = full()
    order: list[Class] = []
    thread = waiting(quick, Class.MACHINE, order)
    quick.leave(Class.STAFF, 0.01)
    thread.join(5)
    assert order == [Class.MACHINE]


def test_people_signed_in_come_first_and_every_fourth_turn_is_of_the_last() -> None:
    house = full(1)
    order: list[Class] = []
    kinds = [Class.VISITOR] + [Class.STAFF] * FAIR
    threads = [waiting(house, kind, order) for kind in kinds]
    for number in range(len(kinds)):
        house.leave(order[-1] if order else Class.STAFF, 0.001)
        while len(order) == number:
            time.sleep(0.001)
    assert order == [Class.STAFF] * (FAIR - 1) + [Class.VISITOR, Class.STAFF]
    for thread in threads:
        thread.join(5)


def test_no_line_is_longer_than_its_room() -> None:
    house = full(1, patience=1000)
    room = house._lines[Class.MACHINE].room
    order: list[Class] = []
    for _ in range(room):
        waiting(house, Class.MACHINE, order)
    assert not house.enter(Class.MACHINE)
    assert house.threads > house.slots + sum(line.room for line in house._lines.values())


class Answer(list):
    streaming = False
    closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def told() -> list[Any]:
    return []


def test_a_refused_request_never_reaches_the_pages_and_says_when_to_come_back(told: list[Any]) -> None:
    house = Gatehouse(1, patience=0)
    house.enter(Class.MACHINE)
    served = Served(lambda environ, start: pytest.fail("reached"), house)
    body = served(
        {"PATH_INFO": "/api/v1/cases"}, lambda status, headers: told.append((status, dict(headers)))
    )
    assert b"Overloaded" in b"".join(body)
    [(status, headers)] = told
    assert (status[:3], headers["Retry-After"], headers["Cache-Control"]) == ("503", "1", "no-store")


@pytest.mark.django_db
def test_connections_belong_to_slots_and_not_to_threads() -> None:
    seen: list[Any] = []

    def application(environ: Any, start: Any) -> Answer:
        seen.append(connections[DEFAULT_DB_ALIAS])
        return Answer([b"ok"])

    served = Served(application, Gatehouse(2, patience=1))
    threads = [threading.Thread(target=lambda: served({"PATH_INFO": "/cases/"}, None)) for _ in range(6)]
    for thread in threads:
        thread.start()
        thread.join(5)
    assert len(seen) == 6
    assert len({id(one) for one in seen}) == 1


def test_a_slot_comes_back_when_the_pages_break() -> None:
    def broken(environ: Any, start: Any) -> Any:
        raise RuntimeError("broken")

    house = Gatehouse(1, patience=0)
    served = Served(broken, house)
    with ThreadPoolExecutor(1) as pool:  # the connection of a slot takes the place of the thread's own
        for _ in range(3):
            with pytest.raises(RuntimeError, match="broken"):
                pool.submit(served, {"PATH_INFO": "/api/v1/cases"}, None).result()
    assert house.enter(Class.MACHINE)

"""A million cases: the case list as each role sees it, lights, cockpit, figures, and the leaf of the timeline."""

from __future__ import annotations

import gc
import os
from datetime import datetime, timedelta
from threading import Event, Thread
from time import process_time
from typing import Any
from urllib.parse import urlencode

from bench.common import ZONE, Figure, median, p95, seconds
from bench.population import PEOPLE, Place, make_cases

SIZES = {"full": (1_000_000, 20), "small": (1_500, 2)}
GOAL = 0.100


def figures(size: str) -> list[Figure]:
    """The list is asked for through the real view by a signed-in person; the baseline is the bare SQL of the same page."""
    from django.conf import settings

    cases, repeats = SIZES[size]
    gc.collect()
    gc.freeze()  # as config/wsgi.py does in every process that serves
    settings.ALLOWED_HOSTS = ["testserver"]
    at = datetime.now(ZONE)
    found: list[Figure] = []
    places: list[Place] = []
    made = seconds(lambda: places.append(make_cases(cases, at=at)))
    found.append(Figure("population.seconds", made, "s", note=f"{cases:,} cases with clocks, rows and facts"))
    found += _lists(places[0], repeats, goal=size == "full")
    found += _cockpit(places[0], repeats * 5, goal=size == "full")
    return [*found, *_information(places[0], at), _leaf(at)]


def _lists(place: Place, repeats: int, *, goal: bool) -> list[Figure]:
    from django.test import Client

    found: list[Figure] = []
    everything: list[float] = []
    for name, _role, _unit in PEOPLE:
        client = Client()
        client.force_login(place.users[name])
        for words, query in _queries().items():
            client.get("/cases/", query)
            begins = process_time()
            took = [seconds(lambda c=client, q=query: _answer(c, q)) for _ in range(repeats)]
            own = (process_time() - begins) / repeats
            everything += took
            bare = median([seconds(lambda n=name, q=query: _bare(place, n, q)) for _ in range(5)])
            found.append(
                Figure(f"list.{name}.{words}.p95", p95(took) * 1e3, "ms", "bare SQL of the same page", bare * 1e3,
                       goal="≤ 100 ms" if goal else "", met=p95(took) <= GOAL if goal else None,
                       note=f"median {median(took) * 1e3:.0f}, own processor {own * 1e3:.0f}")
            )  # fmt: skip
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    found.append(
        Figure("list.p95", p95(everything) * 1e3, "ms", goal="≤ 100 ms" if goal else "",
               met=p95(everything) <= GOAL if goal else None,
               note=f"{len(everything)} requests, all roles and filters; load {load}")
    )  # fmt: skip
    return found


def _queries() -> dict[str, dict[str, str]]:
    """Page 1, a deep page, and the filters, always a hundred rows."""
    from zhengxiao.backbone.cases.models import Case

    hundred = {"size": "100"}
    some = Case.objects.order_by("-received_at").values_list("number", flat=True)[500]
    return {
        "first": hundred,
        "deep": {**hundred, "page": "50"},
        "red": {**hundred, "light": "red"},
        "yellow": {**hundred, "light": "yellow"},
        "number": {**hundred, "q": some[:16]},
        "granted": {**hundred, "state": "granted"},
    }


def _answer(client: Any, query: dict[str, str]) -> None:
    answer = client.get("/cases/", query)
    if answer.status_code != 200:
        raise SystemExit(f"/cases/ {query} answered {answer.status_code}")


def _bare(place: Place, name: str, query: dict[str, str]) -> None:
    """One statement: the cases of the page under the same conditions, their own columns only."""
    from django.http import QueryDict

    from zhengxiao.backbone.cases.ledger import LEDGER
    from zhengxiao.backbone.cases.models import Case
    from zhengxiao.kernel.access.api import actor_for
    from zhengxiao.kernel.ui.ledger.rows import selected
    from zhengxiao.kernel.ui.ledger.state import State

    at = datetime.now(ZONE)
    actor = actor_for(place.users[name], at=at)
    state = State.read(LEDGER, QueryDict(urlencode(query)), actor)
    first = (state.page - 1) * state.size
    list(selected(state, Case.objects.visible_to(actor), at).values_list()[first : first + state.size])


def _information(place: Place, at: datetime) -> list[Figure]:
    from django.db import connection
    from django.test import Client

    from zhengxiao.backbone.cases.lights import lights
    from zhengxiao.kernel.access.api import actor_for
    from zhengxiao.kernel.metrics.api import compute
    from zhengxiao.lib.actors import SYSTEM

    def sql(statement: str) -> float:
        def run() -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                cursor.fetchall()

        return min(seconds(run) for _ in range(3))

    leader = actor_for(place.users["leader"], at=at)
    by_group = sql("SELECT department_id, count(*) FROM cases_case GROUP BY 1")
    running = sql("SELECT owner_unit_id, count(*) FROM clock_clock WHERE stopped_at IS NULL GROUP BY 1")
    found = [
        Figure("lights.all", min(seconds(lambda: lights(at, SYSTEM)) for _ in range(3)), "s",
               "GROUP BY over running clocks", running),
        Figure("lights.leader", min(seconds(lambda: lights(at, leader)) for _ in range(3)), "s",
               "GROUP BY over running clocks", running),
    ]  # fmt: skip
    today = at.date()
    for name in (
        "cases.accepted",
        "cases.finished",
        "cases.on_time_rate",
        "cases.overdue_rate",
        "cases.statutory_speedup",
    ):

        def figure(name: str = name) -> None:
            compute(
                name,
                period_from=today - timedelta(days=365),
                period_to=today,
                by="department",
                actor=SYSTEM,
                as_of=at,
            )

        found.append(
            Figure(
                f"figures.{name}.year_by_department",
                seconds(figure),
                "s",
                "GROUP BY over all cases",
                by_group,
            )
        )
    client = Client()
    client.force_login(place.users["approver"])
    desk = min(seconds(lambda: client.get("/desk/")) for _ in range(3))
    return [*found, Figure("page.desk.approver", desk * 1e3, "ms")]


def _cockpit(place: Place, looks: int, *, goal: bool) -> list[Figure]:
    """Boards as the runner keeps them, looked at while it makes the next ones; beside it what making one takes."""
    from django.conf import settings
    from django.test import Client

    from zhengxiao.surfaces.cockpit.models import BoardSnapshot

    settings.ZX_COCKPIT_FRESH = 60
    BoardSnapshot.objects.all().delete()
    people = ("leader", "supervisor", "head")
    clients = {name: Client() for name in people}
    made: list[float] = []
    for name, client in clients.items():
        client.force_login(place.users[name])
        made.append(seconds(lambda c=client: _board(c)))
    stop = Event()
    runner = Thread(target=_make_boards, args=(stop,))
    runner.start()
    took = [seconds(lambda c=client: _board(c)) for _ in range(looks) for client in clients.values()]
    stop.set()
    runner.join()
    load = f"{os.getloadavg()[0]:.1f}"
    return [
        Figure("cockpit.p95", p95(took) * 1e3, "ms", "making the same boards, on average", sum(made) / len(made) * 1e3,
               goal="≤ 300 ms" if goal else "", met=p95(took) <= 0.3 if goal else None,
               note=f"{len(took)} looks of {', '.join(people)} while a runner makes boards; median"
                    f" {median(took) * 1e3:.0f} ms; load {load}"),
        *(Figure(f"cockpit.made.{name}", one, "s") for name, one in zip(people, made, strict=True)),
    ]  # fmt: skip


def _board(client: Any) -> None:
    answer = client.get("/cockpit/")
    if answer.status_code != 200:
        raise SystemExit(f"/cockpit/ answered {answer.status_code}")


def _make_boards(stop: Event) -> None:
    """What a runner does all day, here without a rest."""
    from django.db import connection

    from zhengxiao.kernel.jobs.api import run_once
    from zhengxiao.surfaces.cockpit.models import BoardSnapshot
    from zhengxiao.surfaces.cockpit.snapshots import ask_again

    while not stop.is_set():
        at = datetime.now(ZONE)
        for known in BoardSnapshot.objects.all():
            ask_again(known, at)
        run_once(at=at, runner="bench")
        BoardSnapshot.objects.update(asked_at=None)
    connection.close()


def _leaf(at: datetime) -> Figure:
    """Facts in bulk with their leaves, beside the same rows without spelling and hashing them."""
    from django.db import transaction

    from zhengxiao.kernel.jobs.api import bulk_insert
    from zhengxiao.kernel.timeline.api import FactRow, Subject, record_many
    from zhengxiao.kernel.timeline.models import Entry
    from zhengxiao.lib.actors import SYSTEM

    data = {"voucher_no": "示受2026-00001", "promised": "10wd", "statutory": "20wd"}
    rows = [FactRow("cases.accepted", Subject("case", n), SYSTEM, at, data) for n in range(1, 10_001)]
    with transaction.atomic():
        entries: list[Entry] = []
        with_leaf = seconds(lambda: entries.extend(record_many(rows, recorded_at=at)))
        for entry in entries:
            entry.pk = None
        bare = seconds(lambda: bulk_insert(Entry, entries))
        transaction.set_rollback(True)
    return Figure("timeline.fact_with_leaf", with_leaf / 10_000 * 1e6, "µs", "bare bulk insert of the same rows",
                  bare / 10_000 * 1e6)  # fmt: skip

"""Seeding: the sample city by code from a number, into an empty database. The same number gives the same city."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from zhengxiao.backbone.cases.api import Case, lights
from zhengxiao.backbone.cases.bulk import write_histories
from zhengxiao.backbone.cases.histories import CaseHistory
from zhengxiao.backbone.parties.api import NewParty, parties_find_or_create
from zhengxiao.kernel.calendar.api import day_table, install_shipped
from zhengxiao.kernel.clock.api import SweepResult, sweep
from zhengxiao.kernel.database.api import tables_counted
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.orgs.api import Region
from zhengxiao.kernel.timeline.api import deliver_due
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.surfaces.sample import measures, words
from zhengxiao.surfaces.sample.axis import Axis
from zhengxiao.surfaces.sample.codes import credit_code
from zhengxiao.surfaces.sample.directory import catalogue_write
from zhengxiao.surfaces.sample.exporting import ask_for_files
from zhengxiao.surfaces.sample.live import propose_closure, work_today
from zhengxiao.surfaces.sample.place import Place, place_write
from zhengxiao.surfaces.sample.publicity import publicity_begin, publicity_told
from zhengxiao.surfaces.sample.relaying import relay_today
from zhengxiao.surfaces.sample.sending import tell_platforms
from zhengxiao.surfaces.sample.supervising import rules_set, supervise_today
from zhengxiao.surfaces.sample.suspicious import suspicious
from zhengxiao.surfaces.sample.telling import Applicant, Teller
from zhengxiao.surfaces.sample.watching import watch_city

MONTHS = 14
BATCH = 1_000
SUSPICIOUS_FROM = 1_000
"""Smaller cities are for tests that count cases."""
Progress = Callable[[str, int, int], None]


class DatabaseNotEmpty(Refusal):
    template = gettext_noop(
        "数据库里已有数据，不能生成示例城市。请换一个空的数据库，或使用 zx demo --reset。"
    )


class SizeUnknown(Refusal):
    template = gettext_noop("没有名为“{size}”的规模。可选：S、M、L、XL 或办件数。")


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made. `digest` names the cases: equal seed, size and moment give an equal one."""

    seed: int
    cases: int
    items: int
    units: int
    accounts: int
    at: datetime
    running: dict[str, int]
    warned: int
    breached: int
    delivered: int
    digest: str

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def count_of(size: str) -> int:
    """How many cases a size means: S, M, L, XL or a number."""
    if size.upper() in measures.SIZES:
        return measures.SIZES[size.upper()]
    if size.isascii() and size.isdigit() and 0 < int(size) <= 5_000_000:
        return int(size)
    raise SizeUnknown(field="size", size=size)


def is_empty() -> bool:
    """Whether nobody has begun to use the database."""
    return not (Region.objects.exists() or User.objects.exists() or Case.objects.exists())


def _quiet(_what: str, _done: int, _of: int) -> None:
    """No progress is shown."""


def city_seed(
    *, size: str, seed: int, with_password: bool, at: datetime, progress: Progress = _quiet
) -> Seeded:
    """Make the sample city as of `at`: places, people, catalogue, cases of 14 months, warnings, a proposed calendar.

    `with_password`: the ten sample accounts can sign in with the open password; never on a real installation.
    Refuses DatabaseNotEmpty, SizeUnknown. Written in batches of a thousand cases, one transaction each.
    """
    count = count_of(size)
    if not is_empty():
        raise DatabaseNotEmpty
    rng = Random(seed)  # noqa: S311 - a sample is meant to be repeatable
    progress("机构与日历", 0, 1)
    install_shipped(at=at)
    table = day_table()
    first = _months_before(table.local_date(at), MONTHS)
    axis = Axis(table, first, at)
    since = datetime(first.year - 1, 1, 2, 9, tzinfo=axis.zone)
    place = place_write(since=since.date(), with_password=with_password, at=since)
    progress("事项目录", 0, 1)
    changed = axis.moment(axis.number_on(_months_before(table.local_date(at), 5)) + 0.1)
    lines = catalogue_write(place, rng, since=since, changed=changed)
    publicity_begin(table.local_date(at), since)
    progress("申请人", 0, 1)
    applicants = _applicants(rng, place, max(200, count * 3 // 10), since)
    teller = Teller(rng, axis, lines, applicants)
    digest = _write_cases(teller, place, count, at, progress)
    if count >= SUSPICIOUS_FROM:
        with transaction.atomic():
            write_histories(list(suspicious(teller)), region_codes=place.region_codes, actor=SYSTEM, at=at)
    progress("监察规则", 0, 1)
    watch_city(since=axis.moment(0.0), at=at)
    rules_set(since=axis.moment(0.0), at=at)
    progress("预警与通知", 0, 1)
    work_today(place, lines, applicants, axis)
    swept, delivered = _told(at)
    again, more = _told(
        at
    )  # deliveries start clocks too (acceptance by law); some have warned before they were known
    swept, delivered = swept + again, delivered + more
    again, more = _afterwards(place, rng, axis, at, progress)
    swept, delivered = swept + again, delivered + more
    return Seeded(
        seed=seed,
        cases=Case.objects.count(),
        items=len(lines),
        units=len(place.units),
        accounts=User.objects.count(),
        at=at,
        running=lights(at, SYSTEM)["lights"],
        warned=swept.warned,
        breached=swept.breached,
        delivered=delivered,
        digest=digest,
    )


def _afterwards(
    place: Place, rng: Random, axis: Axis, at: datetime, progress: Progress
) -> tuple[SweepResult, int]:
    """What people do about what was told: cards, licences, a closure, publicity, platforms, files. As `_told`."""
    supervise_today(at)
    delivered = deliver_all(at)
    relay_today(at)
    propose_closure(place, at)
    progress("双公示", 0, 1)
    publicity_told(place, rng, at)
    tell_platforms(place, axis.moment(axis.today), at)
    ask_for_files(at)
    swept, more = _told(at)
    return swept, delivered + more


def _told(at: datetime) -> tuple[SweepResult, int]:
    """Every light that is reached, told to everybody; how many there were, and how many deliveries."""
    return sweep(at=at), deliver_all(at)


def _months_before(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, min(day.day, 28))


def _applicants(rng: Random, place: Place, count: int, at: datetime) -> list[Applicant]:
    """Firms with lawful credit codes and persons without any number; all named as samples."""
    rows: list[NewParty] = []
    regions = [code for _letter, code, _name, _short in words.DISTRICTS]
    serial = 20_000_000
    for number in range(count):
        if number % 5 < 2:
            serial += 1
            region = regions[number % 2]
            name = f"示例{rng.choice(words.FIRM_WORDS)}{rng.choice(words.FIRM_TRADES)}有限公司"
            rows.append(
                NewParty(
                    name,
                    credit_code=credit_code("91", region, serial),
                    region_id=place.regions[region].pk,
                )
            )
        else:
            rows.append(NewParty(f"{rng.choice(words.SURNAMES)}示例", kind="person"))
    made: list[Applicant] = []
    for start in range(0, count, 5_000):
        part = rows[start : start + 5_000]
        parties = parties_find_or_create(part, actor=SYSTEM, at=at)
        made += [Applicant(party.pk, party.name) for party in parties]
    return made


def _write_cases(teller: Teller, place: Place, count: int, at: datetime, progress: Progress) -> str:
    digest, done = hashlib.sha256(), 0
    told = teller.histories(count)
    codes = place.region_codes
    for batch in _batches(told, BATCH):
        with transaction.atomic():
            write_histories(batch, region_codes=codes, actor=SYSTEM, at=at)
        for history in batch:
            digest.update(_line(history).encode())
        done += len(batch)
        progress("办件", done, count)
    tables_counted()
    return digest.hexdigest()


def _line(history: CaseHistory) -> str:
    """What two equal cities have in common, whatever keys their databases gave."""
    zone = ZoneInfo(settings.TIME_ZONE)
    moments = (
        history.received_at,
        history.accepted_at,
        history.ended_at,
        history.delivered_at,
        history.archived_at,
    )
    stamps = " ".join("-" if m is None else m.astimezone(zone).isoformat() for m in moments)
    return f"{history.item_name}|{history.applicant_name}|{history.state}|{stamps}|{history.result_no}\n"


def _batches(rows: Iterator[CaseHistory], size: int) -> Iterator[Sequence[CaseHistory]]:
    while batch := list(islice(rows, size)):
        yield batch


def deliver_all(at: datetime, limit: int = 1_000_000) -> int:
    """Deliver what waits, at most `limit`; returns how many were done."""
    done = 0
    while done < limit:
        part = deliver_due(at=at, limit=500)
        done += part.done
        if part.done == 0:
            break
    return done

"""What an installation must not begin to work with: keys everybody knows, a database that forgets, clocks that differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

RED, YELLOW, GREEN = "red", "yellow", "green"
MOST_SKEW = 2.0
"""Seconds that the clocks of application and database may differ."""
SHORTEST_KEY, LEAST_LETTERS = 32, 10
KNOWN_KEYS = ("django-insecure-", "only-for-tests", "change", "secret")
DURABLE = {"fsync": "on", "full_page_writes": "on"}
SYNCHRONOUS = {"on", "local", "remote_write", "remote_apply"}


@dataclass(frozen=True, slots=True)
class Checked:
    """One line of the report."""

    name: str
    level: str
    text: str


def refusals() -> list[Checked]:
    """What stops the pages and the runner from starting; empty when nothing does. Asks no database."""
    from django.conf import settings

    found = [] if not settings.DEBUG else [Checked("configuration.debug", RED, "DEBUG 处于打开状态")]
    fault = key_fault(settings.SECRET_KEY)
    if fault:
        found.append(Checked("configuration.secret_key", RED, f"ZX_SECRET_KEY {fault}，请换成随机的长密钥"))
    return found


def key_fault(key: str) -> str:
    """Why a secret key could be guessed, or nothing."""
    if key.lower().startswith(KNOWN_KEYS):
        return "是众所周知的默认值"
    if len(key) < SHORTEST_KEY or len(set(key)) < LEAST_LETTERS:
        return "太短或太简单"
    return ""


def installation_findings() -> list[Checked]:
    """Key and DEBUG, durability, time zone, clocks, and Django's advice for pages behind TLS."""
    from django.db import connection

    durable = _sqlite() if connection.vendor == "sqlite" else _postgres()
    return [
        *refusals(),
        *durable,
        *_zone(),
        skew_finding(_database_moment(), datetime.now(UTC)),
        *_deployment(),
    ]


def durability(found: dict[str, str], faults: Iterable[str]) -> list[Checked]:
    """Green with what was found, or one red line per fault."""
    faults = list(faults)
    if faults:
        return [Checked("database.durability", RED, f"断电可能丢失已确认的数据：{fault}") for fault in faults]
    shown = "，".join(f"{name}={value}" for name, value in found.items())
    return [Checked("database.durability", GREEN, f"已确认的写入会保留（{shown}）")]


def _sqlite() -> list[Checked]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        journal = str(cursor.fetchone()[0]).lower()
        cursor.execute("PRAGMA synchronous")
        synchronous = int(cursor.fetchone()[0])
    return sqlite_durability(journal, synchronous)


def sqlite_durability(journal: str, synchronous: int) -> list[Checked]:
    """WAL with `synchronous` NORMAL (1) or more. A database in memory has nothing to keep and is a fault."""
    found = {"journal_mode": journal, "synchronous": str(synchronous)}
    faults = [] if journal == "wal" else [f"journal_mode={journal}，应为 wal"]
    if synchronous < 1:
        faults.append(f"synchronous={synchronous}，应不小于 1（NORMAL）")
    return durability(found, faults)


def _postgres() -> list[Checked]:
    from django.db import connection

    with connection.cursor() as cursor:
        names = [*DURABLE, "synchronous_commit"]
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [names])
        return postgres_durability({str(name): str(value) for name, value in cursor.fetchall()})


def postgres_durability(found: dict[str, str]) -> list[Checked]:
    """`fsync`, `full_page_writes` and `synchronous_commit` as they are for our connections."""
    faults = [
        f"{name}={found.get(name)}，应为 {wanted}"
        for name, wanted in DURABLE.items()
        if found.get(name) != wanted
    ]
    if found.get("synchronous_commit") not in SYNCHRONOUS:
        faults.append(f"synchronous_commit={found.get('synchronous_commit')}，应为 on")
    return durability(found, faults)


def _database_moment() -> datetime:
    """What the database takes for now. SQLite has no clock of its own: it reads the one we read."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def skew_finding(database: datetime, application: datetime) -> Checked:
    """Red when the clocks differ by more than two seconds."""
    seconds = (database - application).total_seconds()
    if abs(seconds) > MOST_SKEW:
        return Checked("clocks", RED, f"数据库时钟与本机相差 {seconds:+.1f} 秒，请校时")
    return Checked("clocks", GREEN, "数据库与本机时钟一致")


def _zone() -> list[Checked]:
    """The zone of pages against the one of the calendar: deadlines are counted in the calendar's."""
    from django.conf import settings

    from zhengxiao.kernel.calendar.api import day_table
    from zhengxiao.lib.refusals import Refusal

    try:
        zone = day_table(settings.CALENDAR_REGION).zone.key
    except Refusal:
        return []  # no calendar yet: told by its own line
    if zone != settings.TIME_ZONE:
        text = f"页面时区 {settings.TIME_ZONE} 与日历 {settings.CALENDAR_REGION} 的时区 {zone} 不同"
        return [Checked("time_zone", YELLOW, text)]
    return [Checked("time_zone", GREEN, f"时区 {zone}")]


def _deployment() -> list[Checked]:
    """Django's own advice for real installations, where pages are reached by https."""
    from django.conf import settings
    from django.core.checks import run_checks

    if not any(origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS):
        return []
    settled = set(map(str, run_checks()))
    return [
        Checked(f"configuration.{message.id}", YELLOW, str(message.msg))
        for message in run_checks(include_deployment_checks=True)
        if str(message) not in settled and message.id not in LEFT_TO_PROXY
    ]


LEFT_TO_PROXY = {
    "security.W004": "Strict-Transport-Security is set by the proxy",
    "security.W008": "the proxy turns http into https",
}

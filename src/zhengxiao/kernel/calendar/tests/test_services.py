"""Versions: two people, inheritance, local closures, and tables that never change."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from zhengxiao.kernel.calendar.api import (
    AlreadyDecided,
    CalendarVersion,
    DayMark,
    PersonNeeded,
    SamePerson,
    Session,
    Term,
    UnknownCalendar,
    VersionState,
    calendar_confirm_version,
    calendar_define,
    calendar_propose,
    calendar_reject_version,
    day_table,
    horizon_findings,
    region_chain,
    table_with,
    versions_waiting,
)
from zhengxiao.kernel.calendar.services import DayTwice, NothingProposed, SourceMissing, VersionUnknown
from zhengxiao.kernel.calendar.shipping import install_shipped
from zhengxiao.kernel.calendar.tests.oracle import SHANGHAI
from zhengxiao.lib.actors import SYSTEM, Actor

pytestmark = pytest.mark.django_db
CITY, COUNTY, TOWN = "441600000000", "441602000000", "441602001000"
TUESDAY = date(2026, 11, 24)

CLOSED = DayMark(TUESDAY, False, "台风停办", "关于停止办公的公告")


def person(name: str, at: datetime) -> Actor:
    user = get_user_model().objects.create(username=name, display_name=f"{name}示例", joined_at=at)
    return Actor(user_id=user.pk, name=user.display_name)


@pytest.fixture
def proposer(at: datetime) -> Actor:
    return person("wang", at)


@pytest.fixture
def confirmer(at: datetime) -> Actor:
    return person("li", at)


def propose(
    actor: Actor, at: datetime, key: str = CITY, days: tuple[DayMark, ...] = (CLOSED,)
) -> CalendarVersion:
    return calendar_propose(key=key, days=days, source_title="关于停止办公的公告", actor=actor, at=at)


def test_a_version_counts_only_after_another_person_confirmed_it(
    proposer: Actor, confirmer: Actor, at: datetime
) -> None:
    version = propose(proposer, at)
    assert day_table(CITY).is_workday(TUESDAY)
    assert not table_with(CITY, version.pk).is_workday(TUESDAY)
    assert list(versions_waiting()) == [version]
    confirmed = calendar_confirm_version(version_id=version.pk, actor=confirmer, at=at)
    assert confirmed.state == VersionState.CONFIRMED
    assert not day_table(CITY).is_workday(TUESDAY)
    assert day_table("CN").is_workday(TUESDAY)


def test_nobody_confirms_or_rejects_their_own_proposal(proposer: Actor, at: datetime) -> None:
    version = propose(proposer, at)
    for verb in (calendar_confirm_version, calendar_reject_version):
        with pytest.raises(SamePerson):
            verb(version_id=version.pk, actor=proposer, at=at)
    with pytest.raises(PersonNeeded):
        calendar_confirm_version(version_id=version.pk, actor=SYSTEM, at=at)
    assert day_table(CITY).is_workday(TUESDAY)


def test_the_database_itself_refuses_one_person_on_both_sides(proposer: Actor, at: datetime) -> None:
    version = propose(proposer, at)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarVersion.objects.filter(pk=version.pk).update(
            state="confirmed", sequence=1, decided_at=at, decided_by_id=proposer.user_id
        )


def test_a_decision_is_taken_once(proposer: Actor, confirmer: Actor, at: datetime) -> None:
    version = propose(proposer, at)
    calendar_reject_version(version_id=version.pk, actor=confirmer, at=at, note="日期有误")
    with pytest.raises(AlreadyDecided):
        calendar_confirm_version(version_id=version.pk, actor=confirmer, at=at)
    with pytest.raises(VersionUnknown):
        calendar_confirm_version(version_id=999_999, actor=confirmer, at=at)
    assert day_table(CITY).is_workday(TUESDAY)


def test_what_is_proposed_must_say_something_once_and_cite_its_source(proposer: Actor, at: datetime) -> None:
    with pytest.raises(NothingProposed):
        propose(proposer, at, days=())
    with pytest.raises(DayTwice):
        propose(proposer, at, days=(CLOSED, CLOSED))
    with pytest.raises(SourceMissing):
        calendar_propose(key=CITY, days=[CLOSED], source_title=" ", actor=proposer, at=at)
    with pytest.raises(UnknownCalendar, match="XX"):
        propose(proposer, at, key="XX")


def test_a_town_inherits_from_its_city_and_a_county_may_take_a_day_back(
    proposer: Actor, confirmer: Actor, at: datetime
) -> None:
    calendar_confirm_version(version_id=propose(proposer, at).pk, actor=confirmer, at=at)
    assert not day_table(TOWN).is_workday(TUESDAY)
    assert not day_table(COUNTY).is_workday(TUESDAY)
    assert day_table("441300000000").is_workday(TUESDAY)
    opened = propose(proposer, at, key=COUNTY, days=(DayMark(TUESDAY, True, "照常办公", "县公告"),))
    calendar_confirm_version(version_id=opened.pk, actor=confirmer, at=at)
    assert day_table(TOWN).is_workday(TUESDAY)
    assert not day_table(CITY).is_workday(TUESDAY)
    back = propose(proposer, at, key=COUNTY, days=(DayMark(TUESDAY, None),))
    calendar_confirm_version(version_id=back.pk, actor=confirmer, at=at)
    assert not day_table(TOWN).is_workday(TUESDAY)


def test_an_earlier_version_of_the_table_stays_as_it_was(
    proposer: Actor, confirmer: Actor, at: datetime
) -> None:
    install_shipped(at=at)
    before = day_table(CITY).version
    calendar_confirm_version(version_id=propose(proposer, at).pk, actor=confirmer, at=at)
    assert day_table(CITY).version == before + 1
    assert day_table(CITY, before).is_workday(TUESDAY)
    assert not day_table(CITY, before + 1).is_workday(TUESDAY)
    start = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
    assert day_table(CITY, before).due(start, Term.parse("1wd")).on == date(2026, 11, 24)
    assert day_table(CITY).due(start, Term.parse("1wd")).on == date(2026, 11, 25)


def test_a_local_closure_is_named_as_such_on_the_sheet(
    proposer: Actor, confirmer: Actor, at: datetime
) -> None:
    calendar_confirm_version(version_id=propose(proposer, at).pk, actor=confirmer, at=at)
    start = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
    line = day_table(TOWN).explain(start, Term.parse("1wd"))[1]
    assert (line.reason, line.name, line.source) == ("local_closure", "台风停办", "关于停止办公的公告")


def test_the_shipped_years_are_installed_once(at: datetime) -> None:
    assert install_shipped(at=at) == 20
    assert install_shipped(at=at) == 0
    table = day_table()
    assert table.version == 20
    assert table.confirmed == ((date(2007, 1, 1), date(2026, 12, 31)),)
    assert table.due_on(date(2026, 9, 24), 5) == date(2026, 10, 9)
    assert table.marks[date(2026, 10, 1)].source_url.startswith("https://www.gov.cn/")


def test_without_any_version_the_shipped_years_hold(nation: object) -> None:
    assert day_table().version == 0
    assert day_table(TOWN).due_on(date(2026, 9, 24), 5) == date(2026, 10, 9)


def test_the_next_year_moves_the_horizon(proposer: Actor, confirmer: Actor, at: datetime) -> None:
    install_shipped(at=at)
    start = datetime(2026, 12, 10, 10, tzinfo=SHANGHAI)
    assert day_table().due(start, Term.parse("20wd")).provisional
    version = calendar_propose(
        key="CN",
        days=[DayMark(date(2027, 1, 1), False, "元旦")],
        source_title="示例通知",
        confirmed_through=date(2027, 12, 31),
        actor=proposer,
        at=at,
    )
    calendar_confirm_version(version_id=version.pk, actor=confirmer, at=at)
    due = day_table().due(start, Term.parse("20wd"))
    assert not due.provisional
    assert due.on == date(2027, 1, 8)
    assert day_table().confirmed_through == date(2027, 12, 31)


def test_a_city_abroad_has_its_own_zone_week_and_hours(
    proposer: Actor, confirmer: Actor, at: datetime
) -> None:
    calendar_define(key="US-BOSTON", name="Boston", zone="America/New_York", actor=proposer, at=at)
    with pytest.raises(UnknownCalendar, match="US-BOSTON"):
        day_table("US-BOSTON")
    version = calendar_propose(
        key="US-BOSTON",
        days=[DayMark(date(2014, 7, 4), False, "Independence Day")],
        sessions=[Session(time(8), time(16), weekdays=(0, 1, 2, 3, 4))],
        source_title="City hours",
        confirmed_from=date(2014, 1, 1),
        confirmed_through=date(2014, 12, 31),
        actor=proposer,
        at=at,
    )
    calendar_confirm_version(version_id=version.pk, actor=confirmer, at=at)
    table = day_table("US-BOSTON")
    start = datetime(2014, 7, 3, 15, tzinfo=table.zone)
    assert table.due(start, Term.parse("2wh")).at == datetime(2014, 7, 7, 9, tzinfo=table.zone)
    assert not table.marks.keys() & {date(2014, 10, 1)}


def test_an_unknown_calendar_is_refused_by_name() -> None:
    for key in ("XX", "44160200100", "cn"):
        with pytest.raises(UnknownCalendar, match=key):
            day_table(key)


def test_a_code_is_walked_up_to_the_nation() -> None:
    chain = ["441602001003", "441602001000", "441602000000", "441600000000", "440000000000", "CN"]
    assert region_chain("441602001003") == chain
    assert region_chain("440000000000") == ["440000000000", "CN"]


def test_finding_a_table_takes_one_query(at: datetime, django_assert_num_queries: object) -> None:
    install_shipped(at=at)
    first = day_table(TOWN)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert day_table(TOWN) is first


@pytest.mark.parametrize(
    ("moment", "level"),
    [
        ("2026-09-30T12:00", "green"),
        ("2026-10-01T12:00", "yellow"),
        ("2026-11-30T23:59:59", "yellow"),
        ("2026-12-01T00:00", "red"),
        ("2027-01-05T12:00", "red"),
        ("2027-06-05T12:00", "red"),
        ("2026-03-05T12:00", "green"),
    ],
)
def test_the_horizon_turns_red_on_the_first_of_december(moment: str, level: str) -> None:
    (finding,) = horizon_findings(at=datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI))
    assert finding.level == level
    assert finding.key == "CN"


def test_the_horizon_is_green_again_once_the_next_year_is_confirmed(
    proposer: Actor, confirmer: Actor, at: datetime
) -> None:
    install_shipped(at=at)
    version = calendar_propose(
        key="CN",
        days=[],
        source_title="示例通知",
        confirmed_through=date(2027, 12, 31),
        actor=proposer,
        at=at,
    )
    calendar_confirm_version(version_id=version.pk, actor=confirmer, at=at)
    (finding,) = horizon_findings(at=datetime(2026, 12, 20, tzinfo=SHANGHAI))
    assert finding.level == "green"

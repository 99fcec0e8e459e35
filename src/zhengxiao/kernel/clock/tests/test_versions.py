"""A proposal stands on firm ground: shipped years below the nation's, the region's name on its own."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.calendar.api import DayMark, day_table
from zhengxiao.kernel.clock.api import calendar_confirm, calendar_propose_recorded
from zhengxiao.lib.actors import Role

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_first_national_proposal_does_not_unsettle_the_shipped_years() -> None:
    org = sample_org()
    version = calendar_propose_recorded(
        key="CN",
        days=[DayMark(date(2027, 1, 1), False, "元旦")],
        source_title="示例通知",
        confirmed_through=date(2027, 12, 31),
        actor=org.actor(Role.SYSTEM_ADMIN),
        at=AT,
    )
    calendar_confirm(version_id=version.pk, actor=org.actor(Role.SECURITY_ADMIN), at=AT)
    table = day_table("CN")
    assert table.is_confirmed(date(2026, 2, 14))
    assert table.is_workday(date(2026, 2, 14))  # the make-up Saturday before Spring Festival
    assert not table.is_workday(date(2027, 1, 1))


def test_the_first_calendar_of_a_region_is_called_like_the_region() -> None:
    org = sample_org()
    version = calendar_propose_recorded(
        key=org.district_a.code,
        days=[DayMark(date(2026, 11, 25), False, "停办")],
        source_title="示例通知",
        actor=org.actor(Role.SYSTEM_ADMIN),
        at=AT,
    )
    assert version.calendar.name == org.district_a.name

"""A sample organisation, three clock rules and a short way to start a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import pytest

from zhengxiao.kernel.access.testing import SampleOrg, sample_org
from zhengxiao.kernel.calendar.api import Term
from zhengxiao.kernel.clock.api import Clock, ClockRule, ExtensionRule, PauseGround, Start, clock_start
from zhengxiao.kernel.clock.tests.oracle import CHINA
from zhengxiao.kernel.timeline.api import Subject
from zhengxiao.lib.actors import SYSTEM

MONDAY = datetime(2026, 3, 2, 10, tzinfo=CHINA)
GROUNDS = (
    PauseGround("experts", "专家评审", "示例法第一条", "procedure", max_workdays=5, max_times=2),
    PauseGround("supplement", "申请人补正", "示例法第二条", "applicant"),
)


@pytest.fixture
def org(db: None) -> SampleOrg:
    return sample_org()


def rule_made(code: str, policy: str, *, extension: bool = True) -> ClockRule:
    return ClockRule.objects.create(
        code=code,
        version=1,
        label=f"示例时限 {code}",
        kind="promised",
        legal_ground="示例法第三条",
        policy=policy,
        grounds=[asdict(ground) for ground in GROUNDS],
        extension=asdict(ExtensionRule("示例法第四条", 10)) if extension else None,
        valid_from=date(2004, 7, 1),
    )


@pytest.fixture
def begin(org: SampleOrg) -> Callable[..., Clock]:
    for policy in ("remind-warn-alarm", "two-limit.promised", "green-yellow-red", "procedure", "silent"):
        rule_made(f"test.{policy}", policy)
    rule_made("test.strict", "green-yellow-red", extension=False)
    return starter(org)


def starter(org: SampleOrg) -> Callable[..., Clock]:
    def start(
        term: str = "5wd",
        *,
        policy: str = "remind-warn-alarm",
        at: datetime = MONDAY,
        subject: int = 1,
        region: str = "CN",
        **more: Any,
    ) -> Clock:
        what = Start(
            Subject("sample", subject),
            f"test.{policy}",
            org.market.pk,
            region,
            term=Term.parse(term),
            **more,
        )
        return clock_start(what, actor=SYSTEM, at=at)

    return start

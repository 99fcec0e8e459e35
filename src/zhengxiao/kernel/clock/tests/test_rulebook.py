"""Rules are versioned: a revision is for the future, and each clock keeps the version of its day."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from zhengxiao.kernel.clock.api import (
    PolicyUnknown,
    RevisionInThePast,
    RuleUnknown,
    preset_adopt,
    rule_in_force,
    rule_revise,
    rules_in_force,
)
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY, TOMORROW = date(2026, 3, 4), date(2026, 3, 5)


def test_a_revision_holds_from_its_day_and_not_before() -> None:
    rule_revise(code="cases.promised", policy="remind-warn-alarm", valid_from=TOMORROW, actor=SYSTEM, at=AT)
    assert rule_in_force("cases.promised", TODAY).policy == "two-limit.promised"
    assert rule_in_force("cases.promised", TOMORROW).policy == "remind-warn-alarm"
    assert Entry.objects.get(fact="clock.rule_revised").data["number"] == 2


def test_a_revision_of_today_is_refused() -> None:
    with pytest.raises(RevisionInThePast):
        rule_revise(code="cases.promised", policy="silent", valid_from=TODAY, actor=SYSTEM, at=AT)


def test_unknown_rules_and_policies_are_refused_by_name() -> None:
    with pytest.raises(RuleUnknown, match=r"cases\.unheard"):
        rule_revise(code="cases.unheard", policy="silent", valid_from=TOMORROW, actor=SYSTEM, at=AT)
    with pytest.raises(PolicyUnknown, match=r"two-limit\.promised"):
        rule_revise(code="cases.promised", policy="loud", valid_from=TOMORROW, actor=SYSTEM, at=AT)


@pytest.mark.parametrize("preset", ["two-limit", "remind-warn-alarm", "green-yellow-red"])
def test_a_preset_gives_every_rule_its_policy_and_leaves_special_procedures_alone(preset: str) -> None:
    preset_adopt(preset=preset, valid_from=TOMORROW, actor=SYSTEM, at=AT)
    now = {rule.code: rule.policy for rule in rules_in_force(TOMORROW)}
    assert now["cases.procedure"] == "procedure"
    assert now["cases.statutory"] == "two-limit.statutory"
    assert preset_adopt(preset=preset, valid_from=TOMORROW, actor=SYSTEM, at=AT) == []

"""Decisions and duties for the tests of this package and those above. Not imported by the product."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.cases.testing import CaseWorld
from zhengxiao.kernel.access.testing import SampleOrg
from zhengxiao.kernel.timeline.api import deliver_due
from zhengxiao.mechanisms.disclosures.duties import Owed, duties_open
from zhengxiao.mechanisms.disclosures.models import Disclosure
from zhengxiao.mechanisms.disclosures.rules import Kind, SubjectKind

ZONE = ZoneInfo("Asia/Shanghai")
GRANT = {"result_no": "示许准〔2026〕1 号", "certificate_no": "示证 1"}


def at(day: str, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=ZONE)


def granted_case(world: CaseWorld, *, day: str, number: str = "示许准〔2026〕1 号", **changes: Any) -> Case:
    """A case received, accepted and granted on one day; what was said is delivered."""
    case = world.accepted(at=at(day, 9), **changes)
    case = world.move(case, "grant", at=at(day, 10), data={**GRANT, "result_no": number})
    deliver_due(at=at(day, 11), limit=500)
    return case


def owed(org: SampleOrg, number: int, *, decided_at: datetime, **changes: Any) -> Owed:
    """A decision of the market office."""
    values: dict[str, Any] = {
        "kind": Kind.LICENCE,
        "origin": "sample",
        "origin_id": str(number),
        "region_id": org.district_a.pk,
        "region_code": org.district_a.code,
        "department_id": org.market.pk,
        "unit_id": org.section.pk,
        "calendar_key": org.district_a.code,
        "document_no": f"示许准〔2026〕{number} 号",
        "title": "建筑工程施工许可证核发",
        "decided_at": decided_at,
        "subject_name": "示例建设有限公司",
        "subject_kind": SubjectKind.ORGANISATION,
        "credit_code": "91990102MA00000019",
        **changes,
    }
    return Owed(**values)


def duty(org: SampleOrg, number: int = 1, *, day: str = "2026-03-02", **changes: Any) -> Disclosure:
    """One duty from a decision at ten o'clock of the day."""
    (row,) = duties_open([owed(org, number, decided_at=at(day), **changes)], at=at(day, 11))
    return row

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
CODE = "91350100M000100Y43"
LICENCE = {
    "XK_XDR_MC": "示例建设有限公司", "XK_XDR_LB": "法人及非法人组织", "XK_XDR_SHXYM": CODE, "XK_FRDB": "王示例",
    "XK_XKWS": "准予行政许可决定书", "XK_WSH": "示许准〔2026〕1 号", "XK_XKLB": "普通", "XK_NR": "准予施工",
    "XK_JDRQ": "2026/03/04", "XK_YXQZ": "2026/03/04", "XK_YXQZI": "2099/12/31", "XK_XKJG": "示例局",
    "XK_XKJGDM": CODE, "XK_ZT": "1", "XK_LYDW": "示例局", "XK_LYDWDM": CODE,
}  # fmt: skip
PENALTY = {
    "CF_XDR_MC": "示例建设有限公司", "CF_XDR_LB": "法人及非法人组织", "CF_XDR_SHXYM": CODE, "CF_FRDB": "王示例",
    "CF_WSH": "示罚〔2026〕1 号", "CF_WFXW": "未取得许可施工", "CF_SY": "擅自施工", "CF_YJ": "建筑法", "CF_CFLB": "罚款",
    "CF_NR": "罚款 5000 元", "CF_NR_FK": "0.5", "CF_JDRQ": "2026/03/04", "CF_YXQ": "2099/12/31", "CF_CFJG": "示例局",
    "CF_CFJGDM": CODE, "CF_SJLY": "示例局", "CF_SJLYDM": CODE,
}  # fmt: skip
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
        "credit_code": CODE,
        "record": {**LICENCE, "XK_WSH": f"示许准〔2026〕{number} 号", "XK_JDRQ": f"{decided_at:%Y/%m/%d}",
                   "XK_YXQZ": f"{decided_at:%Y/%m/%d}"},
        **changes,
    }  # fmt: skip
    return Owed(**values)


def duty(org: SampleOrg, number: int = 1, *, day: str = "2026-03-02", **changes: Any) -> Disclosure:
    """One duty from a decision at ten o'clock of the day."""
    (row,) = duties_open([owed(org, number, decided_at=at(day), **changes)], at=at(day, 11))
    return row

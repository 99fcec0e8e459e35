"""Code tables of service items, as data (GB/T 39046-2020; domain reference §2.1, §2.2, §2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhengxiao.lib.refusals import gettext_noop


@dataclass(frozen=True, slots=True)
class TaskType:
    """An item type (事项类型) and whether it starts with somebody's application."""

    code: str
    label: str
    by_application: bool


TASK_TYPES: Mapping[str, TaskType] = {
    row.code: row
    for row in (
        TaskType("01", gettext_noop("行政许可"), True),
        TaskType("02", gettext_noop("行政处罚"), False),
        TaskType("03", gettext_noop("行政强制"), False),
        TaskType("04", gettext_noop("行政征收"), False),
        TaskType("05", gettext_noop("行政给付"), True),
        TaskType("06", gettext_noop("行政检查"), False),
        TaskType("07", gettext_noop("行政确认"), True),
        TaskType("08", gettext_noop("行政奖励"), True),
        TaskType("09", gettext_noop("行政裁决"), True),
        TaskType("10", gettext_noop("其他行政权力"), True),
        TaskType("20", gettext_noop("公共服务"), True),
    )
}
APPLICANT_FACING = ("01", "05", "07", "08", "09", "20")
"""The six types people apply for: 许可 给付 确认 奖励 裁决 公共服务."""

LEVELS: Mapping[str, str] = {
    "1": gettext_noop("国家级"),
    "2": gettext_noop("省级"),
    "3": gettext_noop("市级"),
    "4": gettext_noop("县级"),
    "5": gettext_noop("乡镇（街道）级"),
    "6": gettext_noop("村（社区）级"),
    "7": gettext_noop("分级行使"),
}
KINDS: Mapping[str, str] = {"instant": gettext_noop("即办件"), "promised": gettext_noop("承诺件")}
SERVICE_OBJECTS = (
    gettext_noop("自然人"),
    gettext_noop("企业法人"),
    gettext_noop("事业法人"),
    gettext_noop("社会组织法人"),
    gettext_noop("非法人企业"),
    gettext_noop("行政机关"),
    gettext_noop("其他组织"),
)
NECESSITY: Mapping[str, str] = {
    "required": gettext_noop("必要"),
    "optional": gettext_noop("非必要"),
    "tolerable": gettext_noop("可容缺"),
}
ONLINE_DEPTHS: Mapping[str, str] = {
    "1": gettext_noop("Ⅰ级 信息公开"),
    "2": gettext_noop("Ⅱ级 表格下载或提交"),
    "3": gettext_noop("Ⅲ级 在线预审受理"),
    "4": gettext_noop("Ⅳ级 全程网办"),
}
VERSION_STATES: Mapping[str, str] = {
    "draft": gettext_noop("草稿"),
    "in_review": gettext_noop("待审核"),
    "published": gettext_noop("已发布"),
    "retired": gettext_noop("已停用"),
}
CLAIM_STATES: Mapping[str, str] = {
    "to_claim": gettext_noop("待认领"),
    "claimed": gettext_noop("已认领"),
    "declined": gettext_noop("不认领"),
}


def task_type_code(text: str) -> str | None:
    """`1`, `01` or the label → `01`; None when no type is meant."""
    plain = text.strip()
    if plain.isascii() and plain.isdigit():
        code = plain.zfill(2)
        return code if code in TASK_TYPES else None
    return next((row.code for row in TASK_TYPES.values() if row.label == plain), None)

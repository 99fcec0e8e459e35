"""What machines say of a draft: inputs as data, and the content they make on top of what was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.catalogue import refusals
from zhengxiao.backbone.catalogue.content import INSTANT_WAITS, Material, VersionContent
from zhengxiao.backbone.catalogue.limits import Limit, limit_from_text
from zhengxiao.backbone.catalogue.rules import Kind
from zhengxiao.backbone.catalogue.vocabulary import (
    KINDS,
    LEVELS,
    NECESSITY,
    ONLINE_DEPTHS,
    SERVICE_OBJECTS,
    TASK_TYPES,
)
from zhengxiao.kernel.calendar.api import Term
from zhengxiao.kernel.ui.api import Many
from zhengxiao.kernel.workflow.api import Field, FieldKind
from zhengxiao.lib.refusals import Refusal

LONG = 20_000
"""Most signs of a text that quotes the law or describes a process."""


TERM = re.compile(r"[0-9]{1,5}(wd|wh|h|d|m|y)")


def _line(name: str, label: Any, longest: int = 200) -> Field:
    return Field(name, label, required=False, longest=longest)


def _text(name: str, label: Any) -> Field:
    return Field(name, label, FieldKind.LONG_TEXT, required=False, longest=LONG)


def _flag(name: str, label: Any) -> Field:
    return Field(name, label, FieldKind.BOOLEAN, required=False)


def _choice(name: str, label: Any, table: Mapping[str, Any], initial: str = "") -> Field:
    choices = tuple((key, _(getattr(row, "label", row))) for key, row in table.items())
    return Field(name, label, FieldKind.CHOICE, required=False, choices=choices, initial=initial)


MATERIAL = (
    Field("name", _("申请材料"), longest=1000),
    _choice("necessity", _("必要性"), NECESSITY, initial="required"),
    _line("document_kind", _("材料形式"), 40),
    _line("medium", _("介质"), 40),
    Field("copies", _("份数"), FieldKind.NUMBER, required=False, maximum=99),
    _line("specification", _("规格")),
    _line("origin", _("来源渠道")),
    _text("legal_basis", _("设定依据")),
    _text("standard", _("受理标准")),
    _line("form_ref", _("表单"), 500),
    _line("sample_ref", _("样表"), 500),
)
STEP = (Field("name", _("办理环节"), longest=200), _line("term", _("单独时限"), 40))
CONTENT: tuple[Field | Many, ...] = (
    _line("name", _("事项名称"), 1000),
    _line("sub_name", _("子项（情形）"), 1000),
    _choice("task_type", _("事项类型"), TASK_TYPES),
    _choice("kind", _("办件类型"), KINDS),
    _line("statutory", _("法定时限"), 40),
    _line("promised", _("承诺时限"), 40),
    _text("legal_basis", _("设定依据")),
    _text("conditions", _("受理条件")),
    Many("process_steps", _("办理环节"), fields=STEP),
    _text("process_text", _("办理流程说明")),
    Many("materials", _("申请材料"), fields=MATERIAL),
    _line("form_ref", _("表单"), 500),
    _line("result_name", _("审批结果"), 500),
    Many("service_objects", _("服务对象"), most=len(SERVICE_OBJECTS), longest=20),
    Many("themes", _("主题分类"), most=50),
    Many("handle_forms", _("办理形式"), most=20),
    Field("visits", _("到现场次数"), FieldKind.NUMBER, required=False, maximum=99),
    _text("visits_reason", _("须到现场的原因")),
    _flag("has_fee", _("是否收费")),
    _text("fee_basis", _("收费依据")),
    _text("fee_standard", _("收费标准")),
    _text("location", _("办理地点")),
    _text("office_hours", _("办理时间")),
    _line("consult_phone", _("咨询电话")),
    _line("complaint_phone", _("监督投诉电话")),
    _text("co_departments", _("联办机构")),
    _flag("is_online", _("网上办理")),
    _line("online_url", _("网办地址"), 2000),
    _choice("online_depth", _("网办深度"), ONLINE_DEPTHS),
    _flag("is_nearby", _("就近办理")),
    _flag("is_express", _("支持快递")),
    _flag("is_bookable", _("支持预约")),
)
REASON = Field("reason", _("调整理由"), FieldKind.LONG_TEXT, help=_("说明为什么设立或修改，会记入版本"))
NEW = (
    Field("unit", _("实施部门编码")),
    Field("code", _("事项编码"), longest=80),
    _line("basic_code", _("基本编码"), 40),
    _line("local_catalog_code", _("地方目录编码"), 50),
    _line("local_task_code", _("地方事项编码"), 80),
    _choice("level", _("行使层级"), LEVELS),
)
_PLAIN = frozenset(field.name for field in CONTENT) - {"statutory", "promised", "process_steps", "materials"}


def limit_columns(kind: str, statutory: Limit, promised: Limit) -> dict[str, Any]:
    """The columns behind two limits; an item done at once promises nothing and need not say so."""
    instant = kind == Kind.INSTANT.value and not promised.is_stated
    return {
        "statutory_amount": statutory.term.amount if statutory.term else None,
        "statutory_unit": statutory.term.unit.value if statutory.term else "",
        "statutory_none": statutory.none,
        "promised_amount": 0 if instant else promised.term.amount if promised.term else None,
        "promised_unit": "wd" if instant else promised.term.unit.value if promised.term else "",
    }


def content_given(data: Mapping[str, Any], before: VersionContent) -> VersionContent:
    """The content as told on top of what was; what is not told stays. Lists are told whole.

    Refuses LimitUnreadable, ValueUnknown for a service object nobody has, ContentFaulty for an item done at once that
    promises a term.
    """
    told: dict[str, Any] = {name: _value(data[name]) for name in _PLAIN if name in data}
    strange = [name for name in told.get("service_objects", ()) if name not in SERVICE_OBJECTS]
    if strange:
        raise refusals.ValueUnknown(field="service_objects", value=strange[0])
    if "process_steps" in data:
        known = {_step_told(step): step for step in before.process_steps}
        told["process_steps"] = tuple(_step(row, known) for row in data["process_steps"])
    if "materials" in data:
        told["materials"] = tuple(Material(**row) for row in data["materials"])
    after = replace(before, **told)
    limits = {name: _limit(data, name, getattr(before, name)) for name in ("statutory", "promised")}
    if "promised" not in data and after.kind != before.kind:
        limits["promised"] = Limit()  # what the other kind promised is no promise of this one
    after = replace(after, **limit_columns(after.kind, **limits))
    if after.kind == Kind.INSTANT.value and after.promised_amount != 0:
        raise refusals.ContentFaulty(field=INSTANT_WAITS.field, faults=_(INSTANT_WAITS.text))
    return after


def _value(told: Any) -> Any:
    return tuple(told) if isinstance(told, list) else told


def _limit(data: Mapping[str, Any], name: str, before: Limit) -> Limit:
    """Refuses LimitUnreadable, beside the input."""
    return before if name not in data else _limit_read(data[name], name)


def _limit_read(text: str, field: str) -> Limit:
    """20wd, none, or as lists write it. Refuses LimitUnreadable, TermOutOfRange, beside the input."""
    try:
        return Limit(Term.parse(text)) if TERM.fullmatch(text) else limit_from_text(text)
    except Refusal as unreadable:
        unreadable.field = field
        raise


def _limit_told(limit: Limit) -> str:
    return str(limit.term) if limit.term else "none" if limit.none else ""


def _step_told(step: Any) -> tuple[str, str]:
    """(name, term) of a step as it is stored."""
    if isinstance(step, dict):
        return str(step.get("name", "")), str(step.get("term") or "")
    return str(step), ""


def _step(row: Mapping[str, str], known: Mapping[tuple[str, str], Any]) -> Any:
    """A step as it is stored; one that says what a step before said is that step, whatever stands in it."""
    limit = _limit_read(row["term"], "process_steps")
    told = row["name"], str(limit.term) if limit.term else ""
    return known.get(told, {"name": told[0], "term": told[1]} if told[1] else told[0])


def content_told(content: VersionContent) -> dict[str, Any]:
    """The content as machines read it, in the spelling that `content_given` takes."""
    told = {name: getattr(content, name) for name in sorted(_PLAIN)}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}
    return plain | {
        "statutory": _limit_told(content.statutory),
        "promised": _limit_told(content.promised),
        "process_steps": [
            dict(zip(("name", "term"), _step_told(step), strict=True)) for step in content.process_steps
        ],
        "materials": [
            {field.name: getattr(row, field.name) for field in fields(Material)} for row in content.materials
        ],
    }

"""The ledger of the relay (审管衔接台账): columns and conditions once, for table, file, print and machines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.parties.api import mask_name
from zhengxiao.kernel.access.api import ScopeFields, scope_q
from zhengxiao.kernel.clock.api import Clock, Light
from zhengxiao.kernel.notices.api import About
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import Column, Filter, Ledger, begins_with
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.relay import permissions
from zhengxiao.mechanisms.relay.models import Relayed
from zhengxiao.mechanisms.relay.words import MEASURES
from zhengxiao.mechanisms.relay.workflow import WORKFLOW

DEPARTMENTS = ScopeFields(region="region_id", department="department_id", unit="pk", person=None)


def relayed_url(row: Relayed) -> str:
    return reverse("relay:relayed", args=[row.pk])


def about_relayed(key: int) -> About:
    """How notices name a row and where they lead."""
    row = Relayed.objects.filter(pk=key).first()
    return About() if row is None else About(label=str(row), url=relayed_url(row))


def subject_shown(row: Relayed) -> str:
    """Organisations in full, natural persons masked."""
    return mask_name(row.subject_name) if row.is_person else row.subject_name


def running_clock(row: Relayed) -> Clock | None:
    clocks = (row.answer_clock, row.claim_clock)
    return next((clock for clock in clocks if clock is not None and clock.stopped_at is None), None)


def light_of(row: Relayed, at: datetime) -> tuple[str, str]:
    """The light of the clock that runs, with its day in words."""
    clock = running_clock(row)
    if clock is None or clock.due_on is None:
        return "none", ""
    light = clock.light(at) or Light.GREEN
    late = clock.due_at is not None and clock.due_at < at
    return light.value, gettext("已超期") if late else gettext("{day}到期").format(
        day=f"{clock.due_on:%m-%d}"
    )


def _name(unit: Unit) -> str:
    return unit.short_name or unit.name


def _departments(actor: Actor) -> list[tuple[str, str]]:
    reached = scope_q(actor, permissions.VIEW, DEPARTMENTS)
    units = Unit.objects.filter(reached, kind="department", is_active=True)
    return [(str(unit.pk), _name(unit)) for unit in units.order_by("code")[:300]]


def _text(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """A document number, or an organisation by the beginning of its name."""
    return rows.filter(
        begins_with("result_no", value) | begins_with("subject_name", value) & Q(is_person=False)
    )


def _late(rows: QuerySet[Any], value: str, at: datetime) -> QuerySet[Any]:
    claimed_late = Q(claimed_at__gt=F("claim_clock__due_at"))
    unclaimed = Q(claimed_at__isnull=True, claim_clock__due_at__lt=at)
    late = claimed_late | unclaimed
    return rows.filter(late) if value == "late" else rows.exclude(late)


COLUMNS = (
    Column("result_no", _("决定文书号")),
    Column("title", _("事项")),
    Column("subject", _("行政相对人"), value=subject_shown, full=lambda row: row.subject_name),
    Column("decided_by", _("审批部门"), value=lambda row: _name(row.decided_by)),
    Column("unit", _("监管单位"), value=lambda row: _name(row.unit)),
    Column("state", _("状态"), value=lambda row: WORKFLOW.state(row.state).label),
    Column("light", _("灯"), kind="light", value_at=light_of),
    Column("pushed", _("推送时间"), value="pushed_at", kind="datetime", sortable=True, sort=("pushed_at",)),
    Column("claimed", _("认领时间"), value="claimed_at", kind="datetime", sortable=True, nulls_last=True),
    Column("answered", _("反馈时间"), value="answered_at", kind="datetime", sortable=True, nulls_last=True, default=False),
    Column("measure", _("监管方式"), value=lambda row: MEASURES.get(row.measure, "")),
)  # fmt: skip
FILTERS = (
    Filter("q", _("文书号或名称"), apply=_text, example=_("输入开头几个字")),
    Filter("state", _("状态"), "choice", "state", choices=lambda actor: WORKFLOW.choices),
    Filter("claim", _("认领"), "choice", apply_at=_late,
           choices=lambda actor: [("late", _("超期")), ("in_time", _("未超期"))]),
    Filter("department", _("监管部门"), "choice", "department_id", choices=_departments),
    Filter("pushed", _("推送日期"), "moment_range", "pushed_at"),
)  # fmt: skip
LEDGER = Ledger(
    name="relay",
    title=_("审管衔接台账"),
    columns=COLUMNS,
    filters=FILTERS,
    default_sort="-pushed",
    row_url=relayed_url,
    empty_title=_("没有推送来的许可"),
    empty_hint=_("准予许可的决定作出后，会自动推送至监管单位。"),
)

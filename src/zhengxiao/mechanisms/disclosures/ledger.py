"""The ledger of double publicity (双公示台账): columns and conditions once, for table, file, print and machines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.parties.api import mask_name
from zhengxiao.kernel.access.api import ScopeFields, scope_q
from zhengxiao.kernel.clock.api import Clock, Light
from zhengxiao.kernel.notices.api import About
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import Column, Filter, Ledger, begins_with
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.models import Disclosure
from zhengxiao.mechanisms.disclosures.rules import VERDICT_WORDS, SubjectKind, Verdict, verdict
from zhengxiao.mechanisms.disclosures.words import KIND_WORDS
from zhengxiao.mechanisms.disclosures.workflow import WORKFLOW

DEPARTMENTS = ScopeFields(region="region_id", department="department_id", unit="pk", person=None)


def disclosure_url(row: Disclosure) -> str:
    return reverse("disclosures:record", args=[row.pk])


def about_disclosure(key: int) -> About:
    """How notices name a record and where they lead."""
    row = Disclosure.objects.filter(pk=key).first()
    return About() if row is None else About(label=f"{row.document_no} {row.title}", url=disclosure_url(row))


def subject_shown(row: Disclosure) -> str:
    """Organisations in full, natural persons masked."""
    return mask_name(row.subject_name) if row.subject_kind == SubjectKind.PERSON else row.subject_name


def verdict_of(row: Disclosure, at: datetime) -> Verdict:
    return verdict(due_at=row.clock.due_at, reported_at=row.reported_at, ended_at=row.ended_at, at=at)


def _verdict(row: Disclosure, at: datetime) -> str:
    return gettext(VERDICT_WORDS[verdict_of(row, at)])


def light_of(row: Disclosure, at: datetime) -> tuple[str, str]:
    """The light of the clock that runs, with what is left of it in words."""
    clock = running_clock(row)
    if clock is None:
        return "none", ""
    light = clock.light(at) or Light.GREEN
    if clock.due_on is None:
        return light.value, ""
    words = gettext("已超期") if clock.due_at is not None and clock.due_at < at else ""
    return light.value, words or gettext("{day}到期").format(day=f"{clock.due_on:%m-%d}")


def running_clock(row: Disclosure) -> Clock | None:
    """The clock that speaks for the record: taking down before reporting."""
    for clock in (row.takedown_clock, row.clock):
        if clock is not None and clock.stopped_at is None:
            return clock
    return None


def _departments(actor: Actor) -> list[tuple[str, str]]:
    reached = Unit.objects.filter(
        scope_q(actor, permissions.VIEW, DEPARTMENTS), kind="department", is_active=True
    )
    return [(str(unit.pk), unit.short_name or unit.name) for unit in reached.order_by("code")[:300]]


def find_text(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """A document number, credit code or organisation by its beginning. Natural persons are not looked up by name."""
    named = begins_with("subject_name", value) & ~Q(subject_kind=SubjectKind.PERSON.value)
    return rows.filter(
        begins_with("document_no", value)
        | begins_with("number", value)
        | Q(credit_code=value.upper())
        | named
    )


VERDICT_CONDITIONS: dict[str, Callable[[datetime], Q]] = {
    Verdict.ON_TIME: lambda at: Q(reported_at__lte=at) & Q(reported_at__lte=F("clock__due_at")),
    Verdict.LATE: lambda at: Q(reported_at__lte=at) & Q(reported_at__gt=F("clock__due_at")),
    Verdict.MISSING: lambda at: (
        Q(clock__due_at__lt=at)
        & (Q(reported_at__isnull=True) | Q(reported_at__gt=at))
        & (Q(ended_at__isnull=True) | Q(ended_at__gt=at) | Q(ended_at__gt=F("clock__due_at")))
    ),
    Verdict.NOT_DUE: lambda at: (
        Q(clock__due_at__gte=at)
        & (Q(reported_at__isnull=True) | Q(reported_at__gt=at))
        & (Q(ended_at__isnull=True) | Q(ended_at__gt=at))
    ),
}
"""The same rule as `rules.verdict`, in the query; tests hold one against the other."""


def _with_verdict(rows: QuerySet[Any], value: str, at: datetime) -> QuerySet[Any]:
    return rows.filter(VERDICT_CONDITIONS[value](at))


def _concealed(rows: QuerySet[Any], value: bool) -> QuerySet[Any]:
    open_ = Q(finding__isnull=False, finding__lifted_at__isnull=True)
    return rows.filter(open_) if value else rows.exclude(open_)


def _rejected(rows: QuerySet[Any], value: bool) -> QuerySet[Any]:
    return rows.filter(rejected_at__isnull=not value)


COLUMNS = (
    Column("document_no", _("决定文书号")),
    Column("kind", _("种类"), value=lambda row: KIND_WORDS[row.kind]),
    Column("title", _("事项或案由")),
    Column("subject", _("行政相对人"), value=subject_shown, full=lambda row: row.subject_name),
    Column("department", _("部门"), value=lambda row: row.department.short_name or row.department.name),
    Column("state", _("状态"), value=lambda row: WORKFLOW.state(row.state).label),
    Column("light", _("灯"), kind="light", value_at=light_of),
    Column("verdict", _("时效"), value_at=_verdict),
    Column("decided", pgettext_lazy("列", "决定"), value="decided_on", kind="date", sortable=True, sort=("decided_at",)),
    Column("due", _("报送到期"), value="clock.due_on", kind="date"),
    Column("reported", _("首次报送"), value="reported_at", kind="datetime", sortable=True, nulls_last=True, default=False),
    Column("received", _("入库"), value="received_at", kind="datetime", sortable=True, nulls_last=True, default=False),
    Column("reject_reason", _("退回原因"), default=False),
    Column("credit_code", _("统一社会信用代码"), default=False),
    Column("number", _("公示编号"), default=False),
    Column("revision", _("内容版本"), kind="number", default=False),
)  # fmt: skip

FILTERS = (
    Filter("q", _("文书号、信用代码或名称"), apply=find_text, example=_("输入开头几个字")),
    Filter("kind", _("种类"), "choice", "kind", choices=lambda actor: list(KIND_WORDS.items())),
    Filter("state", _("状态"), "choice", "state", choices=lambda actor: WORKFLOW.choices),
    Filter("verdict", _("时效"), "choice", apply_at=_with_verdict,
           choices=lambda actor: [(v.value, _(VERDICT_WORDS[v])) for v in map(Verdict, VERDICT_CONDITIONS)]),
    Filter("department", _("部门"), "choice", "department_id", choices=_departments),
    Filter("decided", _("决定日期"), "date_range", "decided_on"),
    Filter("rejected", _("被退回过"), "bool", apply=_rejected),
    Filter("concealed", _("瞒报"), "bool", apply=_concealed),
)  # fmt: skip

LEDGER = Ledger(
    name="disclosures",
    title=_("双公示台账"),
    columns=COLUMNS,
    filters=FILTERS,
    default_sort="-decided",
    row_url=disclosure_url,
    empty_title=_("没有这样的记录"),
    empty_hint=_("准予许可的决定作出后，应报送的记录会自动出现在这里；行政处罚由导入或录入产生。"),
)

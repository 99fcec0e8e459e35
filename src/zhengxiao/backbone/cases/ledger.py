"""The ledger of cases (办件台账): columns and conditions, as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.backbone.cases.masking import applicant_shown
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.words import CHANNELS, KIND_WORDS, LIGHT_NAMES, RESULT_WORDS
from zhengxiao.backbone.cases.workflow import WORKFLOW
from zhengxiao.kernel.access.api import ScopeFields, scope_q
from zhengxiao.kernel.calendar.api import NATION, day_table
from zhengxiao.kernel.clock.api import Clock, Light
from zhengxiao.kernel.notices.api import About
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import Column, Filter, Ledger, begins_with
from zhengxiao.lib.actors import Actor, Role

UNIT_SCOPE = ScopeFields(region="region_id", department="department_id", unit="pk", person=None, public=None)


NUMBER_LIKE = re.compile(r"[0-9]{6}-")
"""The district and the dash after it: how case numbers begin."""


def case_url(case: Case) -> str:
    return reverse("cases:case", args=[case.number])


def about_case(case_id: int) -> About:
    """How notices name a case and where they lead."""
    case = Case.objects.filter(pk=case_id).first()
    return About() if case is None else _about(case)


def about_cases(case_ids: Collection[int]) -> dict[int, About]:
    """`about_case` for many, in one query."""
    return {
        case.pk: _about(case) for case in Case.objects.filter(pk__in=case_ids).only("item_name", "number")
    }


def _about(case: Case) -> About:
    return About(label=f"{case.item_name} {case.number}", url=case_url(case))


def _light(case: Any) -> tuple[str, str]:
    return str(case.shown_light), case.shown_short


def _due(name: str) -> Callable[[Any, datetime], Any]:
    """The due day of one of the two limits; none while it stands still, for then it is not known."""

    def due(case: Any, at: datetime) -> Any:
        clock: Clock | None = getattr(case, name)
        return None if clock is None or clock.light(at) is Light.GREY else clock.due_on

    return due


def _word(table: Any, name: str) -> Callable[[Case], Any]:
    return lambda case: table.get(getattr(case, name), getattr(case, name))


def _state(case: Case) -> Any:
    return WORKFLOW.state(case.state).label


def _units(kind: str) -> Callable[[Actor], list[tuple[str, str]]]:
    """Choices: the units of a kind that the actor's view of cases reaches."""

    def choices(actor: Actor) -> list[tuple[str, str]]:
        reached = Unit.objects.filter(scope_q(actor, "cases.view", UNIT_SCOPE), kind=kind, is_active=True)
        names = reached.order_by("code").values_list("pk", "short_name", "name")
        return [(str(pk), short or name) for pk, short, name in names[:300]]

    return choices


def _text(cases: QuerySet[Any], value: str) -> QuerySet[Any]:
    """A number by its beginning, or an applicant by the beginning of the name; what looks like a number is no name."""
    number = begins_with("number", value)
    return cases.filter(number if NUMBER_LIKE.match(value) else number | begins_with("applicant_name", value))


def _item(cases: QuerySet[Any], value: str) -> QuerySet[Any]:
    return cases.filter(item_name__icontains=value)


def _with_light(cases: Any, value: str, at: datetime) -> QuerySet[Any]:
    found: QuerySet[Any] = cases.with_light(Light(value), at)
    return found


def _due_within(cases: QuerySet[Any], value: str, at: datetime) -> QuerySet[Any]:
    """A running clock falls due today or in the next N working days of the national calendar; late ones not."""
    table = day_table(NATION)
    today = table.local_date(at)
    last = table.nth_workday_from(today, int(value)) if int(value) else today
    after = datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=table.zone)
    mine = Clock.objects.running().filter(subject_kind="case", subject_id=OuterRef("pk"))
    return cases.filter(Exists(mine.filter(due_at__gte=at, due_at__lt=after)))


def _refiled(cases: QuerySet[Any], value: bool) -> QuerySet[Any]:
    return cases.filter(refiled_from__isnull=not value)


def _mine(cases: QuerySet[Any], value: str) -> QuerySet[Any]:
    return cases.filter(handler_id=int(value))


def _party(cases: QuerySet[Any], value: str) -> QuerySet[Any]:
    """All cases of one party, by its key; where numbers of persons are searched for, this is what stands in the address."""
    return (
        cases.filter(party_id=int(value))
        if value.isascii() and value.isdigit() and len(value) < 18
        else cases.none()
    )


COLUMNS = (
    Column("number", _("编号")),
    Column("item", _("事项"), value="item_name"),
    Column("applicant", _("申请人"), value=applicant_shown, full=lambda case: case.applicant_name,
           joins=("party",)),
    Column("department", _("部门"), value=lambda case: case.department.short_name or case.department.name,
           default=False, joins=("department",)),
    Column("section", _("科室"), value=lambda case: case.unit.short_name or case.unit.name, default=False,
           joins=("unit",)),
    Column("handler", _("经办"), value=lambda case: case.handler.display_name if case.handler else "",
           joins=("handler",)),
    Column("state", _("状态"), value=_state),
    Column("light", _("灯"), kind="light", value=_light),
    Column("promised", _("承诺到期"), value_at=_due("promised_clock"), kind="date"),
    Column("statutory", _("法定到期"), value_at=_due("statutory_clock"), kind="date", default=False),
    Column("received", pgettext_lazy("列", "收件"), value="received_at", kind="datetime", sortable=True),
    Column("accepted", pgettext_lazy("列", "受理"), value="accepted_at", kind="datetime", sortable=True,
           nulls_last=True, default=False),
    Column("finished", _("办结"), value="finished_at", kind="datetime", sortable=True, nulls_last=True, default=False),
    Column("kind", _("办件类型"), value=_word(KIND_WORDS, "kind"), default=False),
    Column("channel", _("来源"), value=_word(CHANNELS, "channel"), default=False),
    Column("result", _("办理结果"), value=_word(RESULT_WORDS, "result"), default=False),
    Column("voucher", _("受理凭证号"), value="voucher_no", default=False),
    Column("source", _("来源系统"), value="source_system", default=False),
)  # fmt: skip

FILTERS = (
    Filter("q", _("编号或申请人"), apply=_text, example=_("输入开头几个字")),
    Filter("item", _("事项"), apply=_item),
    Filter("department", _("部门"), "choice", "department_id", choices=_units("department")),
    Filter("section", _("科室"), "choice", "unit_id", choices=_units("section")),
    Filter("state", _("状态"), "choice", "state", choices=lambda actor: WORKFLOW.choices),
    Filter("light", _("灯"), "choice", apply_at=_with_light,
           choices=lambda actor: list(LIGHT_NAMES.items())),
    Filter("due", _("到期"), "choice", apply_at=_due_within,
           choices=lambda actor: [
               ("0", _("今日")), ("1", _("1 个工作日内")), ("3", _("3 个工作日内")), ("5", _("5 个工作日内")),
           ]),
    Filter("mine", _("经办"), "choice", apply=_mine, choices=lambda actor: [(str(actor.user_id or 0), _("我经办的"))]),
    Filter("party", _("主体编号"), apply=_party),
    Filter("channel", _("来源"), "choice", "channel", choices=lambda actor: list(CHANNELS.items())),
    Filter("deemed", _("逾期视为受理"), "bool", "deemed_accepted"),
    Filter("refiled", _("疑似撤回重报"), "bool", apply=_refiled),
    Filter("received", _("收件日期"), "moment_range", "received_at"),
    Filter("finished", _("办结日期"), "moment_range", "finished_at"),
)  # fmt: skip

LEDGER = Ledger(
    name="cases",
    title=_("办件"),
    columns=COLUMNS,
    filters=FILTERS,
    default_sort="-received",
    row_url=case_url,
    empty_title=_("还没有办件"),
    empty_hint=_("窗口收件后，办件会出现在这里。"),
)

WIDE = replace(
    LEDGER,
    columns=tuple(
        replace(column, default={"department": True, "handler": False}.get(column.key, column.default))
        for column in COLUMNS
    ),
)
"""For those who see several departments: the department instead of the handler, unless they chose columns."""


def ledger_for(actor: Actor) -> Ledger:
    """The same ledger for everybody; only which columns stand there at first differs."""
    return WIDE if actor.roles & {Role.SUPERVISOR, Role.LEADER, Role.AUDITOR, Role.WINDOW_CLERK} else LEDGER

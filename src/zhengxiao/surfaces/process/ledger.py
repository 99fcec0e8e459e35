"""The items whose process may be looked at, and the cases behind its numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.api import LEDGER
from zhengxiao.kernel.access.api import ScopeFields, scope_q
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import Column, Filter, Ledger
from zhengxiao.lib.actors import Actor
from zhengxiao.surfaces.process import permissions

DEPARTMENTS = ScopeFields(region="region_id", department="department_id", unit="pk", person=None, public=None)
ITEMS_SCOPE = ScopeFields(
    region="item__region_id",
    department="item__unit__department_id",
    unit="item__unit_id",
    person=None,
    public=None,
)


def departments(actor: Actor) -> list[tuple[str, str]]:
    """The departments in reach, as choices."""
    reached = Unit.objects.filter(
        scope_q(actor, permissions.VIEW, DEPARTMENTS), kind="department", is_active=True
    )
    return [(str(unit.pk), unit.short_name) for unit in reached.order_by("code")[:500]]


def item_url(version: Any) -> str:
    return reverse("process:item", args=[version.item_id])


def _name(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(name__icontains=value)


ITEMS = Ledger(
    name="process.items",
    title=_("流程透视"),
    columns=(
        Column("name", _("事项"), sortable=True),
        Column("department", _("部门"), value="item.unit.short_name"),
        Column("code", _("编码"), value="item.code"),
    ),
    filters=(
        Filter("q", _("事项名称"), apply=_name, example=_("输入几个字")),
        Filter("department", _("部门"), "choice", "item__unit_id", choices=departments),
    ),
    default_sort="name",
    row_url=item_url,
    empty_title=_("没有事项"),
    empty_hint=_("发布事项并办结办件后，可在这里看它实际怎么走。"),
)

CASES = replace(LEDGER, name="process.cases")

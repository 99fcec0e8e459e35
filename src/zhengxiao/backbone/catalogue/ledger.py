"""The 台账 of items: columns and filters once, for the table, Excel, CSV and print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.catalogue.models import BasicItem, ItemClaim, ItemVersion
from zhengxiao.backbone.catalogue.queries import comparisons
from zhengxiao.backbone.catalogue.rules import standing
from zhengxiao.backbone.catalogue.steps import limit_words
from zhengxiao.backbone.catalogue.vocabulary import (
    CLAIM_STATES,
    KINDS,
    LEVELS,
    TASK_TYPES,
    VERSION_STATES,
)
from zhengxiao.backbone.catalogue.words import STANDING_WORDS
from zhengxiao.kernel.orgs.api import Unit, local_day
from zhengxiao.kernel.ui.api import Column, Filter, Ledger
from zhengxiao.lib.actors import Actor

Rows = QuerySet[ItemVersion]


def _word(table: Any, read: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda row: gettext(table[read(row)]) if read(row) in table else read(row)


def _type(row: Any) -> str:
    return gettext(TASK_TYPES[row.task_type].label) if row.task_type in TASK_TYPES else str(row.task_type)


def _item_url(row: Any) -> str:
    return f"{reverse('catalogue:item', args=[row.item_id])}?version={row.number}"


def _full_name(row: ItemVersion) -> str:
    return f"{row.name}（{row.sub_name}）" if row.sub_name else row.name


def _units(actor: Actor) -> list[tuple[str, str]]:
    rows = Unit.objects.filter(items__isnull=False).distinct().order_by("short_name")
    return [(str(key), name) for key, name in rows.values_list("pk", "short_name")]


def _pairs(table: Any) -> Callable[[Actor], list[tuple[str, str]]]:
    return lambda actor: [(key, gettext(getattr(value, "label", value))) for key, value in table.items()]


def _named(rows: Rows, value: str) -> Rows:
    return rows.filter(
        Q(name__icontains=value) | Q(sub_name__icontains=value) | Q(item__code__icontains=value)
    )


def _limit_missing(rows: Rows, value: bool) -> Rows:
    missing = Q(statutory_amount__isnull=True, statutory_none=False) | Q(promised_amount__isnull=True)
    return rows.filter(missing) if value else rows.exclude(missing)


def _warned(rows: Rows, value: bool) -> Rows:
    # Stored rows of {"blocking": true}; compared as a list so that both databases read it alike.
    clean = Q(warnings=[])
    return rows.exclude(clean) if value else rows.filter(clean)


def _deviating(rows: Rows, value: bool, at: datetime) -> Rows:
    """Items whose ten elements depart from their reference; computed, never stored."""
    loaded = ItemVersion.objects.in_force(local_day(at)).filter(item__basic__isnull=False)
    loaded = loaded.select_related("item__unit", "item__basic").prefetch_related("materials")
    ids = [found.version.pk for found in comparisons(loaded) if not found.unified]
    return rows.filter(pk__in=ids) if value else rows.exclude(pk__in=ids)


def _text_of(limit: Any) -> str:
    return limit_words(limit)


_COMMON = (
    Column(
        "name", _("事项名称"), value=_full_name, kind="link", sortable=True, sort=("name",), url=_item_url
    ),
    Column("unit", _("实施部门"), value="item.unit.short_name", sortable=True),
    Column("type", _("事项类型"), value=_type, sortable=True, sort=("task_type",)),
    Column(
        "kind", _("办件类型"), value=_word(KINDS, lambda row: str(row.kind)), sortable=True, sort=("kind",)
    ),
    Column(
        "statutory",
        _("法定时限"),
        value=lambda row: _text_of(row.statutory),
        sortable=True,
        sort=("statutory_unit", "statutory_amount"),
    ),
    Column(
        "promised",
        _("承诺时限"),
        value=lambda row: _text_of(row.promised),
        sortable=True,
        sort=("promised_unit", "promised_amount"),
    ),
    Column("visits", _("到现场次数"), kind="number", sortable=True, nulls_last=True),
    Column("level", _("行使层级"), value=_word(LEVELS, lambda row: str(row.item.level)), default=False),
    Column("region", _("行政区划"), value="item.region.name", default=False, sortable=True),
    Column("main", _("所属主项"), value="item.main_name", default=False, sortable=True),
    Column("code", _("事项编码"), value="item.code", default=False, sortable=True),
    Column("number", _("版本"), kind="number", default=False, sortable=True),
    Column("valid_from", _("生效日期"), kind="date", sortable=True, nulls_last=True),
    Column("warnings", _("提示"), value=lambda row: len(row.warnings), kind="number", default=False),
)
_FILTERS = (
    Filter("q", _("名称或编码"), apply=_named, example=_("例如：施工许可")),
    Filter("unit", _("实施部门"), "choice", field="item__unit_id", choices=_units),
    Filter("type", _("事项类型"), "choice", field="task_type", choices=_pairs(TASK_TYPES)),
    Filter("kind", _("办件类型"), "choice", field="kind", choices=_pairs(KINDS)),
    Filter("limit_missing", _("缺时限"), "bool", apply=_limit_missing),
    Filter("deviating", _("十统一不一致"), "bool", apply_at=_deviating),
    Filter("warned", _("有提示"), "bool", apply=_warned),
)

ITEMS = Ledger(
    name="catalogue.items",
    title=_("政务服务事项"),
    columns=_COMMON,
    filters=_FILTERS,
    default_sort="name",
    row_url=_item_url,
    empty_title=_("没有符合条件的事项"),
    empty_hint=_("请放宽条件，或导入实施清单。"),
)


def _standing(row: ItemVersion, at: datetime) -> str:
    return gettext(STANDING_WORDS[standing(row.state, row.valid_from, row.valid_to, local_day(at))])


VERSIONS = Ledger(
    name="catalogue.versions",
    title=_("事项版本与草稿"),
    columns=(
        *_COMMON,
        Column("standing", _("状态"), value_at=_standing),
        Column("valid_to", _("失效日期"), kind="date", sortable=True, nulls_last=True),
        Column("changed_at", _("修改时间"), kind="datetime", sortable=True),
        Column("reason", _("调整理由"), default=False),
    ),
    filters=(
        *_FILTERS,
        Filter("state", _("状态"), "choice", field="state", choices=_pairs(VERSION_STATES)),
    ),
    default_sort="-changed_at",
    row_url=_item_url,
    empty_title=_("没有符合条件的版本"),
)


def _claim_url(row: ItemClaim) -> str:
    return reverse("catalogue:claim", args=[row.pk])


CLAIMS = Ledger(
    name="catalogue.claims",
    title=_("基本目录认领"),
    columns=(
        Column("basic", _("基本目录事项"), value="basic.name", kind="link", sortable=True, url=_claim_url),
        Column("code", _("基本编码"), value="basic.code", sortable=True),
        Column("unit", _("部门"), value="unit.short_name", sortable=True),
        Column("state", _("认领状态"), value=_word(CLAIM_STATES, lambda row: str(row.state)), sortable=True),
        Column("reason", _("不认领理由")),
        Column("asked_at", _("下达时间"), kind="datetime", sortable=True),
        Column("decided_at", _("答复时间"), kind="datetime", sortable=True, nulls_last=True),
    ),
    filters=(
        Filter("q", _("名称"), field="basic__name"),
        Filter("state", _("认领状态"), "choice", field="state", choices=_pairs(CLAIM_STATES)),
    ),
    default_sort="-asked_at",
    row_url=_claim_url,
    empty_title=_("没有认领任务"),
    empty_hint=_("认领任务由政务服务管理部门从基本目录下达。"),
)


def _basic_url(row: BasicItem) -> str:
    return reverse("catalogue:basic-item", args=[row.pk])


BASIC = Ledger(
    name="catalogue.basic",
    title=_("基本目录"),
    columns=(
        Column("name", _("事项名称"), kind="link", sortable=True, url=_basic_url),
        Column("code", _("基本编码"), sortable=True),
        Column("type", _("事项类型"), value=_type, sortable=True, sort=("task_type",)),
        Column(
            "items", _("实施清单数"), value="item_count", kind="number", sortable=True, sort=("item_count",)
        ),
        Column("revision", _("修订"), kind="number", sortable=True),
        Column("valid_from", _("生效日期"), kind="date", sortable=True),
        Column("source", _("来源"), default=False),
    ),
    filters=(
        Filter("q", _("名称"), field="name"),
        Filter("type", _("事项类型"), "choice", field="task_type", choices=_pairs(TASK_TYPES)),
    ),
    default_sort="code",
    row_url=_basic_url,
    empty_title=_("基本目录还是空的"),
    empty_hint=_("导入实施清单时会按基本编码收录。"),
)

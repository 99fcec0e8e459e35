"""The ledgers of detection: findings, and the cases behind a back-test."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.api import case_url
from zhengxiao.kernel.access.api import ScopeFields, scope_q
from zhengxiao.kernel.orgs.api import Unit, local_day
from zhengxiao.kernel.ui.api import Column, Filter, Ledger, begins_with
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.detection import permissions
from zhengxiao.mechanisms.detection.detectors import DETECTORS
from zhengxiao.mechanisms.detection.models import LEVELS, MODES, Finding, Hit, RuleVersion
from zhengxiao.mechanisms.detection.queries import versions_readable
from zhengxiao.mechanisms.detection.rules import precision
from zhengxiao.mechanisms.detection.words import parameter_words
from zhengxiao.mechanisms.detection.workflow import WORKFLOW

UNITS = ScopeFields(region="region_id", department="department_id", unit="pk", person=None, public=None)
LEVEL_WORDS = dict(LEVELS)


def finding_url(finding: Finding) -> str:
    return reverse("detection:finding", args=[finding.pk])


def _level(row: Any) -> tuple[str, Any]:
    return row.level, LEVEL_WORDS[row.level]


def _departments(action: str) -> Any:
    def choices(actor: Actor) -> list[tuple[str, str]]:
        reached = Unit.objects.filter(scope_q(actor, action, UNITS), kind="department", is_active=True)
        return [(str(unit.pk), unit.short_name) for unit in reached.order_by("code")[:300]]

    return choices


def _rules(actor: Actor) -> list[tuple[str, str]]:
    newest = versions_readable(actor).order_by("number").values_list("rule_id", "name")
    return [(str(key), name) for key, name in sorted(dict(newest).items())]


def _versions(actor: Actor) -> list[tuple[str, str]]:
    rows = versions_readable(actor).order_by("rule_id", "number").values_list("pk", "name", "number")
    return [(str(key), f"{name} V{number}") for key, name, number in rows]


def _number(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(begins_with("case__number", value))


FINDINGS = Ledger(
    name="detection.findings",
    title=_("监察发现"),
    columns=(
        Column("at", _("发生时间"), kind="datetime", sortable=True),
        Column("level", _("级别"), kind="light", value=_level),
        Column("rule", _("规则"), value="version.name"),
        Column("evidence", _("证据"), value="evidence_text"),
        Column("case", _("办件"), value="case.number", kind="link", url=lambda row: case_url(row.case)),
        Column("department", _("部门"), value="department.short_name"),
        Column("unit", _("科室"), value="unit.short_name", default=False),
        Column("item", _("事项"), value="case.item_name", default=False),
        Column("mode", _("方式"), value=lambda row: row.get_mode_display()),
        Column("outcome", _("结果"), value=lambda row: row.get_outcome_display()),
        Column("version", _("版本"), value="version.number", kind="number", default=False),
        Column("found", _("发现时间"), value="found_at", kind="datetime", default=False),
    ),
    filters=(
        Filter("rule", _("规则"), "choice", "rule_id", choices=_rules),
        Filter("level", _("级别"), "choice", "level", choices=lambda actor: LEVELS),
        Filter("department", _("部门"), "choice", "department_id", choices=_departments(permissions.VIEW)),
        Filter("version", _("规则版本"), "choice", "version_id", choices=_versions),
        Filter("mode", _("方式"), "choice", "mode", choices=lambda actor: MODES),
        Filter("at", _("发生日期"), "moment_range", "at"),
        Filter("q", _("办件编号"), apply=_number, example=_("输入开头几位")),
        Filter("outcome", _("结果"), "choice", "outcome",
               choices=lambda actor: [row for row in Finding.Outcome.choices if row[0]]),
    ),
    default_sort="-at",
    row_url=finding_url,
    empty_title=_("没有监察发现"),
    empty_hint=_("规则试运行或启用后，发现的事项列在这里。"),
)  # fmt: skip


def version_url(version: RuleVersion) -> str:
    return reverse("detection:rule", args=[version.pk])


def _parameters(version: RuleVersion) -> str:
    return parameter_words(DETECTORS[version.rule.detector], version.parameters)


def _precision(version: Any) -> str:
    share = precision(version.issued, version.lifted)
    return "" if share is None else f"{int(share * 1000) / 10:.1f}%"


def _since(version: RuleVersion) -> Any:
    return None if version.since is None else local_day(version.since)


VERSIONS = Ledger(
    name="detection.rules",
    title=_("监察规则"),
    columns=(
        Column("name", _("规则"), kind="link", url=version_url),
        Column("number", _("版本"), kind="number"),
        Column("state", _("状态"), value=lambda row: WORKFLOW.state(row.state).label),
        Column("level", _("级别"), kind="light", value=_level),
        Column("parameters", _("参数"), value=_parameters),
        Column("found", _("发现"), kind="number", sortable=True,
               url=lambda row: f"{reverse('detection:findings')}?version={row.pk}"),
        Column("upheld", _("维持"), kind="number", default=False),
        Column("lifted", _("撤销"), kind="number"),
        Column("precision", _("准确率"), value=_precision),
        Column("since", _("自"), kind="date", value=_since),
        Column("source", _("依据"), default=False),
        Column("code", _("编码"), value="rule.code", default=False),
        Column("rule_order", _("规则顺序"), value="rule_id", kind="number", sortable=True, default=False),
    ),
    filters=(
        Filter("state", _("状态"), "choice", "state", choices=lambda actor: WORKFLOW.choices),
        Filter("level", _("级别"), "choice", "level", choices=lambda actor: LEVELS),
        Filter("rule", _("规则"), "choice", "rule_id", choices=_rules),
    ),
    default_sort="rule_order",
    row_url=version_url,
    empty_title=_("还没有监察规则"),
    empty_hint=_("系统管理员运行 zx detection install 装入随附的规则草稿。"),
)  # fmt: skip

HITS = Ledger(
    name="detection.hits",
    title=_("回溯试算的办件"),
    columns=(
        Column("at", _("发生时间"), kind="datetime", sortable=True),
        Column("change", _("与现行版本相比"), value=lambda row: row.get_change_display()),
        Column("case", _("办件"), value="case.number", kind="link", url=lambda row: case_url(row.case)),
        Column("item", _("事项"), value="case.item_name"),
        Column("department", _("部门"), value="department.short_name"),
        Column("unit", _("科室"), value="unit.short_name"),
        Column("month", _("月份")),
    ),
    filters=(
        Filter("change", _("与现行版本相比"), "choice", "change", choices=lambda actor: Hit.Change.choices),
        Filter("department", _("部门"), "choice", "department_id", choices=_departments(permissions.TRIAL)),
        Filter("month", _("月份"), field="month", example="2026-03"),
        Filter("q", _("办件编号"), apply=_number, example=_("输入开头几位")),
    ),
    default_sort="-at",
    row_url=lambda row: case_url(row.case),
    empty_title=_("没有命中的办件"),
    empty_hint=_("换一个条件，或者这条规则在该期间没有发现。"),
)  # fmt: skip

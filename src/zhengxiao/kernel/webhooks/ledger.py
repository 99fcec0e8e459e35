"""The ledgers of targets and of what was sent: columns and conditions, as data."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import facts
from zhengxiao.kernel.ui.api import Column, Filter, Ledger
from zhengxiao.kernel.webhooks.models import MessageState, TargetState, WebhookTarget
from zhengxiao.kernel.webhooks.words import OUTCOMES


def fact_label(name: str) -> str:
    return str(facts[name].label) if name in facts else name


def _last(message: Any) -> str:
    tries = sorted(message.tries.all(), key=lambda row: row.pk)
    if not tries:
        return ""
    last = tries[-1]
    return str(last.status) if last.status else str(OUTCOMES.get(last.outcome, last.outcome))


TARGETS = Ledger(
    name="webhooks.targets",
    title=_("事件推送目标"),
    columns=(
        Column("name", _("名称"), sortable=True),
        Column("owner", _("责任单位"), value=lambda row: row.owner.short_name or row.owner.name),
        Column("account", _("以谁的权限"), value="user.username"),
        Column("url", _("地址")),
        Column("facts", _("事件"), value=lambda row: "、".join(fact_label(name) for name in row.facts)),
        Column("state", _("状态"), value=lambda row: row.get_state_display(), sortable=True),
        Column("waiting", _("待送达"), value="waiting_count", kind="number"),
        Column("dead", _("未能送达"), value="dead_count", kind="number"),
        Column("failing_since", _("持续失败自"), kind="datetime", sortable=True, nulls_last=True),
        Column("proposed_at", _("提出时间"), kind="datetime", sortable=True, default=False),
        Column("active_since", _("启用时间"), kind="datetime", sortable=True, nulls_last=True, default=False),
    ),
    filters=(
        Filter("q", _("名称"), field="name"),
        Filter("state", _("状态"), "choice", field="state", choices=lambda actor: TargetState.choices),
    ),
    default_sort="-proposed_at",
    empty_title=_("还没有推送目标"),
    empty_hint=_("系统管理员提出、安全管理员确认后，其他系统即可收到事件。"),
)

MESSAGES = Ledger(
    name="webhooks.messages",
    title=_("推送记录"),
    columns=(
        Column("entry", _("序号"), value="entry_id", kind="number", sortable=True),
        Column("target", _("推送目标"), value="target.name"),
        Column("fact", _("事件"), value=lambda row: fact_label(row.fact)),
        Column("subject", _("编号"), value="subject_name"),
        Column("state", _("状态"), value=lambda row: row.get_state_display(), sortable=True),
        Column("attempts", _("尝试次数"), kind="number", sortable=True),
        Column("last", _("最近结果"), value=_last),
        Column("created_at", _("产生时间"), kind="datetime", sortable=True),
        Column("not_before", _("下次尝试"), kind="datetime", default=False),
        Column("ended_at", _("结束时间"), kind="datetime", sortable=True, nulls_last=True),
    ),
    filters=(
        Filter("target", _("推送目标"), "choice", field="target_id",
               choices=lambda actor: [(str(pk), name) for pk, name in
                                      WebhookTarget.objects.visible_to(actor).values_list("pk", "name")]),
        Filter("state", _("状态"), "choice", field="state", choices=lambda actor: MessageState.choices),
        Filter("subject", _("编号"), field="subject_name"),
        Filter("created", _("产生时间"), "moment_range", field="created_at"),
    ),
    default_sort="-created_at",
    empty_title=_("还没有推送过事件"),
)  # fmt: skip

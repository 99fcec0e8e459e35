"""Ledgers of the console: accounts with their posts, and the record itself for the auditor."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.orgs.api import ROLES, Post, local_day
from zhengxiao.kernel.timeline.api import Entry, actor_name, entry_label, entry_text, facts
from zhengxiao.kernel.ui.api import Column, Filter, Ledger
from zhengxiao.lib.actors import Actor

ROLE_WORDS = dict(ROLES)
SUBJECT = re.compile(r"([a-z_]{1,40})[:：]([0-9]{1,15})")
AREAS = {
    "identity": _("登录与账号"),
    "orgs": _("岗位"),
    "console": _("审计"),
    "openapi": _("开放接口"),
    "cases": _("办件"),
    "clock": _("时限与日历"),
    "catalogue": _("事项"),
    "parties": _("申请人信息"),
    "exchange": _("导入"),
    "exports": _("导出审批"),
}


def account_url(user: User) -> str:
    return reverse("console:account", args=[user.pk])


def _posts(user: Any) -> str:
    """Posts of today as the view prefetched them."""
    return gettext("、").join(f"{post.unit.short_name} {ROLE_WORDS[post.role]}" for post in user.posts_today)


def _named(queryset: QuerySet[User], value: str) -> QuerySet[User]:
    return queryset.filter(Q(username__icontains=value) | Q(display_name__icontains=value))


def _holding(queryset: QuerySet[User], value: str, at: datetime) -> QuerySet[User]:
    holders = Post.objects.valid_on(local_day(at)).filter(role=value)
    return queryset.filter(pk__in=holders.values("user_id"))


ACCOUNTS = Ledger(
    name="console.accounts",
    title=_("账号与岗位"),
    columns=(
        Column("username", _("用户名"), sortable=True, url=account_url),
        Column("display_name", _("姓名"), sortable=True),
        Column("posts", _("岗位"), value=_posts),
        Column(
            "state",
            _("状态"),
            value=lambda user: _("启用") if user.is_active else _("停用"),
            sortable=True,
            sort=("is_active",),
        ),
        Column(
            "factor",
            _("二次验证"),
            value=lambda user: _("已启用") if user.factor_on else "–",
            sort=("factor_on",),
        ),
        Column(
            "password_set_at",
            _("密码设置时间"),
            kind="datetime",
            sortable=True,
            nulls_last=True,
            default=False,
        ),
        Column("joined_at", _("开户时间"), kind="datetime", sortable=True),
    ),
    filters=(
        Filter("q", _("用户名或姓名"), apply=_named, example=_("例如：王示例")),
        Filter(
            "role",
            _("岗位角色"),
            kind="choice",
            apply_at=_holding,
            choices=lambda actor: ROLES,
        ),
        Filter("active", _("启用"), kind="bool", field="is_active"),
        Filter("factor", _("已启用二次验证"), kind="bool", field="factor_on"),
    ),
    default_sort="username",
    row_url=account_url,
)


def _subject_url(entry: Entry) -> str:
    if entry.subject_kind == "user" and entry.subject_id:
        return reverse("console:account", args=[entry.subject_id])
    return ""


def _about(queryset: QuerySet[Entry], value: str) -> QuerySet[Entry]:
    """A case number, a username, or kind and number as the column shows them."""
    spelled = SUBJECT.fullmatch(value.strip())
    if spelled:
        return queryset.filter(subject_kind=spelled[1], subject_id=int(spelled[2]))
    case = Case.objects.filter(number=value.strip()).values_list("pk", flat=True).first()
    if case is not None:
        return queryset.filter(subject_kind="case", subject_id=case)
    user = User.objects.filter(username__iexact=value.strip()).values_list("pk", flat=True).first()
    return queryset.filter(subject_kind="user", subject_id=user if user is not None else -1)


def _by(queryset: QuerySet[Entry], value: str) -> QuerySet[Entry]:
    """By username or name of an account; else by the name that was written down."""
    people = User.objects.filter(Q(username__iexact=value) | Q(display_name=value)).values_list(
        "pk", flat=True
    )
    return queryset.filter(Q(actor_id__in=list(people)) | Q(actor_id=None, actor_name=value))


def _facts(_actor: Actor) -> list[tuple[str, Any]]:
    return [(fact.name, fact.label) for fact in facts.values()]


def _areas(_actor: Actor) -> list[tuple[str, Any]]:
    used = {fact.name.partition(".")[0] for fact in facts.values()}
    return [(area, AREAS.get(area, area)) for area in sorted(used, key=lambda one: (one not in AREAS, one))]


AUDIT = Ledger(
    name="console.audit",
    title=_("审计日志"),
    columns=(
        Column("at", _("发生时间"), kind="datetime", sortable=True, sort=("id",)),
        Column("label", _("事实"), value=entry_label),
        Column("text", _("内容"), value=entry_text),
        Column("actor", _("操作人"), value=actor_name),
        Column("unit", _("单位"), value="unit.short_name"),
        Column(
            "subject",
            _("对象"),
            value=lambda entry: f"{entry.subject_kind}:{entry.subject_id}",
            url=_subject_url,
        ),
        Column("recorded_at", _("记录时间"), kind="datetime", default=False),
        Column("fact", _("事实代码"), default=False),
        Column("id", _("序号"), kind="number", default=False),
        Column("leaf", _("散列叶"), value=lambda entry: bytes(entry.leaf).hex(), default=False),
    ),
    filters=(
        Filter("at", _("发生时间"), kind="moment_range", field="at"),
        Filter(
            "area",
            _("范围"),
            kind="choice",
            apply=lambda queryset, value: queryset.filter(fact__startswith=f"{value}."),
            choices=_areas,
        ),
        Filter("fact", _("事实"), kind="choice", field="fact", choices=_facts),
        Filter("by", _("操作人"), apply=_by, example=_("用户名或姓名")),
        Filter("about", _("对象"), apply=_about, example=_("办件编号或用户名")),
    ),
    default_sort="-at",
    empty_title=_("没有记录"),
)

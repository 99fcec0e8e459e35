"""From a person and a moment to an actor; and, in words, why an actor may do something."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.policies import POLICIES
from zhengxiao.kernel.access.rules import Scope, given
from zhengxiao.kernel.identity.api import User, names_of
from zhengxiao.kernel.orgs.api import (
    ROLES,
    PostInForce,
    local_day,
    posts_in_force,
    region_paths_below,
    unit_names,
    unit_paths_below,
)
from zhengxiao.lib.actors import Actor, Grant

_REACH_WORDS = {
    Scope.ALL: _("全部"),
    Scope.REGION: _("本区划及下级区划"),
    Scope.DEPARTMENT: _("本部门"),
    Scope.UNIT: _("本机构及下级"),
    Scope.OWN: _("本人经办"),
}
_ROLE_WORDS = dict(ROLES)
VISITOR = Actor(user_id=None, name="访客")
"""Somebody who has not signed in: no grants; open actions only."""


def actor_for(user: AbstractBaseUser | AnonymousUser, *, at: datetime) -> Actor:
    """The actor a person is at the moment, by the posts and delegations in force on that day.

    The day is that of the platform's time zone. At most three queries. A disabled account has no grants;
    somebody not signed in is the visitor.
    """
    if not isinstance(user, User):
        return VISITOR
    if not user.is_active:
        return Actor(user_id=user.pk, name=user.display_name)
    posts = posts_in_force(user.pk, local_day(at))
    if not posts:
        return Actor(user_id=user.pk, name=user.display_name)
    units = unit_paths_below(path for post in posts for path in (post.unit_path, post.department_path))
    regions = region_paths_below(post.region_path for post in posts)
    grants = tuple(_grant(post, units, regions) for post in posts)
    return Actor(user_id=user.pk, name=user.display_name, grants=grants)


def _grant(post: PostInForce, units: list[tuple[int, str]], regions: list[tuple[int, str]]) -> Grant:
    return Grant(
        role=post.role,
        unit_id=post.unit_id,
        unit_ids=_at_or_below(units, post.unit_path),
        department_ids=_at_or_below(units, post.department_path),
        region_ids=_at_or_below(regions, post.region_path),
        delegated_by=post.delegated_by,
    )


def _at_or_below(rows: list[tuple[int, str]], path: str) -> frozenset[int]:
    return frozenset(key for key, candidate in rows if candidate.startswith(path))


def explain(actor: Actor, action: str) -> str:
    """Why the actor may do the action: one line per post that gives it, or that none does. For people."""
    label = POLICIES.label(action)
    pairs = given(POLICIES, actor, action)
    if actor.is_system:
        return _("{label}：系统按规则自动执行。").format(label=label)
    if not pairs:
        text = (
            _("{label}：对所有人开放。") if POLICIES.is_open(action) else _("{label}：没有岗位给予该权限。")
        )
        return text.format(label=label)
    units = unit_names({grant.unit_id for grant, _scope in pairs})
    people = names_of({grant.delegated_by for grant, _scope in pairs if grant.delegated_by is not None})
    return "\n".join(_reason(label, grant, scope, units, people) for grant, scope in pairs)


def _reason(label: str, grant: Grant, scope: Scope, units: dict[int, str], people: dict[int, str]) -> str:
    words = {"label": label, "unit": units.get(grant.unit_id, grant.unit_id), "role": _ROLE_WORDS[grant.role]}
    words["reach"] = _REACH_WORDS[scope]
    if grant.delegated_by is None:
        return _("{label}：{unit}{role}，范围为{reach}。").format(**words)
    words["holder"] = people.get(grant.delegated_by, grant.delegated_by)
    return _("{label}：受{holder}委托行使{unit}{role}职权，范围为{reach}。").format(**words)

"""Licences on their way to supervision in the sample city: waiting, claimed, answered, and one sent back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.identity.api import User
from zhengxiao.lib.actors import Role
from zhengxiao.mechanisms.relay.api import Relayed, relay_move

MOST = 18
ANSWERS = (
    ("draw_library", "纳入本年度双随机抽查对象，年内检查一次。"),
    ("special", "许可后三十日内上门核查一次。"),
)


def relay_today(at: datetime) -> None:
    """The supervising offices have dealt with what reached them some days ago; the latest licences still wait."""
    staff: dict[int, User | None] = {}
    waiting = list(Relayed.objects.filter(state="pushed").order_by("pushed_at", "pk"))
    for number, row in enumerate(waiting[: min(MOST, len(waiting) // 2)]):
        if row.unit_id not in staff:
            there = Q(posts__unit_id=row.unit_id) | Q(posts__unit__department_id=row.unit_id)
            held = User.objects.filter(there, posts__role__in=(Role.APPROVER, Role.DEPARTMENT_HEAD))
            staff[row.unit_id] = held.order_by("pk").first()
        user = staff[row.unit_id]
        if user is not None:
            _deal_with(row, number, user, min(row.pushed_at + timedelta(hours=20), at), at)


def _deal_with(row: Relayed, number: int, user: User, claimed: datetime, at: datetime) -> None:
    actor = actor_for(user, at=at)
    if number == 0:
        reason = {"reason": "该场所在邻街道辖区，请改派。"}
        relay_move(relayed_id=row.pk, transition="return", actor=actor, at=claimed, data=reason)
        return
    relay_move(relayed_id=row.pk, transition="claim", actor=actor, at=claimed, data={})
    if number % 3:
        measure, text = ANSWERS[number % 2]
        told = {"measure": measure, "text": text}
        answered = min(claimed + timedelta(days=2), at)
        relay_move(relayed_id=row.pk, transition="answer", actor=actor, at=answered, data=told)

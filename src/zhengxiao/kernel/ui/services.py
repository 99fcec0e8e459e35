"""Verbs of the interface: keeping and dropping saved views of one's own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhengxiao.kernel.ui.models import SavedView
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop

MAX_VIEWS = 30


class ViewNameMissing(Refusal):
    template = gettext_noop("请给视图起一个名称，不超过 40 个字。")


class TooManyViews(Refusal):
    template = gettext_noop("这个台账已有 {count} 个视图。请先删除不用的，再保存新的。")


class ViewNotYours(Refusal):
    template = gettext_noop("没有找到这个视图，可能已经删除。")


@transaction.atomic
def saved_view_save(
    *, ledger: str, name: str, query: str, is_default: bool, actor: Actor, at: datetime
) -> SavedView:
    """Keep `query` under `name`; the same name again replaces it.

    Raises ViewNameMissing, TooManyViews (30 per ledger and person), ViewNotYours when nobody is signed in.
    """
    user_id = _owner(actor)
    name = name.strip()
    if not name or len(name) > 40:
        raise ViewNameMissing(field="name")
    mine = SavedView.objects.filter(user_id=user_id, ledger=ledger)
    if mine.exclude(name=name).count() >= MAX_VIEWS:
        raise TooManyViews(count=MAX_VIEWS)
    if is_default:
        mine.filter(is_default=True).update(is_default=False)
    view, _created = SavedView.objects.update_or_create(
        user_id=user_id,
        ledger=ledger,
        name=name,
        defaults={"query": query, "is_default": is_default, "saved_at": at},
    )
    return view


def saved_view_drop(*, view_id: int, ledger: str, actor: Actor, at: datetime) -> None:
    """Forget a view of one's own. Raises ViewNotYours."""
    deleted, _rows = SavedView.objects.filter(pk=view_id, ledger=ledger, user_id=_owner(actor)).delete()
    if not deleted:
        raise ViewNotYours


def _owner(actor: Actor) -> int:
    if actor.user_id is None:
        raise ViewNotYours
    return actor.user_id

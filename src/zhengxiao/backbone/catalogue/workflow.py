"""The publication review of a version (事项调整程序), as data. `move` is the only writer of its state.

Services wrap the moves that touch a second row: publishing closes the version before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.catalogue import permissions, refusals
from zhengxiao.backbone.catalogue.content import content_findings
from zhengxiao.backbone.catalogue.facts import VERSION
from zhengxiao.backbone.catalogue.models import ItemVersion
from zhengxiao.backbone.catalogue.queries import version_content
from zhengxiao.backbone.catalogue.rules import VersionState as S
from zhengxiao.kernel.orgs.api import local_day
from zhengxiao.kernel.workflow.api import Field, FieldKind, Group, MoveContext, State, Transition, Workflow
from zhengxiao.lib.actors import Actor

NAME = "item_version"


def day_of(text: str, *, default: date) -> date:
    """An ISO date as typed; empty is the default. Raises DateMalformed."""
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refusals.DateMalformed(field="valid_from", text=text) from error


def _content_is_sound(context: MoveContext) -> None:
    faults = [found for found in content_findings(version_content(context.obj)) if found.blocking]
    if faults:
        raise refusals.ContentFaulty(field=faults[0].field, faults="\n".join(found.text for found in faults))


def _is_another_person(context: MoveContext) -> None:
    """Four eyes: nobody who drafted, revised or submitted it; the person counts, whatever the post."""
    if context.actor.user_id in context.obj.authors:
        raise refusals.OwnDraft


def _told(context: MoveContext, **more: Any) -> None:
    context.told.update(name=context.obj.name, number=context.obj.number, **more)


def _ids(actor: Actor) -> list[int]:
    return [] if actor.user_id is None else [actor.user_id]


def _submits(context: MoveContext) -> Mapping[str, Any]:
    _told(context)
    return {"authors": sorted({*context.obj.authors, *_ids(context.actor)}), "review_note": ""}


def _reviewed(context: MoveContext) -> dict[str, Any]:
    return {
        "reviewed_by_id": context.actor.user_id,
        "reviewed_at": context.at,
        "review_note": context.data["note"],
    }


def _publishes(context: MoveContext) -> Mapping[str, Any]:
    start = day_of(context.data["valid_from"], default=local_day(context.at))
    _told(context, valid_from=start, note=context.data["note"])
    return {"valid_from": start, **_reviewed(context)}


def _returns(context: MoveContext) -> Mapping[str, Any]:
    _told(context, note=context.data["note"])
    return _reviewed(context)


def _still_runs(context: MoveContext) -> None:
    if context.obj.valid_to is not None:
        raise refusals.AlreadyEnded(field="valid_to", valid_to=context.obj.valid_to.isoformat())


def _retires(context: MoveContext) -> Mapping[str, Any]:
    end = day_of(context.data["valid_to"], default=local_day(context.at))
    if end < context.obj.valid_from:
        raise refusals.EndsBeforeStart(field="valid_to", valid_from=context.obj.valid_from.isoformat())
    _told(context, valid_to=end, note=context.data["note"])
    return {"valid_to": end, **_reviewed(context)}


WORKFLOW = Workflow(
    name=NAME,
    label=_("事项调整"),
    model=lambda: ItemVersion,
    subject_kind=VERSION,
    initial=S.DRAFT.value,
    states=(
        State(S.DRAFT.value, _("草稿"), Group.OPEN),
        State(S.IN_REVIEW.value, _("待审核"), Group.OPEN, colour="accent"),
        State(S.PUBLISHED.value, _("已发布"), Group.DONE),
        State(S.RETIRED.value, _("已停用"), Group.STOPPED),
    ),
    transitions=(
        Transition(
            name="submit",
            label=_("提交审核"),
            sources=(S.DRAFT.value,),
            target=S.IN_REVIEW.value,
            action=permissions.SUBMIT,
            fact="catalogue.item_submitted",
            guards=(_content_is_sound,),
            sets=_submits,
            emphasis="primary",
        ),
        Transition(
            name="approve",
            label=_("审核通过并发布"),
            sources=(S.IN_REVIEW.value,),
            target=S.PUBLISHED.value,
            action=permissions.PUBLISH,
            fact="catalogue.item_published",
            needs=(
                Field("valid_from", _("生效日期"), required=False, help=_("不填即今日，例如 2026-01-31")),
                Field("note", _("审核意见"), FieldKind.LONG_TEXT, required=False),
            ),
            guards=(_is_another_person, _content_is_sound),
            sets=_publishes,
            emphasis="primary",
        ),
        Transition(
            name="return",
            label=_("退回修改"),
            sources=(S.IN_REVIEW.value,),
            target=S.DRAFT.value,
            action=permissions.PUBLISH,
            fact="catalogue.item_returned",
            needs=(Field("note", _("退回理由"), FieldKind.LONG_TEXT),),
            guards=(_is_another_person,),
            sets=_returns,
        ),
        Transition(
            name="retire",
            label=_("停用"),
            sources=(S.PUBLISHED.value,),
            target=S.RETIRED.value,
            action=permissions.PUBLISH,
            fact="catalogue.item_retired",
            needs=(
                Field("valid_to", _("失效日期"), required=False, help=_("不填即今日；当日起不再受理")),
                Field("note", _("停用理由"), FieldKind.LONG_TEXT),
            ),
            guards=(_still_runs,),
            sets=_retires,
            emphasis="danger",
        ),
    ),
)

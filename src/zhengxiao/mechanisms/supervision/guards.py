"""When a move of a card, an order or a rule version is lawful: each guard reads, refuses by name, and writes nothing."""

from __future__ import annotations

from django.utils import timezone

from zhengxiao.kernel.clock.api import Clock
from zhengxiao.kernel.workflow.api import MoveContext
from zhengxiao.mechanisms.supervision import refusals
from zhengxiao.mechanisms.supervision.rules import STEP_WORDS, Step, is_outside, next_step


def outside_unit(context: MoveContext) -> None:
    """Whoever decides holds no post in the unit concerned and is not the person concerned."""
    obj, actor = context.obj, context.actor
    if actor.is_system:
        return
    if not is_outside(actor, department_id=obj.department_id, unit_id=obj.unit_id, person_id=obj.person_id):
        raise refusals.OwnUnit()


def not_the_issuer(context: MoveContext) -> None:
    """Whoever issued or confirmed a card does not rule on it, nor does somebody who acts for them."""
    card, actor = context.obj, context.actor
    involved = {card.issuer_id, card.confirmed_by_id} - {None}
    acting = {actor.user_id} | {grant.delegated_by for grant in actor.grants}
    if involved & acting:
        raise refusals.IssuerMayNotRule()


def appeal_once(context: MoveContext) -> None:
    """One appeal per card; what was ruled is final."""
    card = context.obj
    if card.appealed_at is not None:
        raise refusals.AlreadyAppealed(day=timezone.localtime(card.appealed_at).strftime("%Y-%m-%d"))


def appeal_in_time(context: MoveContext) -> None:
    """Within the appeal window, which begins when the card is issued."""
    window = Clock.objects.about("card", context.obj.pk).filter(kind="card_appeal").order_by("-id").first()
    if window is not None and window.due_at is not None and context.at > window.due_at:
        raise refusals.AppealTooLate(due=window.due_on)


def not_the_last_step(context: MoveContext) -> None:
    if next_step(context.obj.step) is None:
        raise refusals.LastStep(step=STEP_WORDS[Step(context.obj.step)])


def another_person(context: MoveContext) -> None:
    """Dual control: one proposes, another confirms."""
    if context.obj.proposed_by_id is not None and context.obj.proposed_by_id == context.actor.user_id:
        raise refusals.PolicyBySamePerson()

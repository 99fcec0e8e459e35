"""What a move does besides the state: columns, windows, the highest card of a matter, letters. Run inside the move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhengxiao.kernel.calendar.api import Term, Unit
from zhengxiao.kernel.clock.api import Clock, Start, clock_start, clock_stop
from zhengxiao.kernel.files.api import StoredFile
from zhengxiao.kernel.timeline.api import Subject
from zhengxiao.kernel.workflow.api import Effect, MoveContext, move
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.mechanisms.supervision import letters
from zhengxiao.mechanisms.supervision.models import STANDING, Card, CardPolicy, Order
from zhengxiao.mechanisms.supervision.rules import (
    LEVEL_WORDS,
    STEP_WORDS,
    CardLevel,
    Step,
    Windows,
    gravest,
    is_graver,
    next_step,
)


def tell(*names: str) -> Effect:
    """An effect that repeats inputs in the fact."""

    def say(context: MoveContext) -> None:
        context.told |= {name: context.data[name] for name in names}

    return say


def about_card(card: Card) -> dict[str, Any]:
    """What every fact about a card says, for those who hear it."""
    return {
        "card_id": card.pk,
        "number": card.number,
        "level": card.level,
        "level_name": LEVEL_WORDS[CardLevel(card.level)],
        "clock_id": card.clock_id,
        "finding_id": card.finding_id,
        "subject_kind": card.subject_kind,
        "subject_id": card.subject_id,
        "subject_label": card.subject_label,
        "rule": card.rule,
        "rule_name": card.rule_name,
        "department_id": card.department_id,
    }


def _file(context: MoveContext) -> int | None:
    """The stored file named by the actor, if there is one they stored for this very card or order."""
    key = str(context.data.get("file", "")).strip()
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        return None
    kind = "card" if isinstance(context.obj, Card) else "supervision_order"
    found = StoredFile.objects.filter(pk=int(key), subject_kind=kind, subject_id=context.obj.pk).first()
    return None if found is None else found.pk


# ------------------------------------------------------------------ columns of a card
def confirmed(context: MoveContext) -> Mapping[str, Any]:
    context.told |= about_card(context.obj)
    return {"confirmed_at": context.at, "confirmed_by_id": context.actor.user_id}


def explained(context: MoveContext) -> Mapping[str, Any]:
    context.told |= {**about_card(context.obj), "explanation": context.data["explanation"]}
    return {
        "explanation": context.data["explanation"],
        "explanation_file_id": _file(context),
        "explained_at": context.at,
    }


def appealed(context: MoveContext) -> Mapping[str, Any]:
    context.told |= {**about_card(context.obj), "appeal": context.data["appeal"]}
    return {
        "appeal": context.data["appeal"],
        "appeal_file_id": _file(context),
        "appealed_at": context.at,
        "appealed_by_id": context.actor.user_id,
    }


def _ruled(context: MoveContext) -> dict[str, Any]:
    context.told |= {**about_card(context.obj), "ruling": context.data["ruling"]}
    return {
        "ruling": context.data["ruling"],
        "ruled_at": context.at,
        "ruled_by_id": context.actor.user_id,
    }


def upheld(context: MoveContext) -> Mapping[str, Any]:
    return _ruled(context)


def lifted(context: MoveContext) -> Mapping[str, Any]:
    """A lifted card stands for nothing: it leaves the top of its matter and every figure."""
    return {**_ruled(context), "lifted_at": context.at, "highest": False}


# ------------------------------------------------------------------ windows
def _start(context: MoveContext, code: str, days: int | None = None) -> Clock:
    """A clock of the card or order, owned by its unit and person; of the supervisor's own terms by nobody yet."""
    obj: Card | Order = context.obj
    kind = "card" if isinstance(obj, Card) else "supervision_order"
    return clock_start(
        Start(
            subject=Subject(kind, obj.pk),
            rule_code=code,
            owner_unit_id=obj.unit_id,
            owner_id=obj.person_id,
            region=obj.calendar_key,
            term=Term(days, Unit.WORKDAY) if days else None,
        ),
        actor=context.actor,
        at=context.at,
    )


def _stop(context: MoveContext, *kinds: str) -> None:
    subject = "card" if isinstance(context.obj, Card) else "supervision_order"
    clocks = Clock.objects.running().about(subject, context.obj.pk)
    if kinds:
        clocks = clocks.filter(kind__in=kinds)
    for clock_id in clocks.order_by("id").values_list("pk", flat=True):
        clock_stop(clock_id=clock_id, actor=context.actor, at=context.at)


def stop_all(context: MoveContext) -> None:
    if isinstance(context.obj, Card):
        context.told |= about_card(context.obj)
    _stop(context)


def open_windows(context: MoveContext) -> None:
    """The windows of explanation (not for a blue card, which only reminds) and of appeal."""
    card: Card = context.obj
    terms = Windows(**card.windows)
    context.told |= about_card(card)
    _start(context, "supervision.appeal", terms.appeal)
    if card.level != "blue" and card.explained_at is None:
        clock = _start(context, "supervision.explain", terms.explain)
        Card.objects.filter(pk=card.pk).update(explanation_clock=clock)
        card.explanation_clock = clock


def stop_explanation(context: MoveContext) -> None:
    _stop(context, "card_explanation")


def open_ruling(context: MoveContext) -> None:
    """The unit's own windows end with the appeal; the ruling has its own term, which is the supervisors'."""
    _stop(context)
    _start(context, "supervision.ruling", Windows(**context.obj.windows).ruling)


# ------------------------------------------------------------------ the highest card of a matter
def take_the_top(context: MoveContext) -> None:
    """The confirmed card becomes the highest of its matter, unless a graver one stands."""
    card: Card = context.obj
    top = Card.objects.filter(chain=card.chain, highest=True).exclude(pk=card.pk).first()
    if top is not None and is_graver(top.level, card.level):
        return
    if top is not None:
        step_down(top, card, context)
    Card.objects.filter(pk=card.pk).update(highest=True)
    card.highest = True


def step_down(lower: Card, higher: Card, context: MoveContext) -> None:
    """The lower card leaves the top; if nobody has appealed or ruled yet, it is replaced. It is not deleted."""
    Card.objects.filter(pk=lower.pk).update(highest=False, superseded_by=higher)
    lower.highest = False
    if lower.state in ("pending", "issued", "explained"):
        move(workflow="card", transition="supersede", obj=lower, actor=SYSTEM, at=context.at)


def give_the_top_back(context: MoveContext) -> None:
    """When the highest card is lifted, the gravest other card of the matter stands again."""
    card: Card = context.obj
    context.told |= about_card(card)
    rest = list(
        Card.objects.filter(chain=card.chain, state__in=(*STANDING, "superseded"))
        .exclude(pk=card.pk)
        .order_by("at", "pk")
    )
    if not rest or any(one.highest for one in rest):
        return
    heir = rest[gravest([one.level for one in rest])]
    if heir.state == "superseded":
        move(workflow="card", transition="restore", obj=heir, actor=SYSTEM, at=context.at)
    Card.objects.filter(pk=heir.pk).update(highest=True, superseded_by=None)


# ------------------------------------------------------------------ orders
def signed(context: MoveContext) -> Mapping[str, Any]:
    return {"signed_at": context.at}


def reported(context: MoveContext) -> Mapping[str, Any]:
    context.told["report"] = context.data["report"]
    return {
        "report": context.data["report"],
        "report_file_id": _file(context),
        "reported_at": context.at,
    }


def closed(context: MoveContext) -> Mapping[str, Any]:
    context.told["conclusion"] = context.data["conclusion"]
    return {
        "conclusion": context.data["conclusion"],
        "checked_by_id": context.actor.user_id,
        "closed_at": context.at,
    }


def stop_sign(context: MoveContext) -> None:
    _stop(context, "order_sign")


def stop_handling(context: MoveContext) -> None:
    _stop(context, "order_handling")


def open_sign(context: MoveContext) -> None:
    _start(context, "supervision.sign")


def open_handling(context: MoveContext) -> None:
    _start(context, "supervision.handle", context.obj.workdays)


def open_check(context: MoveContext) -> None:
    _start(context, "supervision.check")


def next_step_column(context: MoveContext) -> Mapping[str, Any]:
    step = next_step(context.obj.step)
    assert step is not None  # noqa: S101 - the guard has asked
    return {"step": step.value}


def overdue_step_column(context: MoveContext) -> Mapping[str, Any]:
    return {**next_step_column(context), "overdue_steps": context.obj.overdue_steps + 1}


def write_letter(context: MoveContext) -> None:
    """The letter of the step the order is at now; the clock that ran out begins anew with it."""
    order: Order = context.obj
    by_rule = context.actor.is_system
    reason = "" if by_rule else context.data["reason"]
    letter = letters.letter_of(
        order, at=context.at, author=context.actor.name, by_rule=by_rule, reason=reason
    )
    letter.save(force_insert=True)
    context.rows.append(letter)
    context.told |= {
        "number": order.number,
        "step": order.step,
        "step_name": STEP_WORDS[Step(order.step)],
        "letter": letter.number,
        "reason": reason,
    }
    _stop(context)
    if order.state == "issued":
        open_sign(context)
    else:
        open_handling(context)


# ------------------------------------------------------------------ rule versions
def policy_decided(context: MoveContext) -> Mapping[str, Any]:
    context.told["number"] = context.obj.number
    return {"decided_by_id": context.actor.user_id, "decided_at": context.at}


def policy_confirmed(context: MoveContext) -> Mapping[str, Any]:
    """In force from now on; the version before it ends at the same moment."""
    before = CardPolicy.objects.filter(state="in_force").first()
    if before is not None:
        move(workflow="card_policy", transition="replace", obj=before, actor=SYSTEM, at=context.at)
    return {**policy_decided(context), "valid_from": context.at}


def policy_replaced(context: MoveContext) -> Mapping[str, Any]:
    context.told["number"] = context.obj.number
    return {"valid_to": context.at}

"""The letters of an order and of a card in the words of the office. Texts are frozen when they are sent."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from zhengxiao.mechanisms.supervision.models import Order, OrderLetter
from zhengxiao.mechanisms.supervision.rules import STEP_WORDS, STEPS, Step

SIGNS = {Step.REMINDER: "提", Step.ORDER: "督", Step.INTERVIEW: "约", Step.ACCOUNTABILITY: "责"}
OPENINGS = {
    Step.REMINDER: "请贵单位就下列事项尽快办理：",
    Step.ORDER: "下列事项经提醒仍未按期办理，现予督办：",
    Step.INTERVIEW: "下列事项经督办仍未按期办理，请贵单位主要负责人到我单位接受约谈，说明原因和整改安排：",
    Step.ACCOUNTABILITY: "下列事项经提醒、督办、约谈仍未按期办理，现提出问责建议，移送有权机关处理：",
}


def letter_of(order: Order, *, at: datetime, author: str, by_rule: bool, reason: str = "") -> OrderLetter:
    """The unsaved letter of the step the order is at. Chinese, whatever the reader's language: it is a paper of record."""
    step = Step(order.step)
    number = f"监{SIGNS[step]}〔{timezone.localtime(at).year}〕{order.number}"
    lines = [OPENINGS[step], order.demand]
    if by_rule:
        before = STEP_WORDS[STEPS[STEPS.index(step) - 1]]
        lines.append(f"上一份{before}要求的期限已过，本函由系统按规则自动发出。")
    elif reason:
        lines.append(f"理由：{reason}")
    lines.append(f"请于收到本函后一个工作日内签收，并自签收之日起 {order.workdays} 个工作日内报告办理情况。")
    return OrderLetter(
        order=order,
        step=step.value,
        number=number,
        text="\n".join(lines),
        at=at,
        by_rule=by_rule,
        author_name=author,
    )

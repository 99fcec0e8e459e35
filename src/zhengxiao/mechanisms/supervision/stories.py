"""Cards and orders in words: the rule, the facts, the letters for print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.api import Case, case_url
from zhengxiao.kernel.access.api import allows
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.mechanisms.supervision.models import Card, Order, OrderLetter
from zhengxiao.mechanisms.supervision.rules import Source
from zhengxiao.mechanisms.supervision.sheets import frozen_sheet
from zhengxiao.mechanisms.supervision.words import LEVEL_NAMES, LIGHT_OF_KIND, STEP_NAMES

Pair = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as printed: who sends it to whom, its number and day, what it says, paragraph by paragraph."""

    office: str
    title: Any
    number: str
    to: str
    body: tuple[str, ...]
    at: datetime
    receipt: bool = True


def rule_words(card: Card) -> str:
    """Why the card was issued, in one sentence."""
    level = LEVEL_NAMES[card.level]
    if card.source == Source.HAND:
        return gettext("监督人员{name}认定，发{level}。").format(name=card.issuer_name, level=level)
    if card.source == Source.FINDING:
        words = gettext("监察规则“{rule}”第 {version} 版发现异常，发{level}。")
        return words.format(rule=gettext(card.rule_name), version=card.rule_version, level=level)
    light = LIGHT_OF_KIND.get(str(card.evidence.get("light")), "")
    due = card.evidence.get("due_on") or "—"
    words = gettext("“{clock}”进入{light}（到期日 {due}），按置牌规则第 {version} 版发{level}。")
    return words.format(
        clock=gettext(card.clock_label), light=light, due=due, version=card.rule_version, level=level
    )


def matter_url(obj: Card | Order, actor: Actor) -> str:
    """The page of what the card or order is about, if the actor may open it."""
    if obj.subject_kind != "case" or not allows(actor, "cases.view"):
        return ""
    case = Case.objects.visible_to(actor).filter(pk=obj.subject_id).first()
    return case_url(case) if case is not None else ""


def _unit(obj: Card | Order) -> str:
    department = obj.department.short_name or obj.department.name
    unit = obj.unit.short_name or obj.unit.name
    return department if obj.unit_id == obj.department_id else f"{department} · {unit}"


def card_facts(card: Card) -> list[Pair]:
    """Against whom, since when, by whom."""
    issuer = gettext(SYSTEM.name) if card.issuer_name == SYSTEM.name else card.issuer_name
    pairs: list[Pair] = [
        (_("责任单位"), _unit(card)),
        (_("责任人"), card.person.display_name if card.person else gettext("未指定")),
        (_("来源"), card.get_source_display()),
        (_("法定时刻"), date_format(_local(card.at), "Y-m-d H:i")),
        (_("记录时间"), date_format(_local(card.recorded_at), "Y-m-d H:i")),
        (_("发牌人"), issuer),
        (_("规则"), f"{card.rule} V{card.rule_version}"),
    ]
    return [pair for pair in pairs if pair[1]]


def order_facts(order: Order) -> list[Pair]:
    pairs: list[Pair] = [
        (_("责任单位"), _unit(order)),
        (_("责任人"), order.person.display_name if order.person else ""),
        (_("督办人"), order.issuer_name),
        (_("发出时间"), date_format(_local(order.issued_at), "Y-m-d H:i")),
        (_("办理期限（工作日）"), order.workdays),
        (_("签收时间"), date_format(_local(order.signed_at), "Y-m-d H:i") if order.signed_at else ""),
        (_("逾期升级次数"), order.overdue_steps or ""),
    ]
    return [pair for pair in pairs if pair[1] not in ("", None)]


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment)


def card_letter(card: Card) -> Letter:
    """The card as a notice to the unit: rule, evidence, what it may do and until when."""
    body = [
        gettext("贵单位承办的“{subject}”，经电子监察，现发{level}一张。").format(
            subject=card.subject_label, level=LEVEL_NAMES[card.level]
        ),
        gettext("规则：{rule}").format(rule=rule_words(card)),
    ]
    sheet = frozen_sheet(card.sheet)
    if sheet is not None and sheet.due_on is not None:
        words = gettext("计算：时限 {term}，到期日 {due}，发牌时已用 {used}（依据：{law}）。")
        due = date_format(sheet.due_on, gettext("Y年n月j日"))
        body.append(words.format(term=sheet.term, due=due, used=sheet.used, law=sheet.legal_ground))
    if card.reason:
        body.append(gettext("事由：{reason}").format(reason=card.reason))
    if card.evidence_text:
        body.append(gettext("证据：{evidence}").format(evidence=card.evidence_text))
    explain, appeal = card.windows.get("explain", 5), card.windows.get("appeal", 5)
    if card.level != "blue":
        body.append(gettext("请于 {n} 个工作日内提交书面说明。").format(n=explain))
    body.append(
        gettext(
            "对本牌有异议的，可于 {n} 个工作日内申诉，由贵单位以外的人员裁定；裁定撤销的，不计入任何统计。"
        ).format(n=appeal)
    )
    title = gettext("电子监察{level}通知书").format(level=LEVEL_NAMES[card.level])
    office = gettext("{region}电子监察").format(region=card.region.name)
    return Letter(office, title, card.number, card.department.name, tuple(body), card.recorded_at)


def order_letter(order: Order, letter: OrderLetter) -> Letter:
    """One letter of an order as it was sent."""
    body = [gettext("事项：{title}").format(title=order.title), *letter.text.split("\n")]
    if order.card is not None:
        body.append(
            gettext("依据：{level} {number}。").format(
                level=LEVEL_NAMES[order.card.level], number=order.card.number
            )
        )
    office = gettext("{region}电子监察").format(region=order.region.name)
    return Letter(
        office, STEP_NAMES[letter.step], letter.number, order.department.name, tuple(body), letter.at
    )

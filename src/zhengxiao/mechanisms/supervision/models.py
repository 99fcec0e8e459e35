"""Rule versions, cards, supervision orders and their letters. What a card states is frozen: a trigger refuses its change."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import ScopedQuerySet, ScopeFields
from zhengxiao.mechanisms.supervision.rules import CardLevel, Source, Step

LEVELS = [
    (CardLevel.BLUE.value, _("蓝牌")),
    (CardLevel.YELLOW.value, _("黄牌")),
    (CardLevel.RED.value, _("红牌")),
]
SOURCES = [
    (Source.CLOCK.value, _("时限规则")),
    (Source.FINDING.value, _("监察规则")),
    (Source.HAND.value, _("人工")),
]
STEPS = [
    (Step.REMINDER.value, _("提醒函")),
    (Step.ORDER.value, _("督办函")),
    (Step.INTERVIEW.value, _("约谈通知")),
    (Step.ACCOUNTABILITY.value, _("问责建议")),
]
STANDING = ("issued", "explained", "appealed", "upheld")
"""States in which a card counts."""

SCOPE = ScopeFields(region="region_id", department="department_id", unit="unit_id", person="person_id")


def _link(to: str, label: Any, *, null: bool = False) -> models.ForeignKey[Any, Any]:
    """A reference without an index of its own."""
    return models.ForeignKey(
        to, verbose_name=label, null=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


def _person(label: Any) -> models.ForeignKey[Any, Any]:
    return _link(settings.AUTH_USER_MODEL, label, null=True)


class CardPolicyQuerySet(ScopedQuerySet["CardPolicy"]):
    """Rule versions are one thing for the whole platform."""

    scope_fields = ScopeFields(region=None, department=None, unit=None, person=None)
    view_action = "supervision.view_rules"


class CardPolicy(models.Model):
    """One version of the rules by which lights give cards. Proposed by one supervisor, put in force by another person."""

    number = models.PositiveIntegerField(_("版本"), unique=True)
    state = models.CharField(_("状态"), max_length=16)
    rules = models.JSONField(_("规则"))
    reason = models.CharField(_("理由"), max_length=300)
    proposed_by = _person(_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = _person(_("决定人"))
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    valid_from = models.DateTimeField(_("生效时间"), null=True)
    valid_to = models.DateTimeField(_("失效时间"), null=True)

    objects = CardPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("置牌规则")
        verbose_name_plural = _("置牌规则")
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="in_force"), name="supervision_one_policy_in_force"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="supervision_policy_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"V{self.number}"


class CardQuerySet(ScopedQuerySet["Card"]):
    """Cards as an actor may see them; nobody deletes one."""

    scope_fields = SCOPE
    view_action = "supervision.view"

    def delete(self) -> NoReturn:
        raise TypeError("cards are never deleted")

    def standing(self) -> CardQuerySet:
        """Cards that count: issued, and neither lifted, withdrawn nor replaced by a graver one."""
        return self.filter(state__in=STANDING)

    def highest(self) -> CardQuerySet:
        """Of each matter the gravest card that stands."""
        return self.filter(highest=True)


class Card(models.Model):
    """One blue, yellow or red card against a unit, with everything it rests on. `state` is written by workflow.move alone."""

    number = models.CharField(_("牌号"), max_length=40, unique=True)
    state = models.CharField(_("状态"), max_length=16)
    level = models.CharField(_("级别"), max_length=8, choices=LEVELS)
    source = models.CharField(_("来源"), max_length=8, choices=SOURCES)
    subject_kind = models.CharField(_("对象类型"), max_length=40)
    subject_id = models.BigIntegerField(_("对象"))
    subject_label = models.CharField(_("对象名称"), max_length=400)
    clock = _link("clock.Clock", _("时限"), null=True)
    clock_label = models.CharField(_("时限名称"), max_length=100, blank=True)
    entry = _link("timeline.Entry", _("依据的记录"), null=True)
    finding_id = models.BigIntegerField(_("监察发现"), null=True)
    rule = models.CharField(_("规则编码"), max_length=80)
    rule_name = models.CharField(_("规则"), max_length=200)
    rule_version = models.PositiveIntegerField(_("规则版本"), default=0)
    policy = _link("supervision.CardPolicy", _("置牌规则版本"), null=True)
    chain = models.CharField(_("同一事由"), max_length=80)
    highest = models.BooleanField(_("最高牌"), default=False)
    region = _link("orgs.Region", _("区划"))
    department = _link("orgs.Unit", _("部门"))
    unit = _link("orgs.Unit", _("责任单位"))
    person = _person(_("责任人"))
    calendar_key = models.CharField(_("日历"), max_length=20)
    at = models.DateTimeField(_("法定时刻"))
    recorded_at = models.DateTimeField(_("记录时间"))
    issuer = _person(_("发牌人"))
    issuer_name = models.CharField(_("发牌人姓名"), max_length=100)
    reason = models.TextField(_("事由"), blank=True)
    evidence = models.JSONField(_("证据"), default=dict, encoder=DjangoJSONEncoder)
    evidence_text = models.TextField(_("证据说明"), blank=True)
    sheet = models.JSONField(_("计算单"), null=True, encoder=DjangoJSONEncoder)
    windows = models.JSONField(_("程序期限"), default=dict)

    # the course of due process; the timeline tells it in full
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    confirmed_by = _person(_("确认人"))
    explanation = models.TextField(_("说明"), blank=True)
    explanation_file = _link("files.StoredFile", _("说明附件"), null=True)
    explained_at = models.DateTimeField(_("说明时间"), null=True)
    explanation_clock = _link("clock.Clock", _("说明时限"), null=True)
    appeal = models.TextField(_("申诉"), blank=True)
    appeal_file = _link("files.StoredFile", _("申诉附件"), null=True)
    appealed_at = models.DateTimeField(_("申诉时间"), null=True)
    appealed_by = _person(_("申诉人"))
    ruling = models.TextField(_("裁定"), blank=True)
    ruled_at = models.DateTimeField(_("裁定时间"), null=True)
    ruled_by = _person(_("裁定人"))
    lifted_at = models.DateTimeField(_("撤销时间"), null=True)
    superseded_by = models.ForeignKey(
        "self", verbose_name=_("被何牌替代"), null=True, on_delete=models.PROTECT, related_name="superseded"
    )

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("红黄牌")
        verbose_name_plural = _("红黄牌")
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "level"],
                condition=Q(clock__isnull=False),
                name="supervision_card_once_per_clock",
            ),
            models.UniqueConstraint(
                fields=["finding_id"],
                condition=Q(finding_id__isnull=False),
                name="supervision_card_once_per_finding",
            ),
            models.UniqueConstraint(
                fields=["chain"], condition=Q(highest=True), name="supervision_one_highest_card"
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in CardLevel]),
                name="supervision_card_level_known",
            ),
            models.CheckConstraint(
                condition=Q(ruled_by__isnull=True) | Q(issuer__isnull=True) | ~Q(ruled_by=models.F("issuer")),
                name="supervision_issuer_does_not_rule",
            ),
            models.CheckConstraint(
                condition=Q(highest=False) | Q(state__in=STANDING), name="supervision_highest_stands"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "level"], name="supervision_card_subject"),
            models.Index(fields=["department", "-at"], name="supervision_card_department"),
            models.Index(fields=["region", "-at"], name="supervision_card_region"),
            models.Index(fields=["state", "department"], name="supervision_card_state"),
            models.Index(fields=["-at", "-id"], name="supervision_card_young"),
            models.Index(fields=["chain"], name="supervision_card_chain"),
            models.Index(fields=["person", "-at"], name="supervision_card_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.number}"


def carrying(level: str) -> models.QuerySet[Card, Any]:
    """Ids of the cases whose gravest standing card is of this level; stands in a declaration and is never read there."""
    cards = Card.objects.standing().highest().filter(subject_kind="case", level=level)
    found: Any = cards.order_by().values("subject_id")
    found.told = f"{{case: {level} card}}"
    return found  # type: ignore[no-any-return]


FROZEN = (
    "number", "level", "source", "subject_kind", "subject_id", "subject_label", "clock_id", "clock_label", "entry_id",
    "finding_id", "rule", "rule_name", "rule_version", "policy_id", "chain", "region_id", "department_id", "unit_id",
    "person_id", "at", "recorded_at", "issuer_id", "issuer_name", "reason", "evidence", "evidence_text", "sheet", "windows",
)  # fmt: skip
"""Columns of a card that no statement may change; migration 0002 installs the trigger."""


class OrderQuerySet(ScopedQuerySet["Order"]):
    """Supervision orders as an actor may see them; nobody deletes one."""

    scope_fields = SCOPE
    view_action = "supervision.view"

    def delete(self) -> NoReturn:
        raise TypeError("orders are never deleted")


class Order(models.Model):
    """A supervision order: sign for it, act, report, be checked. `state` is written by workflow.move alone."""

    number = models.CharField(_("督办单号"), max_length=40, unique=True)
    state = models.CharField(_("状态"), max_length=16)
    step = models.CharField(_("文书"), max_length=16, choices=STEPS, default=Step.REMINDER.value)
    card = models.ForeignKey(
        Card, verbose_name=_("所据的牌"), null=True, on_delete=models.PROTECT, related_name="orders"
    )
    subject_kind = models.CharField(_("对象类型"), max_length=40)
    subject_id = models.BigIntegerField(_("对象"))
    subject_label = models.CharField(_("对象名称"), max_length=400)
    region = _link("orgs.Region", _("区划"))
    department = _link("orgs.Unit", _("部门"))
    unit = _link("orgs.Unit", _("责任单位"))
    person = _person(_("责任人"))
    calendar_key = models.CharField(_("日历"), max_length=20)
    title = models.CharField(_("督办事项"), max_length=200)
    demand = models.TextField(_("督办要求"))
    workdays = models.PositiveSmallIntegerField(_("办理期限（工作日）"))
    issuer = _person(_("督办人"))
    issuer_name = models.CharField(_("督办人姓名"), max_length=100)
    issued_at = models.DateTimeField(_("发出时间"))
    signed_at = models.DateTimeField(_("签收时间"), null=True)
    report = models.TextField(_("办理报告"), blank=True)
    report_file = _link("files.StoredFile", _("报告附件"), null=True)
    reported_at = models.DateTimeField(_("报告时间"), null=True)
    checked_by = _person(_("核查人"))
    conclusion = models.TextField(_("核查结论"), blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    overdue_steps = models.PositiveSmallIntegerField(_("逾期升级次数"), default=0)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("督办单")
        verbose_name_plural = _("督办单")
        constraints = [
            models.CheckConstraint(
                condition=Q(workdays__gte=1) & Q(workdays__lte=60), name="supervision_order_term"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="supervision_order_subject"),
            models.Index(fields=["department", "-issued_at"], name="supervision_order_department"),
            models.Index(fields=["region", "-issued_at"], name="supervision_order_region"),
            models.Index(fields=["state", "department"], name="supervision_order_state"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class OrderLetter(models.Model):
    """One letter of an order: reminder, order, interview, accountability; with its own number and text. Append-only."""

    order = models.ForeignKey(
        Order, verbose_name=_("督办单"), on_delete=models.PROTECT, related_name="letters"
    )
    step = models.CharField(_("文书"), max_length=16, choices=STEPS)
    number = models.CharField(_("文号"), max_length=60, unique=True)
    text = models.TextField(_("正文"))
    at = models.DateTimeField(_("日期"))
    by_rule = models.BooleanField(_("逾期自动升级"), default=False)
    author_name = models.CharField(_("签发人"), max_length=100)

    class Meta:
        verbose_name = _("督办文书")
        verbose_name_plural = _("督办文书")
        constraints = [
            models.UniqueConstraint(fields=["order", "step"], name="supervision_letter_once_per_step")
        ]

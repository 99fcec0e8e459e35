"""Double publicity in the sample city: in force for the last weeks, most of it reported in time, some of it not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.clock.api import ClockRule
from zhengxiao.kernel.database.api import tables_counted
from zhengxiao.kernel.identity.api import user_by_username
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.mechanisms.disclosures.api import (
    Content,
    Disclosure,
    Kind,
    PenaltyIn,
    Receipt,
    batch_report,
    disclosure_move,
    install_rule,
    penalty_enter,
    receipts_take,
    record_change,
    whole,
)
from zhengxiao.surfaces.sample.codes import credit_code
from zhengxiao.surfaces.sample.place import Place

WEEKS = 7
OWN = "A-APPROVAL"
LATE, MISSING, WRONG = 0.03, 0.02, 0.02
OFFENCES = ("未按规定公示营业执照", "超出许可范围经营", "未按要求整改安全隐患", "擅自占用道路施工")


def publicity_begin(today: date, at: datetime) -> ClockRule:
    """The duty is in force in the sample city since some weeks: what was decided before is nobody's to report here."""
    return install_rule(valid_from=today - timedelta(weeks=WEEKS), at=at)


def publicity_told(place: Place, rng: Random, at: datetime) -> int:
    """Reports, receipts, penalties, a finding and a record taken down; returns how many duties there are."""
    tables_counted()
    rows = list(Disclosure.objects.select_related("clock", "department").order_by("pk"))
    last = at - timedelta(days=6)
    own = _reported_by_us(at)
    answers = [one for row in rows if row.pk not in own and (one := _answer(row, rng, last))]
    with transaction.atomic():
        receipts_take(answers, actor=SYSTEM, at=at)
    approver = actor_for(user_by_username("approver"), at=at)
    _complete(approver, at, before=at)
    _penalties(place, approver, at)
    _exceptions(at)
    return len(rows)


def _answer(row: Disclosure, rng: Random, last: datetime) -> Receipt | None:
    """What the upper platform tells of a decision that has had its time; None where the office told nothing."""
    chance = rng.random()
    if row.decided_at > last or chance < MISSING:
        return None
    due = row.clock.due_at or last
    late = chance < MISSING + LATE
    told = (
        due + timedelta(days=2) if late else row.decided_at + (due - row.decided_at) * rng.uniform(0.1, 0.9)
    )
    wrong = rng.random() < WRONG
    return Receipt(
        system="upper-platform",
        receipt_no=f"HZ{row.pk:08d}",
        kind=Kind(row.kind),
        document_no=row.document_no,
        department_id=row.department_id,
        accepted=not wrong,
        reason="有效期至为空" if wrong else "",
        at=told + timedelta(hours=2),
        reported_at=told,
        number=row.number,
    )


def _reported_by_us(at: datetime) -> set[int]:
    """A batch of the approver's office some days ago: the upper platform took most of it the day after, and sent one back."""
    then = at - timedelta(days=2)
    while timezone.localtime(then).weekday() > 4:
        then -= timedelta(days=1)
    approver = actor_for(user_by_username("approver"), at=then)
    _complete(approver, then, before=then)
    office = Unit.objects.get(code=OWN)
    made = batch_report(department_id=office.pk, kind=Kind.LICENCE, actor=approver, at=then)
    if made.batch is None:
        return set()
    rows = list(Disclosure.objects.filter(lines__batch=made.batch).order_by("pk"))
    with transaction.atomic():
        receipts_take(
            [_told(row, n, then + timedelta(days=1)) for n, row in enumerate(rows)], actor=SYSTEM, at=at
        )
    return {row.pk for row in rows}


def _told(row: Disclosure, place: int, day: datetime) -> Receipt:
    """The first of a batch comes back, the others are taken."""
    return Receipt(
        system="upper-platform",
        receipt_no=f"HZP{row.pk:07d}",
        kind=Kind.LICENCE,
        document_no=row.document_no,
        department_id=row.department_id,
        accepted=place > 0,
        reason="" if place else "法定代表人与登记信息不一致",
        at=day,
        number=row.number,
    )


def _complete(approver: Actor, at: datetime, before: datetime) -> None:
    """The approver's office has filled in some of what was decided before; the rest is theirs to fill in."""
    waiting = Disclosure.objects.visible_to(approver).filter(
        state="due", subject_kind="organisation", decided_at__lt=before
    )
    for row in waiting.order_by("-decided_at", "pk")[:6]:
        record = whole(Content.objects.get(disclosure=row, number=row.revision))
        record |= {"XK_FRDB": "示例人", "XK_YXQZI": "2099/12/31"}
        record_change(disclosure_id=row.pk, record=record, reason="补充内容", actor=approver, at=at)


def _penalties(place: Place, approver: Actor, at: datetime) -> None:
    office = place.units[OWN]
    for number, offence in enumerate(OFFENCES, start=1):
        day = at - timedelta(days=2 * number)
        record = {
            "CF_XDR_MC": f"示例{number}号商贸有限公司", "CF_XDR_LB": "法人及非法人组织", "CF_FRDB": "示例人",
            "CF_XDR_SHXYM": "" if number == 1 else credit_code("91", "990102000000", 39_000_000 + number),
            "CF_WSH": f"示罚〔{day.year}〕{number} 号", "CF_WFXW": offence, "CF_SY": f"经查，当事人{offence}（示例）。",
            "CF_YJ": "示例条例第三十条", "CF_JDRQ": f"{day:%Y/%m/%d}", "CF_YXQ": "2099/12/31",
            "CF_CFJG": office.name, "CF_SJLY": office.name, "CF_CFJGDM": office.credit_code,
            "CF_SJLYDM": office.credit_code,
        }  # fmt: skip
        fined = {"CF_CFLB": "罚款", "CF_NR": "罚款人民币 5000 元", "CF_NR_FK": "0.5"}
        light = number == len(OFFENCES)
        record |= {"CF_CFLB": "警告", "CF_NR": "警告"} if light else fined
        entered = penalty_enter(told=PenaltyIn(office.pk, record), actor=approver, at=at)
        if light:
            _cured(entered, at)


def _cured(penalty: Disclosure, at: datetime) -> None:
    """A warning that was reported, heeded and repaired: nothing of it is left in the public list."""
    last = at - timedelta(days=1)
    told = Receipt(
        system="upper-platform", receipt_no=f"HZC{penalty.pk:07d}", kind=Kind.PENALTY, document_no=penalty.document_no,
        department_id=penalty.department_id, accepted=True, reason="", at=last, reported_at=last,
        number=penalty.number,
    )  # fmt: skip
    with transaction.atomic():
        receipts_take([told], actor=SYSTEM, at=at)
    ended = {
        "document_no": f"示信修〔{at.year}〕1 号", "fulfilled_on": f"{timezone.localtime(last):%Y-%m-%d}",
        "commitment": f"示诺〔{at.year}〕1 号",
    }  # fmt: skip
    head = actor_for(user_by_username("head"), at=at)
    disclosure_move(disclosure_id=penalty.pk, transition="repair", actor=head, at=at, data=ended)


def _exceptions(at: datetime) -> None:
    """One record kept back and found out, one lawfully not published, one revoked and taken down."""
    supervisor = actor_for(user_by_username("supervisor"), at=at)
    missing = Disclosure.objects.visible_to(supervisor).filter(state="due", clock__due_at__lt=at).first()
    if missing is not None:
        told = {"ground": "专项检查发现已发证而未报送（示例）", "document_no": "示查〔2026〕3 号"}
        disclosure_move(disclosure_id=missing.pk, transition="find", actor=supervisor, at=at, data=told)
    received = Disclosure.objects.filter(state="received").order_by("-pk")
    for row, explained in zip(received[:2], (True, False), strict=False):
        told = {"ground": "revoked", "document_no": "示行复〔2026〕5 号", "revoked_on": f"{at:%Y-%m-%d}"}
        disclosure_move(disclosure_id=row.pk, transition="revoke", actor=SYSTEM, at=at, data=told)
        if explained:
            why = {"explanation": "原许可决定经行政复议撤销，现撤下公示（示例）。"}
            disclosure_move(disclosure_id=row.pk, transition="withdraw", actor=SYSTEM, at=at, data=why)

"""The written papers of a case: receipt, acceptance, supplement, refusal, procedure, extension and decision notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.rules import PROCEDURE_KINDS
from zhengxiao.backbone.cases.sheets import term_words
from zhengxiao.kernel.calendar.api import day_table
from zhengxiao.kernel.clock.api import Clock, term_of

LAW = _("《中华人民共和国行政许可法》")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as printed: title, its number and day, what it says, paragraph by paragraph."""

    kind: str
    title: str | Promise
    number: str
    at: datetime
    body: tuple[str, ...]


def papers_of(case: Case) -> list[Paper]:
    """The papers that exist by now, in the order in which they were due."""
    found = [_receipt(case), _supplement(case), _acceptance(case), _refusal(case)]
    found += [*_procedures(case), _decision(case)]
    return [paper for paper in found if paper is not None]


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), gettext("Y年n月j日"))


def _due(clock: Clock | None, label: str) -> str:
    if clock is None:
        return gettext("{label}：无。").format(label=label)
    # As promised on the day of acceptance: a later pause or extension has a notice of its own.
    term = term_of(clock)
    promised = day_table(clock.region).due(clock.started_at, term)
    words = gettext("{label}：{term}").format(label=label, term=term_words(term))
    due_on = clock.due_on if clock.source_due else promised.on
    if due_on is None:
        return gettext("{words}（当日不计）。").format(words=words)
    due = date_format(due_on, gettext("Y年n月j日"))
    doubt = gettext("，因放假安排尚未公布，暂定") if promised.provisional else ""
    return gettext("{words}，当日不计，至{due}止{doubt}。").format(words=words, due=due, doubt=doubt)


def _receipt(case: Case) -> Paper:
    names = [
        gettext("{n}．{name}").format(n=n, name=row.name) for n, row in enumerate(case.materials.all(), 1)
    ]
    body = [
        gettext("你（单位）于{day}提交的“{item}”申请材料已收到，共 {n} 份。").format(
            day=_day(case.received_at), item=case.item_name, n=len(names)
        ),
        *names,
        gettext("本机关将在五个工作日内决定是否受理；逾期未告知的，自收到材料之日起即为受理。"),
    ]
    return Paper("receipt", _("申请材料收件凭证"), case.number, case.received_at, tuple(body))


def _supplement(case: Case) -> Paper | None:
    notice = getattr(case, "supplement", None)
    if notice is None:
        return None
    body = (
        gettext("你（单位）申请的“{item}”，经审查，申请材料不齐全或者不符合法定形式。").format(
            item=case.item_name
        ),
        gettext("依据{law}第三十二条第一款第四项，现一次性告知需要补正的全部内容：").format(law=LAW),
        *notice.items.splitlines(),
        gettext("材料补齐后，本机关重新计算受理期限，不再要求补正其他材料。"),
    )
    return Paper("supplement", _("申请材料补正告知书"), notice.document_no, notice.told_at, body)


def _acceptance(case: Case) -> Paper | None:
    if case.accepted_at is None:
        return None
    first = (
        gettext("你（单位）申请的“{item}”，本机关未在五个工作日内告知补正，依法自收到材料之日起视为受理。")
        if case.deemed_accepted
        else gettext("你（单位）申请的“{item}”，属于本机关职权范围，材料齐全、符合法定形式，现予受理。")
    )
    body = (
        first.format(item=case.item_name),
        _due(case.promised_clock, gettext("承诺办结时限")),
        _due(case.statutory_clock, gettext("法定办结时限")),
        gettext(
            "依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，所需时间不计算在内，另行书面告知。"
        ),
    )
    return Paper("acceptance", _("受理通知书"), case.voucher_no, case.accepted_at, body)


def _refusal(case: Case) -> Paper | None:
    if case.result not in ("refused", "not_required") or case.finished_at is None:
        return None
    agency = (
        gettext("请向有权办理的机关“{agency}”提出申请。").format(agency=case.competent_agency)
        if case.competent_agency
        else ""
    )
    body = (
        gettext("你（单位）申请的“{item}”，经审查，本机关决定不予受理。").format(item=case.item_name),
        gettext("理由：{reason}").format(reason=case.reason),
        agency,
        gettext("如不服本决定，可自知道之日起六十日内申请行政复议，或者在六个月内提起行政诉讼。"),
    )
    return Paper("refusal", _("不予受理决定书"), case.voucher_no, case.finished_at, tuple(filter(None, body)))


def _procedures(case: Case) -> list[Paper]:
    found = []
    for row in case.procedures.order_by("started_at"):
        kind = gettext(PROCEDURE_KINDS.get(row.kind, row.kind))
        body = (
            gettext("你（单位）申请的“{item}”依法需要进行{kind}。").format(item=case.item_name, kind=kind),
            gettext("理由：{reason}").format(reason=row.reason),
            gettext("依据{law}第四十五条，所需时间不计算在办理期限内，预计 {n} 个工作日。").format(
                law=LAW, n=row.expected_days
            ),
        )
        found.append(Paper(f"procedure-{row.pk}", _("特别程序告知书"), row.notice_no, row.started_at, body))
    return found


def _decision(case: Case) -> Paper | None:
    if case.decided_at is None:
        return None
    if case.result == "granted":
        certificate = (
            gettext("证照编号：{number}").format(number=case.certificate_no) if case.certificate_no else ""
        )
        body = (
            gettext("你（单位）申请的“{item}”，符合法定条件、标准，决定准予许可。").format(
                item=case.item_name
            ),
            certificate,
            gettext("本机关将自作出决定之日起十个工作日内颁发、送达。"),
        )
        title: str | Promise = _("准予行政许可决定书")
    else:
        body = (
            gettext("你（单位）申请的“{item}”，不符合法定条件、标准，决定不予许可。").format(
                item=case.item_name
            ),
            gettext("理由：{reason}").format(reason=case.reason),
            case.remedies,
        )
        title = _("不予行政许可决定书")
    return Paper("decision", title, case.result_no, case.decided_at, tuple(filter(None, body)))

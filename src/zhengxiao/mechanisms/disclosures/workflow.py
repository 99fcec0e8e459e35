"""The life of a record of double publicity, as data. Law: 行政处罚法 art. 48; domain reference 5.1."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.kernel.workflow.api import Field, FieldKind, Group, State, Transition, Workflow
from zhengxiao.mechanisms.disclosures import effects, guards, permissions
from zhengxiao.mechanisms.disclosures.facts import SUBJECT
from zhengxiao.mechanisms.disclosures.models import Disclosure
from zhengxiao.mechanisms.disclosures.words import EXEMPTION_GROUNDS, REVOCATION_GROUNDS

STATES = (
    State("due", pgettext_lazy("双公示", "待报送"), Group.OPEN),
    State("reported", pgettext_lazy("双公示", "已报送"), Group.WAITING),
    State("received", pgettext_lazy("双公示", "已入库"), Group.DONE),
    State("rejected", pgettext_lazy("双公示", "已退回"), Group.OPEN),
    State("corrected", pgettext_lazy("双公示", "待重报"), Group.OPEN),
    State("revoked", pgettext_lazy("双公示", "待撤下"), Group.OPEN),
    State("withdrawn", pgettext_lazy("双公示", "已撤下"), Group.STOPPED),
    State("repaired", pgettext_lazy("双公示", "已修复"), Group.STOPPED),
    State("exempted", pgettext_lazy("双公示", "不公开"), Group.STOPPED),
)
TO_REPORT = ("due", "corrected")
PUBLIC = ("reported", "received", "corrected")
"""What citizens may read: gone with the first sign that the content is wrong or the decision is no longer good."""

REASON = Field("reason", _("理由"), FieldKind.LONG_TEXT)
RECEIPT = Field("receipt", _("回执号"))
PLACE = (
    Field("batch", _("批次号")),
    Field("line", _("序号"), FieldKind.NUMBER),
)

TRANSITIONS = (
    Transition(
        "report", _("报送"), TO_REPORT, "reported", permissions.REPORT, "disclosures.reported",
        needs=PLACE, guards=(guards.complete,), sets=effects.first_reported, effects=(effects.report,), emphasis="primary",
    ),
    Transition(
        "report_elsewhere", _("已在上级平台报送"), TO_REPORT, "reported", permissions.REPORT, "disclosures.reported",
        needs=(*PLACE, Field("moment", _("报送时间"))), sets=effects.reported_elsewhere, effects=(effects.report,),
        by_system=True,
    ),
    Transition(
        "receive", _("入库"), ("reported", "rejected"), "received", permissions.REPORT, "disclosures.received",
        needs=(RECEIPT,), sets=effects.received, effects=(effects.tell("receipt"), effects.stop_correction), by_system=True,
    ),
    Transition(
        "reject", _("退回"), ("reported", "received"), "rejected", permissions.REPORT, "disclosures.rejected",
        needs=(RECEIPT, REASON), sets=effects.rejected, effects=(effects.tell("receipt", "reason"), effects.start_correction),
        by_system=True,
    ),
    Transition(
        "correct", _("更正"), ("rejected", "reported", "received"), "corrected", permissions.EDIT, "disclosures.corrected",
        needs=(REASON,), effects=(effects.tell("reason"), effects.start_correction), emphasis="primary",
    ),
    Transition(
        "revoke", _("登记决定失效"), ("due", "reported", "received", "rejected", "corrected"), "revoked",
        permissions.EDIT, "disclosures.revoked",
        needs=(
            Field("ground", _("失效情形"), FieldKind.CHOICE, choices=tuple(REVOCATION_GROUNDS.items())),
            Field("document_no", _("失效文书号"), help=_("例：示行复〔2026〕5 号")),
            Field("revoked_on", _("失效日期"), help=_("写成 2026-03-04")),
        ),
        sets=effects.revoked, effects=(effects.revoke,), law=_("行政处罚法第四十八条"), emphasis="danger",
    ),
    Transition(
        "withdraw", _("撤下公示"), ("revoked",), "withdrawn", permissions.EDIT, "disclosures.withdrawn",
        needs=(
            Field("explanation", _("公开说明"), FieldKind.LONG_TEXT,
                  help=_("向社会公开，写明撤下的理由；不得写入身份证号、电话等个人号码。")),
        ),
        guards=(guards.explained_without_numbers,), sets=effects.withdrawn, effects=(effects.withdraw,),
        law=_("行政处罚法第四十八条"), emphasis="primary",
    ),
    Transition(
        "repair", _("准予信用修复"), ("reported", "received"), "repaired", permissions.REPAIR, "disclosures.repaired",
        needs=(
            Field("document_no", _("修复决定文书号"), help=_("例：示信修〔2026〕2 号"), longest=128),
            Field("fulfilled_on", _("义务履行完毕日期"), help=_("写成 2026-03-04")),
            Field("commitment", _("信用承诺书编号"), help=_("当事人作出的公开信用承诺。"), longest=128),
        ),
        guards=(guards.only_penalties, guards.shown_long_enough), sets=effects.repaired, effects=(effects.repair,),
        law=_("信用修复管理办法（国家发展改革委令第 36 号）"),
    ),
    Transition(
        "exempt", _("批准不公开"), ("due",), "exempted", permissions.EXEMPT, "disclosures.exempted",
        needs=(
            Field("ground", _("不公开的情形"), FieldKind.CHOICE, choices=tuple(EXEMPTION_GROUNDS.items())), REASON,
        ),
        sets=effects.exempted, effects=(effects.exempt,), law=_("政府信息公开条例第十四条、第十五条"), emphasis="danger",
    ),
    Transition(
        "find", _("认定瞒报"), ("due", "reported", "received", "rejected", "corrected"), None,
        permissions.INSPECT, "disclosures.concealed",
        needs=(Field("ground", _("认定依据"), FieldKind.LONG_TEXT), Field("document_no", _("检查文书号"))),
        guards=(guards.not_own_unit, guards.not_found_yet, guards.past_due), effects=(effects.find,), emphasis="danger",
    ),
    Transition(
        "clear", _("撤销瞒报认定"), ("due", "reported", "received", "rejected", "corrected"), None,
        permissions.INSPECT, "disclosures.cleared",
        needs=(REASON,), guards=(guards.not_own_unit, guards.found), effects=(effects.clear,),
    ),
)  # fmt: skip

WORKFLOW = Workflow(
    name="disclosure",
    label=_("双公示"),
    model=lambda: Disclosure,
    subject_kind=SUBJECT,
    states=STATES,
    transitions=TRANSITIONS,
    initial="due",
)

"""What double publicity says on the timeline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.kernel.timeline.api import Fact

SUBJECT = "disclosure"
BATCH = "disclosure_batch"
ANSWER = "upper_record"

FACTS = (
    Fact("disclosures.begun", _("开始双公示"), _("自 {valid_from} 起的决定由本平台公示报送"), "clock_rule"),
    Fact("disclosures.resealed", _("换用密钥"), _("报送内容换用新密钥加密，内容不变"), SUBJECT),
    Fact(
        "disclosures.owed",
        _("产生公示义务"),
        _("{document_no}应公示并报送，到期日 {due_on}"),
        SUBJECT,
    ),
    Fact(
        "disclosures.content_changed", _("修改内容"), _("修改报送内容（第 {revision} 版）：{reason}"), SUBJECT
    ),
    Fact(
        "disclosures.reported",
        _("报送"),
        _("报送，批次 {batch}，第 {line} 条，第 {revision} 版内容"),
        SUBJECT,
    ),
    Fact("disclosures.received", pgettext_lazy("事实", "入库"), _("上级平台已入库，回执 {receipt}"), SUBJECT),
    Fact(
        "disclosures.rejected",
        pgettext_lazy("事实", "退回"),
        _("上级平台退回：{reason}（回执 {receipt}）"),
        SUBJECT,
    ),
    Fact("disclosures.corrected", pgettext_lazy("事实", "更正"), _("更正，待重新报送：{reason}"), SUBJECT),
    Fact(
        "disclosures.revoked",
        _("决定失效"),
        _("原决定{ground}（{document_no}，{revoked_on}），应在 3 个工作日内撤下"),
        SUBJECT,
    ),
    Fact(
        "disclosures.withdrawn",
        pgettext_lazy("事实", "撤下"),
        _("撤下公示，公开说明：{explanation}"),
        SUBJECT,
    ),
    Fact(
        "disclosures.repaired",
        _("信用修复"),
        _(
            "准予信用修复（{document_no}），停止公示；义务于 {fulfilled_on} 履行完毕，已作出公开信用承诺（{commitment}）"
        ),
        SUBJECT,
    ),
    Fact("disclosures.exempted", _("依法不公开"), _("依法不公开：{ground}，{reason}"), SUBJECT),
    Fact("disclosures.concealed", _("认定瞒报"), _("检查认定瞒报：{ground}（{document_no}）"), SUBJECT),
    Fact("disclosures.cleared", _("撤销瞒报认定"), _("撤销瞒报认定：{reason}"), SUBJECT),
    Fact(
        "disclosures.batch_reported", _("批次报送"), _("批次 {batch} 报送 {count} 条，未报 {left} 条"), BATCH
    ),
    Fact("disclosures.answer_kept", _("收到回执"), _("上级平台回执 {receipt}：{word}"), ANSWER),
    Fact("disclosures.answer_tied", _("回执归位"), _("回执 {receipt} 对应到报送记录 {number}"), ANSWER),
    Fact("disclosures.batch_taken", _("取出报送文件"), _("取出批次 {batch} 的报送文件，{count} 条"), BATCH),
)

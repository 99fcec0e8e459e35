"""What a case says on the timeline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.kernel.timeline.api import Fact

FACTS = (
    Fact(
        "cases.received", pgettext_lazy("事实", "收件"), _("收件，材料 {materials} 份，编号 {number}"), "case"
    ),
    Fact(
        "cases.supplement_asked",
        pgettext_lazy("事实", "一次性告知补正"),
        _("一次性告知补正（{document_no}）：{items}"),
        "case",
        personal=("items",),
    ),
    Fact("cases.supplement_filed", pgettext_lazy("事实", "补正材料收齐"), _("补正材料已收齐"), "case"),
    Fact("cases.lapsed", pgettext_lazy("事实", "逾期未补正"), _("逾期未补正，视为放弃申请"), "case"),
    Fact(
        "cases.accepted",
        pgettext_lazy("事实", "受理"),
        _("受理，凭证号 {voucher_no}，承诺 {promised}，法定 {statutory}"),
        "case",
    ),
    Fact(
        "cases.deemed_accepted",
        pgettext_lazy("事实", "逾期视为受理"),
        _("未在 5 个工作日内告知，自收件之日起视为受理，凭证号 {voucher_no}"),
        "case",
    ),
    Fact(
        "cases.refused",
        pgettext_lazy("事实", "不予受理"),
        _("不予受理（{voucher_no}）：{reason}；有权办理的机关：{competent_agency}"),
        "case",
        personal=("reason",),
    ),
    Fact(
        "cases.not_required",
        pgettext_lazy("事实", "不受理"),
        _("依法不需要取得许可，不受理：{reason}"),
        "case",
        personal=("reason",),
    ),
    Fact("cases.review_started", pgettext_lazy("事实", "开始审查"), _("开始审查，首个环节：{step}"), "case"),
    Fact("cases.step_done", pgettext_lazy("事实", "环节完成"), _("环节“{step}”完成：{outcome}"), "case"),
    Fact(
        "cases.suspended",
        pgettext_lazy("事实", "启动特别程序"),
        _("启动特别程序：{kind}，预计 {expected_days} 个工作日，告知书 {notice_no}"),
        "case",
    ),
    Fact(
        "cases.resumed",
        pgettext_lazy("事实", "特别程序结束"),
        _("特别程序结束，恢复计时：{outcome}"),
        "case",
        personal=("outcome",),
    ),
    Fact(
        "cases.extension_requested",
        pgettext_lazy("事实", "申请延期"),
        _("申请延期 {amount} 个工作日：{reason}"),
        "case",
        personal=("reason",),
    ),
    Fact(
        "cases.extended",
        pgettext_lazy("事实", "延期获批"),
        _("延期 {amount} 个工作日获批，理由已告知申请人（{document_no}）"),
        "case",
    ),
    Fact(
        "cases.extension_refused",
        pgettext_lazy("事实", "延期未批"),
        _("延期申请未获批准：{reason}"),
        "case",
        personal=("reason",),
    ),
    Fact("cases.decided", pgettext_lazy("事实", "作出决定"), _("{result_name}，文号 {result_no}"), "case"),
    Fact(
        "cases.withdrawn",
        pgettext_lazy("事实", "撤回申请"),
        _("申请人撤回申请：{reason}"),
        "case",
        personal=("reason",),
    ),
    Fact(
        "cases.terminated",
        pgettext_lazy("事实", "终止办理"),
        _("终止办理：{reason}"),
        "case",
        personal=("reason",),
    ),
    Fact("cases.delivered", pgettext_lazy("事实", "送达"), _("送达，方式：{method}"), "case"),
    Fact(
        "cases.corrected",
        pgettext_lazy("事实", "更正"),
        _("更正（{document_no}）：{reason}"),
        "case",
        personal=("reason",),
    ),
    Fact("cases.archived", pgettext_lazy("事实", "归档"), _("归档"), "case"),
    Fact(
        "cases.refiling_noticed",
        pgettext_lazy("事实", "疑似撤回重报"),
        _("与 {earlier} 申请人、事项相同，疑似撤回重报以重置时限"),
        "case",
    ),
    Fact(
        "cases.reimported",
        pgettext_lazy("事实", "来源系统更新"),
        _("按 {source_system} 的更新重算，来源编号 {source_id}"),
        "case",
    ),
    Fact(
        "cases.material_filed",
        pgettext_lazy("事实", "上传材料"),
        _("上传材料“{material}”第 {version} 版（{size_kb} KB，摘要 {digest}）"),
        "case",
    ),
    Fact(
        "cases.material_read",
        pgettext_lazy("事实", "下载材料"),
        _("下载材料“{material}”第 {version} 版"),
        "case",
    ),
    Fact(
        "cases.material_refused",
        pgettext_lazy("事实", "材料未通过查毒"),
        _("材料“{material}”第 {version} 版未通过查毒，已停止提供，请申请人重新提供"),
        "case",
    ),
    Fact(
        "cases.code_issued",
        pgettext_lazy("事实", "签发查询码"),
        _("随回执签发查询码，供申请人查询进度和核对全过程"),
        "case",
    ),
    Fact("cases.assigned", pgettext_lazy("事实", "指定经办人"), _("经办人：{handler}"), "case"),
)

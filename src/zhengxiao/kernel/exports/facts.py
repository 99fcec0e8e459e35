"""What is put on record about files that leave."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

KIND = "export_request"

FACTS = (
    Fact("exports.taken", _("导出文件"), _("导出“{title}” {rows} 条（{form}），当日累计 {total} 条"), "user"),
    Fact(
        "exports.asked",
        _("申请导出"),
        _("申请导出“{title}” {rows} 条（{form}）：{why}"),
        KIND,
        personal=("purpose",),
    ),
    Fact("exports.approved", _("批准导出"), _("批准导出“{title}” {rows} 条，{until} 前可取一次"), KIND),
    Fact("exports.refused", _("不予导出"), _("不予导出“{title}”：{reason}"), KIND),
    Fact("exports.withdrawn", _("撤回导出申请"), _("撤回导出“{title}”的申请"), KIND),
    Fact("exports.fetched", _("取走导出文件"), _("取走“{title}” {rows} 条（{form}）"), KIND),
    Fact("exports.lapsed", _("导出申请失效"), _("“{title}”的导出申请过期失效"), KIND),
)

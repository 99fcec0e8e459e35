"""The ledger of requests: columns and conditions, as data."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.exports.models import ExportRequest, RequestState
from zhengxiao.kernel.exports.rules import WHY_WORDS, Why
from zhengxiao.kernel.ui.api import Column, Filter, Ledger

FORMS = {"xlsx": "Excel", "csv": "CSV", "print": _("打印")}


def form_words(row: ExportRequest) -> str:
    return str(FORMS.get(row.form, row.form.upper()))


def why_words(row: ExportRequest) -> str:
    return gettext(WHY_WORDS[Why(row.why)])


EXPORTS = Ledger(
    name="exports.requests",
    title=_("导出申请"),
    columns=(
        Column("request", _("申请号"), value="pk", kind="number", sortable=True, sort=("pk",)),
        Column("title", _("台账"), sortable=True),
        Column("rows", _("条数"), kind="number", sortable=True),
        Column("form", _("格式"), value=form_words, default=False),
        Column("why", _("原因"), value=why_words),
        Column("purpose", _("用途")),
        Column("asked_by", _("申请人"), value="asked_by.display_name"),
        Column("department", _("部门"), value=lambda row: row.department.short_name or row.department.name),
        Column("state", _("状态"), value=lambda row: row.get_state_display(), sortable=True),
        Column("asked", pgettext_lazy("列", "申请"), value="asked_at", kind="datetime", sortable=True,
               sort=("asked_at",)),
        Column("decided_by", _("审批人"), value=lambda row: row.decided_by.display_name if row.decided_by else ""),
        Column("decided", _("审批时间"), value="decided_at", kind="datetime", sortable=True, nulls_last=True,
               default=False),
        Column("until", _("可取至"), value="usable_until", kind="datetime", default=False),
        Column("fetched", _("取走时间"), value="fetched_at", kind="datetime", default=False),
        Column("fetched_rows", _("取走条数"), kind="number", default=False),
    ),
    filters=(
        Filter("state", _("状态"), "choice", field="state", choices=lambda actor: RequestState.choices),
        Filter("title", _("台账"), field="title"),
        Filter("person", _("申请人"), field="asked_by__display_name"),
        Filter("asked_on", _("申请时间"), "moment_range", field="asked_at"),
    ),
    default_sort="-asked",
    empty_title=_("还没有导出申请"),
    empty_hint=_("导出含未遮盖个人信息的台账，或超过每日条数时，会先请另一人审批。"),
)  # fmt: skip

"""What happens to the proof itself, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

ERASED = "proof.personal_erased"
LOSS_ACCEPTED = "proof.loss_accepted"
ROW_SEALED = "proof.row_sealed"
TAKEN_UP = "proof.taken_up"

FACTS = (
    Fact(ERASED, _("清除个人信息"), _("清除个人信息 {values} 处：{ground}"), "any"),
    Fact(
        LOSS_ACCEPTED,
        _("接受丢失"),
        _("接受第 {first} 至第 {last} 个叶丢失（外部树根 {root}），存证从现有记录继续：{ground}"),
        "tree",
    ),
    Fact(ROW_SEALED, _("补入存证"), _("升级前已有的行补入存证（{table}）"), "any"),
    Fact(TAKEN_UP, _("纳入存证"), _("表 {table} 纳入逐行存证，补入升级前已有的 {rows} 行"), "tree"),
)

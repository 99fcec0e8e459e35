"""What happens to parties, in words. Names and numbers stay out of the timeline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

PARTY = "party"

FACTS = (
    Fact("parties.registered", _("登记主体"), _("登记办事主体（{kind}）"), PARTY),
    Fact(
        "parties.identity_revealed",
        _("查看完整信息"),
        _("查看完整{what}，用途：{purpose}"),
        PARTY,
        personal=("note",),
    ),
    Fact(
        "parties.reveal_limit_reached",
        _("查看次数达到上限"),
        _("{name} 一小时内查看完整号码达到 {limit} 次上限，后续查看已被拒绝"),
        "user",
    ),
    Fact("parties.resealed", _("换用密钥"), _("个人信息换用新密钥加密，内容不变"), PARTY),
    Fact("parties.account_linked", _("关联本人账号"), _("关联本人账号，可查看谁查询过其信息"), PARTY),
)

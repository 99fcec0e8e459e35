"""What is put on record about ways out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

KIND = "webhook_target"

FACTS = (
    Fact("webhooks.target_proposed", _("提出推送目标"), _("提出推送目标 {name}（{host}）"), KIND),
    Fact("webhooks.target_confirmed", _("确认推送目标"), _("确认推送目标 {name}"), KIND),
    Fact("webhooks.target_rejected", _("退回推送目标"), _("退回推送目标 {name}：{reason}"), KIND),
    Fact("webhooks.target_disabled", _("推送停用"), _("推送目标 {name} 已停用：{reason}"), KIND),
    Fact("webhooks.target_resumed", _("恢复推送"), _("恢复推送目标 {name}"), KIND),
    Fact("webhooks.target_closed", _("关闭推送目标"), _("关闭推送目标 {name}：{reason}"), KIND),
    Fact("webhooks.secret_rotated", _("更换签名密钥"), _("更换推送目标 {name} 的签名密钥"), KIND),
    Fact("webhooks.messages_resent", _("重新推送"), _("重新推送 {name} 的 {count} 条事件"), KIND),
)

"""What is put on record about coming in, accounts and posts; their packages lie below the timeline and cannot say it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

ADDRESS = ("address",)

IDENTITY = (
    Fact("identity.signed_in", _("登录"), _("{name} 登录（{way}），来自 {address}"), "user", ADDRESS),
    Fact("identity.signed_out", _("退出"), _("{name} 退出登录（{why}）"), "user"),
    Fact("identity.sign_in_refused", _("登录被拒"), _("登录被拒：{reason}，来自 {address}"), "user", ADDRESS),
    Fact(
        "identity.locked",
        _("登录暂停"),
        _("连续失败，{what}在 {address} 暂停到 {until_at}"),
        "user",
        ADDRESS,
    ),
    Fact("identity.unlocked", _("解除暂停"), _("解除 {username} 的登录暂停"), "user"),
    Fact("identity.sessions_ended", _("结束会话"), _("结束 {username} 的 {count} 个会话（{why}）"), "user"),
    Fact("identity.password_changed", _("修改密码"), _("{username} 修改了自己的密码"), "user"),
    Fact("identity.password_reset", _("重置密码"), _("重置 {username} 的密码，下次登录须修改"), "user"),
    Fact("identity.account_opened", _("开户"), _("开立账号 {username}（{name}）"), "user"),
    Fact("identity.account_disabled", _("停用账号"), _("停用账号 {username}"), "user"),
    Fact("identity.account_enabled", _("恢复账号"), _("恢复账号 {username}"), "user"),
    Fact("identity.second_factor_set", _("启用二次验证"), _("{username} 启用二次验证"), "user"),
    Fact(
        "identity.second_factor_refused",
        _("二次验证失败"),
        _("二次验证码不对，来自 {address}"),
        "user",
        ADDRESS,
    ),
    Fact("identity.second_factor_reset", _("重置二次验证"), _("重置 {username} 的二次验证"), "user"),
    Fact("identity.recovery_codes_made", _("生成恢复代码"), _("{username} 生成 {count} 个恢复代码"), "user"),
    Fact(
        "identity.recovery_code_used",
        _("使用恢复代码"),
        _("{username} 使用了一个恢复代码，还剩 {left} 个"),
        "user",
    ),
)

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengxiao.surfaces.portal.demo import DemoAccount


def _password(label: Any, *, new: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=256,
        error_messages={"required": _("请填写密码。")},
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password" if new else "current-password"}, render_value=False
        ),
    )


class SignInForm(forms.Form):
    """Name and password; whether they are right is asked by the view."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=150,
        error_messages={"required": _("请填写用户名。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = _password(_("密码"))

    use_required_attribute = False

    def __init__(self, *args: Any, sample: DemoAccount | None = None, **kwargs: Any) -> None:
        """`sample`: a demo account to fill in, its password too; nothing secret, it stands beside the form."""
        super().__init__(*args, **kwargs)
        if sample is not None:
            self.initial = {"username": sample.username, "password": sample.password}
            self.fields["password"].widget.render_value = True


class CodeForm(forms.Form):
    """A code of the telephone, or where it is said so a recovery code."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=20,
        error_messages={"required": _("请填写验证码。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"}
        ),
    )

    use_required_attribute = False


class PasswordAgainForm(forms.Form):
    password = _password(_("密码"))

    use_required_attribute = False


class PasswordChangeForm(forms.Form):
    """The present password and a new one, twice."""

    old_password = _password(_("现在的密码"))
    password = _password(_("新密码"), new=True)
    repeated = _password(_("再输一遍新密码"), new=True)

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("repeated") and data["password"] != data["repeated"]:
            self.add_error("repeated", _("两次输入的新密码不一样。"))
        return data

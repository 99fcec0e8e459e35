from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.identity.api import User
from zhengxiao.surfaces.portal.demo import DemoAccount


class SignInForm(forms.Form):
    """Name and password. One answer for a wrong name, a wrong password and a closed account."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=150,
        error_messages={"required": _("请填写用户名。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=256,
        error_messages={"required": _("请填写密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}, render_value=False),
    )

    use_required_attribute = False

    def __init__(
        self, *args: Any, request: HttpRequest, sample: DemoAccount | None = None, **kwargs: Any
    ) -> None:
        """`sample`: a demo account to fill in, its password too; nothing secret, it stands beside the form."""
        self.request = request
        self.user: User | None = None
        super().__init__(*args, **kwargs)
        if sample is not None:
            self.initial = {"username": sample.username, "password": sample.password}
            self.fields["password"].widget.render_value = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("username") and data.get("password"):
            self.user = authenticate(self.request, username=data["username"], password=data["password"])
            if self.user is None:
                self.add_error(
                    "password",
                    _("用户名或密码不对，或账号已停用。请核对大小写；忘记密码请联系本单位管理员。"),
                )
        return data

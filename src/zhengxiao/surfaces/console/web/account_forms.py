"""Forms of the pages about accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.identity.api import Language
from zhengxiao.kernel.orgs.api import ROLES, Unit


class AccountForm(forms.Form):
    """A new account; its first password is made by the platform and shown once."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=64,
        help_text=_("文字、数字和 . @ + - _，不区分大小写"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    display_name = forms.CharField(label=_("姓名"), max_length=64)
    phone = forms.CharField(label=_("手机"), max_length=32, required=False, help_text=_("只保留遮蔽后的号码"))
    language = forms.ChoiceField(label=_("界面语言"), choices=Language.choices)


class PostForm(forms.Form):
    """A post: role, unit, from when to when."""

    role = forms.ChoiceField(label=_("岗位角色"), choices=[("", _("请选择")), *ROLES])
    unit = forms.CharField(
        label=_("机构"),
        max_length=128,
        help_text=_("机构编码或完整名称"),
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    valid_from = forms.DateField(
        label=_("生效日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("失效日期"),
        required=False,
        help_text=_("从这一天起没有效力；留空为长期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_unit(self) -> Any:
        """The active unit of that code or of that name, if one alone has it."""
        typed = self.cleaned_data["unit"].strip()
        code = typed.partition(" ")[0]
        active = Unit.objects.filter(is_active=True)
        found = list(active.filter(code__iexact=code)[:1]) or list(active.filter(name=typed)[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("没有这个机构，或有几个同名机构：请填写机构编码。"))
        return found[0]

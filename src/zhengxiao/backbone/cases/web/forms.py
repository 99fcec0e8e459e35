"""Forms of a case: what a move asks for, what the counter takes in, who shall handle it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.words import CHANNELS
from zhengxiao.kernel.files.api import DOCUMENTS, MAX_BYTES
from zhengxiao.kernel.ui.api import focus_first

ORGANISATION, PERSON = "organisation", "person"


class IntakeForm(forms.Form):
    """What the counter takes in, once the item is chosen."""

    use_required_attribute = False

    applicant_kind = forms.ChoiceField(
        label=_("申请人类型"),
        choices=[(ORGANISATION, _("企业或其他组织")), (PERSON, _("个人"))],
        widget=forms.RadioSelect,
        initial=ORGANISATION,
    )
    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=18,
        required=False,
        help_text=_("18 位；已登记的主体填代码即可，名称自动带出。"),
    )
    applicant_name = forms.CharField(
        label=_("名称或姓名"),
        max_length=200,
        error_messages={"required": _("请填写申请人的名称或姓名；已登记的组织也可以只填信用代码。")},
    )
    id_number = forms.CharField(
        label=_("居民身份证号"),
        max_length=18,
        required=False,
        help_text=_("个人填写；加密保存，页面只显示掩码。"),
    )
    contact_name = forms.CharField(label=_("联系人"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    summary = forms.CharField(
        label=_("办理摘要"), max_length=300, required=False, help_text=_("例：滨河路小学扩建工程")
    )
    channel = forms.ChoiceField(label=_("来源"), choices=list(CHANNELS.items()), initial="window")
    unit = forms.ChoiceField(label=_("承办科室"), required=False)
    window = forms.ChoiceField(label=_("窗口"), required=False)
    materials = forms.MultipleChoiceField(
        label=_("已收材料"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        units: list[tuple[str, str]],
        windows: list[tuple[str, str]],
        materials: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name, choices in (("unit", units), ("window", windows), ("materials", materials)):
            if choices:
                fields[name].choices = choices
            else:
                del fields[name]
        # A known credit code brings its name along.
        fields["applicant_name"].required = not (self.is_bound and self.data.get("credit_code"))
        focus_first(self)


ACCEPTED = ",".join(DOCUMENTS)


class MaterialForm(forms.Form):
    """Which material, and its file. On a phone the picker offers the camera."""

    use_required_attribute = False
    material = forms.ChoiceField(label=_("材料"), required=False)
    new_name = forms.CharField(
        label=_("或新材料名称"),
        max_length=100,
        required=False,
        help_text=_("不在上面的材料填名称，例如：补充协议。请勿写入姓名或证件号码。"),
    )
    file = forms.FileField(
        label=_("文件"),
        allow_empty_file=True,
        help_text=format_lazy(
            _("{kinds}，不超过 {mb} MB；手机上可直接拍照。不收加密文件和含宏的文件。"),
            kinds="、".join(suffix.removeprefix(".") for suffix in DOCUMENTS),
            mb=MAX_BYTES >> 20,
        ),
        widget=forms.FileInput(attrs={"accept": f"image/*,{ACCEPTED}"}),
        error_messages={"required": _("请选择要上传的文件。")},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["material"].choices = [("", gettext("新材料")), *choices]
        focus_first(self)


class AssignForm(forms.Form):
    """Who shall handle the case."""

    use_required_attribute = False
    handler = forms.ChoiceField(
        label=_("经办人"),
        error_messages={"required": _("请选择经办人。"), "invalid_choice": _("请选择列表中的人员。")},
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["handler"].choices = [("", gettext("请选择")), *people]
        focus_first(self)

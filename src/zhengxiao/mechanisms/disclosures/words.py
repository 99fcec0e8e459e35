"""Words for stored codes of double publicity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.mechanisms.disclosures.rules import Kind, SubjectKind

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = dict[str, _StrPromise]
else:
    Words = dict

KIND_WORDS: Words = {Kind.LICENCE: _("行政许可"), Kind.PENALTY: _("行政处罚")}

SUBJECT_WORDS: Words = {
    SubjectKind.ORGANISATION: _("法人及非法人组织"),
    SubjectKind.INDIVIDUAL: _("个体工商户"),
    SubjectKind.PERSON: _("自然人"),
}

REVOCATION_GROUNDS: Words = {
    "revoked": pgettext_lazy("失效", "被撤销"),
    "changed": pgettext_lazy("失效", "被变更"),
    "unlawful": pgettext_lazy("失效", "被确认违法"),
    "void": pgettext_lazy("失效", "被确认无效"),
    "cancelled": pgettext_lazy("失效", "被注销或撤回"),
}

EXEMPTION_GROUNDS: Words = {
    "state_secret": _("涉及国家秘密"),
    "trade_secret": _("涉及商业秘密且权利人不同意公开"),
    "privacy": _("涉及个人隐私"),
    "minor": _("轻微处罚，依规定不予公示"),
    "security": _("公开可能危及国家安全、公共安全或社会稳定"),
}

"""What happens to the proof itself, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

ERASED = "proof.personal_erased"

FACTS = (Fact(ERASED, _("清除个人信息"), _("清除个人信息 {values} 处：{ground}"), "any"),)

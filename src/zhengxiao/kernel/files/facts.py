"""What happens to a file handed in, in words. Its name may name a person: it stands in the sealed row, as a commitment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

FILE = "file"

FACTS = (
    Fact("files.stored", _("收到文件"), _("收到文件（{media_type}，{size} 字节）"), FILE),
    Fact("files.scanned", _("查毒结果"), _("查毒结果：{verdict}"), FILE),
)

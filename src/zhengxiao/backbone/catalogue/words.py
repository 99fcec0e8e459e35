"""Words of pages that no code table holds."""

from __future__ import annotations

from collections.abc import Mapping

from zhengxiao.backbone.catalogue.rules import Standing
from zhengxiao.lib.refusals import gettext_noop

STANDING_WORDS: Mapping[Standing, str] = {
    Standing.DRAFT: gettext_noop("草稿"),
    Standing.IN_REVIEW: gettext_noop("待审核"),
    Standing.COMING: gettext_noop("未生效"),
    Standing.IN_FORCE: gettext_noop("现行"),
    Standing.ENDED: gettext_noop("已失效"),
}

"""Amounts of time in words, in the language in force."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import ngettext

from zhengxiao.kernel.calendar.terms import Unit


def amount_in_words(amount: int | str | Decimal, unit: Unit | str) -> str:
    """ "20 个工作日", "1 working day"; A fixed date shows its bare number."""
    n = 1 if str(amount) == "1" else 2
    words = {
        Unit.WORKDAY: ngettext("{n} 个工作日", "{n} 个工作日", n),
        Unit.WORKHOUR: ngettext("{n} 个工作小时", "{n} 个工作小时", n),
        Unit.HOUR: ngettext("{n} 小时", "{n} 小时", n),
        Unit.DAY: ngettext("{n} 日", "{n} 日", n),
        Unit.MONTH: ngettext("{n} 个月", "{n} 个月", n),
        Unit.YEAR: ngettext("{n} 年", "{n} 年", n),
        Unit.DAY_OF_MONTH: ngettext("{n} 日前", "{n} 日前", n),
        Unit.QUARTER_END: ngettext("{n} 个季度末", "{n} 个季度末", n),
    }
    return words.get(Unit(unit), "{n}").format(n=amount)

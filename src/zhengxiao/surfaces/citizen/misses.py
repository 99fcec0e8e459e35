"""How often one address may be wrong: ten times in ten minutes, counted in the database, so all processes count together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.surfaces.citizen.models import Miss

WINDOW = timedelta(minutes=10)
MOST = 10


class TooManyMisses(Refusal):
    template = gettext_noop("查询失败次数过多，请 {minutes} 分钟后再试，或到窗口询问。")

    def __init__(self, *, wait: timedelta) -> None:
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(minutes=math.ceil(self.seconds / 60))


@dataclass(frozen=True, slots=True)
class Claim:
    """A question that may be asked now. It counts as a miss until it is said to have hit."""

    pk: int


def claim(*, address: str, at: datetime) -> Claim:
    """Count a question before it is answered, so that many at once count as many. Raises TooManyMisses."""
    origin = salted_hmac("zhengxiao.citizen.origin", address, algorithm="sha256").hexdigest()
    row = Miss.objects.create(origin=origin, at=at)
    recent = Miss.objects.filter(origin=origin, at__gt=at - WINDOW).exclude(pk=row.pk)
    earlier = list(recent.order_by("-at").values_list("at", flat=True)[:MOST])
    if len(earlier) >= MOST:
        row.delete()
        raise TooManyMisses(wait=earlier[-1] + WINDOW - at)
    return Claim(row.pk)


def hit(asked: Claim) -> None:
    """The question was right: it does not count."""
    Miss.objects.filter(pk=asked.pk).delete()


def prune(at: datetime) -> None:
    Miss.objects.filter(at__lte=at - WINDOW).delete()

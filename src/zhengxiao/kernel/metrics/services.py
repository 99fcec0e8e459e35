"""Publishing: a period that is over is frozen with its numbers and the subjects behind them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.metrics.models import FrozenFigure
from zhengxiao.kernel.metrics.packing import pack_ids
from zhengxiao.kernel.metrics.queries import compute, ids, metric_named
from zhengxiao.kernel.metrics.rules import Figure, Part, Period, period_of
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop


class PeriodNotOver(Refusal):
    template = gettext_noop("统计期至 {end} 尚未结束，不能发布。请在统计期结束后再试。")


class FigureAlreadyFrozen(Refusal):
    template = gettext_noop("指标“{name}”该统计期的数据已经发布，不能再次发布。")


class NothingToFreeze(Refusal):
    template = gettext_noop("指标“{name}”在该统计期没有可发布的数据。")


def figure_freeze(
    *,
    name: str,
    period_from: date | datetime,
    period_to: date | datetime,
    by: str | None = None,
    actor: Actor,
    at: datetime,
) -> list[FrozenFigure]:
    """Freeze the figure of the whole population (not only what `actor` sees) for a period that ended by `at`.

    The cut-off is `at`. Raises NotPermitted, PeriodNotOver, FigureAlreadyFrozen, NothingToFreeze,
    UnknownMetric, UnknownDimension.
    """
    require(actor, "metrics.freeze")
    period = period_of(period_from, period_to, timezone.get_default_timezone())
    if period.end > at:
        raise PeriodNotOver(end=period.end.isoformat())
    asked: dict[str, Any] = {
        "period_from": period.start,
        "period_to": period.end,
        "actor": SYSTEM,
        "as_of": at,
        "by": by,
    }
    try:
        with transaction.atomic():
            rows = [_frozen(figure, asked, actor, at) for figure in compute(name, **asked)]
            if not rows:
                raise NothingToFreeze(name=name)
            for row in rows:
                row.save(force_insert=True)
            _record(rows, period, actor, at)
    except IntegrityError as error:
        raise FigureAlreadyFrozen(name=name) from error
    return rows


def _frozen(figure: Figure, asked: dict[str, Any], actor: Actor, at: datetime) -> FrozenFigure:
    behind = {
        part: ids(figure.name, part=part, key=figure.key, **asked).values_list("pk", flat=True)
        for part in Part
    }
    packed, digest = pack_ids(behind)
    return FrozenFigure(
        metric=figure.name,
        version=metric_named(figure.name).version,
        period_start=figure.period.start,
        period_end=figure.period.end,
        dimension=figure.by or "",
        key="" if figure.key is None else str(figure.key),
        label=figure.label,
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        n=figure.n,
        as_of=figure.as_of,
        frozen_at=at,
        frozen_by_id=actor.user_id,
        ids_digest=digest,
        ids_packed=packed,
    )


def _record(rows: list[FrozenFigure], period: Period, actor: Actor, at: datetime) -> None:
    first = rows[0]
    record(
        fact="metrics.frozen",
        subject=Subject("frozen_figure", first.pk),
        actor=actor,
        at=at,
        data={
            "metric": first.metric,
            "version": first.version,
            "period_start": period.start.isoformat(),
            "period_end": period.end.isoformat(),
            "dimension": first.dimension,
            "rows": len(rows),
            "digests": [row.ids_digest for row in rows],
        },
    )

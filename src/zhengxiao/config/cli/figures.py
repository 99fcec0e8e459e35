"""`zx metrics` and `zx lights`: the platform's numbers, by the same declarations as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from zhengxiao.config.cli.output import database_command, emit

if TYPE_CHECKING:
    from zhengxiao.backbone.cases.api import LightCounts
    from zhengxiao.kernel.metrics.api import Figure

DAY = click.DateTime(formats=["%Y-%m-%d"])
COLOURS = ("green", "blue", "yellow", "red", "grey")


@click.command("metrics")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.option("--from", "first", type=DAY, required=True, help="First day of the period.")
@click.option("--to", "last", type=DAY, required=True, help="Last day of the period, included.")
@click.option("--by", help="Dimension: region, department, section, item, month.")
@click.option("--ids", "with_ids", is_flag=True, help="Add the ids behind numerator and denominator.")
@click.option("--at", help="Cut-off, an ISO moment; now by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def metrics_command(
    names: tuple[str, ...],
    first: datetime,
    last: datetime,
    by: str | None,
    with_ids: bool,
    at: str | None,
    as_json: bool,
) -> None:
    """Figures of a period: {name: {value, numerator, denominator}}, or with --by a list of rows per figure.

    Both days are included, in the platform's time zone. A rate is a fraction (0.95); null is "no data".
    """
    asked = _asked(first.date(), last.date(), by, at)
    figures = {name: _rows(name, asked, with_ids) for name in dict.fromkeys(names)}
    plain = {name: [row for _, row in rows] for name, rows in figures.items()}
    result = plain if by else {name: row for name, (row,) in plain.items()}
    emit(result, as_json=as_json, text="" if as_json else _text(figures))


@click.command("lights")
@click.option("--at", help="An ISO moment; now by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def lights_command(at: str | None, as_json: bool) -> None:
    """Running cases by light, in all and by department."""
    from zhengxiao.backbone.cases.api import lights
    from zhengxiao.lib.actors import SYSTEM

    counts = lights(_moment(at), SYSTEM)
    emit(counts, as_json=as_json, text="" if as_json else _lights_text(counts))


def _asked(first: date, last: date, by: str | None, at: str | None) -> dict[str, Any]:
    """The arguments `compute` and `ids` share; the named last day is inside the half-open period."""
    from zhengxiao.lib.actors import SYSTEM

    return {
        "period_from": first,
        "period_to": last + timedelta(days=1),
        "by": by,
        "actor": SYSTEM,
        "as_of": _moment(at),
    }


def _moment(text: str | None) -> datetime:
    """The moment named, local when it carries no offset; the wall clock when none is."""
    from django.utils import timezone

    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no ISO moment such as 2026-03-02T09:00", param_hint="--at"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())


def _rows(name: str, asked: dict[str, Any], with_ids: bool) -> list[tuple[Figure, dict[str, Any]]]:
    from zhengxiao.kernel.metrics.api import Part, compute, ids, shown

    rows = []
    for figure in compute(name, **asked):
        row: dict[str, Any] = {"key": figure.key, "label": figure.label} if figure.by else {}
        row |= {
            "value": _number(figure.value),
            "numerator": _number(figure.numerator),
            "denominator": _number(figure.denominator),
            "n": figure.n,
            "unit": figure.unit,
            "text": shown(figure),
            "as_of": figure.as_of,
        }
        if with_ids:
            for part in Part:
                behind = ids(name, part=part, key=figure.key, **asked)
                row[f"{part}_ids"] = list(behind.order_by("pk").values_list("pk", flat=True))
        rows.append((figure, row))
    return rows


def _number(value: Decimal | None) -> int | float | None:
    """Whole numbers as such: 12, not 12.0."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _text(figures: dict[str, list[tuple[Figure, dict[str, Any]]]]) -> str:
    from zhengxiao.kernel.metrics.api import metric_named

    lines = []
    for name, rows in figures.items():
        metric = metric_named(name)
        lines.append(f"{name}  {metric.label} ({metric.unit})")
        for figure, row in rows:
            parts = f"{row['numerator']}" + ("" if row["denominator"] is None else f" / {row['denominator']}")
            lines.append(f"  {figure.label}: {row['text']}  [{parts}, n={figure.n}]")
            lines += [f"    {part} {row[part]}" for part in row if part.endswith("_ids")]
    return "\n".join(lines)


def _lights_text(counts: LightCounts) -> str:
    lines = [f"{counts['at']}  total {counts['total']}  {_counted(counts['lights'])}"]
    lines += [f"  {row['department']} ({row['code']})  {_counted(row)}" for row in counts["by_department"]]
    return "\n".join(lines)


def _counted(row: Mapping[str, object]) -> str:
    return "  ".join(f"{colour} {row.get(colour, 0)}" for colour in COLOURS)

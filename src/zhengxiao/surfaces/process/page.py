"""What the page of one item shows, put together from a log: every number with the address of its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengxiao.kernel.orgs.api import unit_names
from zhengxiao.surfaces.process import graph
from zhengxiao.surfaces.process.asked import Asked
from zhengxiao.surfaces.process.loading import Labels, labels
from zhengxiao.surfaces.process.rules import (
    Log,
    Spread,
    Variant,
    arcs,
    durations,
    hand_overs,
    rework,
    spread,
    variants,
    without,
)
from zhengxiao.surfaces.process.words import length

SHOWN = 15
LEAST_SHARE = 0.02
"""Arcs that fewer cases take are in the table, not in the drawing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its cells as (text, address of its cases or '')."""

    name: Any
    count: int
    url: str
    cells: Sequence[str]
    parts: Sequence[str] = ()


def process_context(log: Log, asked: Asked, dropped: str) -> dict[str, Any]:
    """Everything the page shows. `dropped`: the activity of the what-if, or ''."""
    words = labels()
    found, ways = arcs(log), variants(log)
    everything = spread(durations(log))
    return {
        "n": len(log),
        "median": length(everything.median),
        "p90": length(everything.p90),
        "all_url": cases_url(asked, "all", "all"),
        "variants": _variants(ways[:SHOWN], asked, words),
        "variant_count": len(ways),
        "arcs": _arcs(found, asked, words),
        "drawing": _drawn(log, found, words) if len(log) else None,
        "hand_overs": _hand_overs(log, asked),
        "rework": _rework(log, asked, words),
        "activities": [(name, words[name]) for name in graph.ordered(log)] if len(log) else [],
        "what_if": _what_if(log, asked, words, dropped) if dropped in log.names else None,
    }


def cases_url(asked: Asked, kind: str, key: str) -> str:
    return reverse("process:cases", args=[asked.item_id, asked.scope, kind, key])


def _variants(found: Sequence[Variant], asked: Asked, words: Labels) -> list[Row]:
    return [
        Row(
            variant.key,
            len(variant.cases),
            cases_url(asked, "variant", variant.key),
            (f"{variant.share * 100:.1f}%", length(variant.duration.median), length(variant.duration.p90)),
            [words[step] for step in variant.steps],
        )
        for variant in found
    ]


def _waits(wait: Spread) -> tuple[str, str, str]:
    return length(wait.median), length(wait.p90), length(wait.total)


def _arcs(found: Sequence[Any], asked: Asked, words: Labels) -> list[Row]:
    return [
        Row(
            _("{source} → {target}").format(source=words[arc.source], target=words[arc.target]),
            len(arc.cases),
            cases_url(asked, "arc", f"{arc.source}>{arc.target}"),
            (f"{arc.count:,}", *_waits(arc.wait)),
        )
        for arc in found[: SHOWN * 2]
    ]


def _hand_overs(log: Log, asked: Asked) -> list[Row]:
    found = hand_overs(log)[:SHOWN]
    names = unit_names({over.source for over in found} | {over.target for over in found})
    return [
        Row(
            _("{source} → {target}").format(
                source=names.get(over.source, _("未记单位")), target=names.get(over.target, _("未记单位"))
            ),
            len(over.cases),
            cases_url(asked, "hand-over", f"{over.source}>{over.target}"),
            (f"{over.count:,}", *_waits(over.wait)),
        )
        for over in found
    ]


def _rework(log: Log, asked: Asked, words: Labels) -> list[Row]:
    return [
        Row(
            words[loop.activity],
            len(loop.cases),
            cases_url(asked, "rework", loop.activity),
            (f"{loop.extra:,}", *_waits(loop.wait)),
        )
        for loop in rework(log)[:SHOWN]
    ]


def _what_if(log: Log, asked: Asked, words: Labels, dropped: str) -> dict[str, Any]:
    found = without(log, dropped)
    return {
        "code": dropped,
        "name": words[dropped],
        "cases": len(found.cases),
        "url": cases_url(asked, "activity", dropped),
        "rows": [
            (_("现在"), length(found.before.median), length(found.before.p90)),
            (_("减去该环节后至多"), length(found.after.median), length(found.after.p90)),
        ],
        "saved": length(found.saved.median),
        "total": length(found.saved.total),
    }


def _drawn(log: Log, found: Sequence[Any], words: Labels) -> dict[str, Any]:
    drawn = graph.drawing(log, found, max(1, round(len(log) * LEAST_SHARE)))
    middle = drawn.left + drawn.box_width // 2
    return {
        "width": drawn.width,
        "height": drawn.height,
        "left": drawn.left,
        "box_width": drawn.box_width,
        "box_height": drawn.box_height,
        "middle": middle,
        "nodes": [(node, _short(words[node.code]), node.y + 20) for node in drawn.nodes],
        "lines": drawn.lines,
        "share": round(LEAST_SHARE * 100),
    }


def _short(word: str) -> str:
    return word if len(word) <= 11 else f"{word[:10]}…"

"""Whose facts may go out: kinds of subjects with their scoped rows, so that nobody hears of what they may not read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from zhengxiao.kernel.access.api import allows
from zhengxiao.kernel.timeline.api import facts
from zhengxiao.kernel.ui.api import resources
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.registry import Registry


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of subject: the action of reading it, its rows within an actor's reach, what names one, and its address."""

    kind: str
    view: str
    rows: Callable[[Actor, datetime], QuerySet[Any]]
    key: str
    address: str
    """Below the root of the interface, with {key}: "/cases/{key}"."""


_sources: Registry[Source] = Registry("event source")


def register_source(source: Source) -> None:
    """Let facts about a kind go out; called from `apps.ready()`. Resources with a timeline need no call."""
    _sources.add(source.kind, source)


def sources() -> Mapping[str, Source]:
    """All kinds whose facts may go out."""
    found = {
        row.subject_kind: Source(row.subject_kind, row.view, row.rows, row.key, f"/{row.name}/{{key}}")
        for row in resources()
        if row.subject_kind
    }
    return found | {source.kind: source for source in _sources.values()}


def offered_facts() -> dict[str, Any]:
    """Fact name → label, of every fact a target may ask for; those about any kind (clocks) go out when their subject may."""
    known = {*sources(), "any"}
    return {fact.name: fact.label for fact in facts.values() if fact.subject in known}


def names_within_reach(source: Source, ids: Iterable[int], actor: Actor, at: datetime) -> dict[int, str]:
    """Row id → the name others know it by, of those rows the actor may read."""
    if not allows(actor, source.view):
        return {}
    rows = source.rows(actor, at).filter(pk__in=list(ids)).order_by()
    return {pk: str(key) for pk, key in rows.values_list("pk", source.key)}

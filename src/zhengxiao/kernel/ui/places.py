"""Places where a mechanism stands on pages that know nothing of it: panels of a subject, waiting work, search.

The page asks, every mechanism that registered answers for the actor at hand, and what it must not see is not answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from zhengxiao.kernel.ui.ledger.declare import Ledger
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.registry import Registry

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Panel:
    """A section on the page of a subject: a template of the mechanism and what it is rendered with."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 100


PanelProvider = Callable[[int, Actor, datetime], Panel | None]
"""(subject id, actor, moment) → the panel, or None when there is nothing this actor may see."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of work that waits for the actor: what to do, about what, until when."""

    what: Text
    matter: str
    url: str
    light: str = "none"
    remaining: str = ""
    due_on: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """What a mechanism asks of an actor. `lines` in the order in which they turn red; `total` may exceed them."""

    lines: tuple[Waiting, ...]
    total: int


WaitingProvider = Callable[[Actor, datetime, int], WaitingWork]
"""(actor, moment, at most so many lines) → the work that waits; scoped by the provider."""


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of the search box."""

    label: str
    url: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """How a mechanism is found from anywhere.

    `find(actor, moment, text, limit)`: hits the actor may see; `exact(actor, text)`: the page of a complete number.
    """

    label: Text
    find: Callable[[Actor, datetime, str, int], Iterable[Found]]
    exact: Callable[[Actor, str], str | None] = lambda actor, text: None
    order: int = 100


@dataclass(frozen=True, slots=True)
class Behind:
    """What opens behind the figures of a population: its ledger, its rows (scoped), and the right to take a file."""

    ledger: Ledger
    rows: Callable[[Actor, datetime], QuerySet[Any]]
    export: str


_behind: Registry[Behind] = Registry("rows behind figures")
_panels: Registry[tuple[str, PanelProvider]] = Registry("panel")
_waiting: Registry[tuple[Text, WaitingProvider]] = Registry("waiting work")
_finders: Registry[Finder] = Registry("finder")


def register_panel(subject_kind: str, name: str, provider: PanelProvider) -> None:
    """Place a panel on the page of every subject of a kind ("case"); called from `apps.ready()`."""
    _panels.add(f"{subject_kind}:{name}", (subject_kind, provider))


def panels_of(subject_kind: str, subject_id: int, *, actor: Actor, at: datetime) -> list[Panel]:
    """The panels that mechanisms place on this subject's page for this actor, in order."""
    asked = [provider for kind, provider in _panels.values() if kind == subject_kind]
    found = [panel for provider in asked if (panel := provider(subject_id, actor, at)) is not None]
    return sorted(found, key=lambda panel: panel.order)


def register_waiting(name: str, label: Text, provider: WaitingProvider) -> None:
    """Have the desk list work of a mechanism; called from `apps.ready()`."""
    _waiting.add(name, (label, provider))


def register_behind(population: str, behind: Behind) -> None:
    """Have every figure over `population` open this ledger; called from `apps.ready()`."""
    _behind.add(population, behind)


def behind_of(population: str) -> Behind | None:
    """What opens behind the figures of a population; None when nobody stated it."""
    known = population in _behind
    return _behind[population] if known else None


def waiting_for(actor: Actor, at: datetime, *, limit: int = 20) -> list[tuple[Text, WaitingWork]]:
    """(label, work) of every mechanism that has something waiting for the actor."""
    asked = [(label, provider(actor, at, limit)) for label, provider in _waiting.values()]
    return [(label, work) for label, work in asked if work.total]


def register_finder(name: str, finder: Finder) -> None:
    """Have the search box find what a mechanism numbers; called from `apps.ready()`."""
    _finders.add(name, finder)


def found_elsewhere(
    actor: Actor, at: datetime, text: str, *, limit: int = 10
) -> list[tuple[Text, list[Found]]]:
    """(label, hits) per mechanism that found something."""
    finders = sorted(_finders.values(), key=lambda finder: finder.order)
    hits = [(finder.label, list(finder.find(actor, at, text, limit))) for finder in finders]
    return [(label, found) for label, found in hits if found]


def exactly_elsewhere(actor: Actor, text: str) -> str | None:
    """The page of the thing that carries exactly this number, if a mechanism knows one the actor may see."""
    answers = (finder.exact(actor, text) for finder in _finders.values())
    return next((url for url in answers if url), None)

"""Declared facts and who listens to them. Filled while apps start; an undeclared fact cannot be recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhengxiao.lib.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from zhengxiao.kernel.timeline.models import Entry


@dataclass(frozen=True, slots=True)
class Fact:
    """A named past-tense fact.

    `text` is shown to people and filled from the entry's data; `label` is its short name; `personal` names data keys that
    hold names, numbers or free text about persons: they enter the leaf as salted commitments and can be erased.
    """

    name: str
    label: str | _StrPromise
    text: str | _StrPromise
    subject: str
    personal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """`handler` must be idempotent and take its moment from the entry, not from when it runs.

    `batch`, where given, does for many entries at once what `handler` does for each, in the order of the entries.
    """

    name: str
    fact: str
    handler: Callable[[Entry], None]
    batch: Callable[[Sequence[Entry]], None] | None = None


facts: Registry[Fact] = Registry("fact")
_subscriptions: dict[str, dict[str, Subscription]] = defaultdict(dict)
_by_name: dict[str, Subscription] = {}
_listeners: list[tuple[Subscription, Callable[[str], bool]]] = []
ANY = "*"


def register_facts(app: str, declared: Iterable[Fact]) -> None:
    """Declare an app's facts; every name must begin with the app's label and a dot."""
    for fact in declared:
        if not fact.name.startswith(f"{app}."):
            raise RuntimeError(f"fact {fact.name!r} does not begin with {app!r}")
        facts.add(fact.name, fact)


def subscribe(
    fact: str,
    *,
    name: str,
    handler: Callable[[Entry], None],
    batch: Callable[[Sequence[Entry]], None] | None = None,
) -> None:
    """Have `handler` called once for every entry of `fact`, after commit, at least once on failure.

    With `batch` many entries that wait are handed over together in one transaction, before those of others; when that
    transaction fails, each of its entries goes to `handler` alone. Effects inside this database happen exactly once.
    """
    if name in _by_name:
        raise RuntimeError(f"subscriber {name!r} is declared twice")
    subscription = Subscription(name=name, fact=fact, handler=handler, batch=batch)
    _by_name[name] = subscription
    _subscriptions[fact][name] = subscription


def subscribe_to_any(
    *,
    name: str,
    wanted: Callable[[str], bool],
    handler: Callable[[Entry], None],
    batch: Callable[[Sequence[Entry]], None] | None = None,
) -> None:
    """Like `subscribe`, for facts that are only known while running: `wanted(fact)` is asked whenever one is recorded.

    It is asked inside the transaction of the change, so it must answer from memory.
    """
    if name in _by_name:
        raise RuntimeError(f"subscriber {name!r} is declared twice")
    subscription = Subscription(name=name, fact=ANY, handler=handler, batch=batch)
    _by_name[name] = subscription
    _listeners.append((subscription, wanted))


def subscribers_of(fact: str) -> list[Subscription]:
    """Who hears of a fact that is recorded now."""
    found = list(_subscriptions.get(fact, {}).values())
    return found + [subscription for subscription, wanted in _listeners if wanted(fact)]


def subscription(name: str) -> Subscription | None:
    return _by_name.get(name)


def batch_subscriptions() -> list[Subscription]:
    """Those that take many entries at once, in the order in which they were declared."""
    return [subscription for subscription in _by_name.values() if subscription.batch is not None]


def unknown_subscriptions() -> list[str]:
    """Subscribers that listen to a fact nobody declares: a configuration error that `zx check` reports."""
    return sorted(s.name for s in _by_name.values() if s.fact not in facts and s.fact != ANY)


def close_facts() -> None:
    """No fact is declared after the start."""
    facts.close()

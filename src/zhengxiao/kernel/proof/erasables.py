"""What personal data can be erased from: each package says how its rows are called by people and when they are still needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from zhengxiao.lib.registry import Registry


@dataclass(frozen=True, slots=True)
class Erasable:
    """A kind of subject. `find`: the id behind the number people know it by, or None."""

    kind: str
    label: str | Promise
    number_label: str | Promise
    find: Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class Need:
    """Who still needs the data of subjects of `kind`: `why` says so of one, and forbids erasing; None when it does not."""

    name: str
    kind: str
    why: Callable[[int], str | Promise | None]


erasables: Registry[Erasable] = Registry("erasable")
needs: Registry[Need] = Registry("need of personal data")


def register_erasable(erasable: Erasable) -> None:
    """Declared once per kind, when an app is ready."""
    erasables.add(erasable.kind, erasable)


def register_need(need: Need) -> None:
    """Declared by whoever works with the data, when an app is ready."""
    needs.add(need.name, need)


def still_needed(kind: str, subject_id: int) -> str | Promise | None:
    """Why the data of a subject cannot be erased now; None when nobody needs them."""
    told = (need.why(subject_id) for need in needs.values() if need.kind == kind)
    return next((why for why in told if why), None)


def close_erasables() -> None:
    """No further declarations."""
    erasables.close()
    needs.close()

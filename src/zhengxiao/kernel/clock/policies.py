"""Lights and warning policies, as data: which light shows how many working days before or after the due day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Light(StrEnum):
    """Ordered by gravity; grey is a clock that stands still."""

    GREEN = "green"
    GREY = "grey"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


GRAVITY = {light: rank for rank, light in enumerate(Light)}
LEVELS = (Light.BLUE, Light.YELLOW, Light.RED)


class Base(StrEnum):
    """From where a rung is measured."""

    BEFORE_DUE = "before_due"
    """So many working days before the due day (hour terms: a quarter of the term before the due moment)."""
    AFTER_DUE = "after_due"
    """The moment the due moment has passed, or so many working days after the due day."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a warning policy. `breach` tells a broken promise from a reminder."""

    level: Light
    base: Base
    workdays: int
    breach: bool


def _before(level: Light, workdays: int) -> Rung:
    return Rung(level, Base.BEFORE_DUE, workdays, breach=False)


def _after(level: Light, workdays: int = 0) -> Rung:
    return Rung(level, Base.AFTER_DUE, workdays, breach=True)


# Presets of domain.md §3.2-3.3, all CONFIG: a clock rule names one, a new rule version names another.
POLICIES: dict[str, tuple[Rung, ...]] = {
    # Model A, two limits: blue two working days before the promised day, yellow past it, red past the statutory day.
    "two-limit.promised": (_before(Light.BLUE, 2), _after(Light.YELLOW)),
    "two-limit.statutory": (_after(Light.RED),),
    # Model B: reminder on the last working day, warning one and alarm two working days over.
    "remind-warn-alarm": (_before(Light.BLUE, 0), _after(Light.YELLOW, 1), _after(Light.RED, 2)),
    # Traffic light board: yellow with two working days left, red when late.
    "green-yellow-red": (_before(Light.YELLOW, 2), _after(Light.RED)),
    # A clock that only reminds (for example the return of supplements, which is the applicant's time).
    "remind": (_before(Light.BLUE, 1), _after(Light.YELLOW)),
    # A special procedure: two working days before its announced end, past it, one working day past it (domain.md §3.2).
    "procedure": (_before(Light.BLUE, 2), _after(Light.YELLOW), _after(Light.RED, 1)),
    "silent": (),
}

PRESETS: dict[str, dict[str, str]] = {
    "two-limit": {
        "promised": "two-limit.promised",
        "statutory": "two-limit.statutory",
        "*": "green-yellow-red",
    },
    "remind-warn-alarm": {
        "promised": "remind-warn-alarm",
        "statutory": "two-limit.statutory",
        "*": "remind-warn-alarm",
    },
    "green-yellow-red": {
        "promised": "green-yellow-red",
        "statutory": "two-limit.statutory",
        "*": "green-yellow-red",
    },
}


def policy_of(preset: str, kind: str) -> str:
    """The policy a preset gives to a clock of `kind`."""
    table = PRESETS[preset]
    return table.get(kind, table["*"])

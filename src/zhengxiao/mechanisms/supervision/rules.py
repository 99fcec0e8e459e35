"""Which light gives which card, who may rule on it, and how an order escalates: pure decisions and values.

Domain reference 3.2 (model A, two limits) and 3.3 (model B, remind – warn – alarm); everything is CONFIG of a rule version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop


class CardLevel(StrEnum):
    """Blue reminds, yellow tells of a broken promise, red of a broken law; ordered by gravity."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


GRAVITY = {level: rank for rank, level in enumerate(CardLevel)}
LEVEL_WORDS = {
    CardLevel.BLUE: gettext_noop("蓝牌"),
    CardLevel.YELLOW: gettext_noop("黄牌"),
    CardLevel.RED: gettext_noop("红牌"),
}
LIGHTS = tuple(level.value for level in CardLevel)
"""The lights of a clock that may give a card bear the names of the levels."""


class Source(StrEnum):
    """Where a card comes from."""

    CLOCK = "clock"
    """A rung of a clock, by the rule version in force."""
    FINDING = "finding"
    """A supervision rule beyond time found something."""
    HAND = "hand"


class RulesMalformed(Refusal):
    template = gettext_noop("置牌规则有误：{why}")


@dataclass(frozen=True, slots=True)
class CardRule:
    """One line: clocks of `kind`, reaching `light`, give a card of `level`; with `confirm` only after a supervisor agrees.

    Clocks of one `chain` of one subject are one matter: promise and law of a case. Of a chain the highest card is shown.
    An empty chain: the clock stands for itself. With `policy` the line holds for clocks that warn by this policy alone, and
    goes before the line of the kind that names none; level "" of such a line: these clocks give no card at that light.
    """

    kind: str
    light: str
    level: str
    confirm: bool = False
    chain: str = ""
    policy: str = ""

    @property
    def code(self) -> str:
        return "/".join(part for part in (self.kind, self.policy, self.light) if part)


@dataclass(frozen=True, slots=True)
class Windows:
    """Terms of due process in working days."""

    explain: int = 5
    appeal: int = 5
    ruling: int = 5


@dataclass(frozen=True, slots=True)
class CardRules:
    """A rule version as data. `confirm_departments`: codes of departments whose cards always wait for confirmation."""

    rules: tuple[CardRule, ...]
    windows: Windows = Windows()
    confirm_departments: frozenset[str] = field(default_factory=frozenset)

    def stated_for(self, kind: str, light: str, policy: str = "") -> CardRule | None:
        """The line that names exactly this."""
        wanted = (kind, light, policy)
        return next((rule for rule in self.rules if (rule.kind, rule.light, rule.policy) == wanted), None)

    def rule_for(self, kind: str, light: str, policy: str = "") -> CardRule | None:
        """The line by which a clock of this kind and warning policy gives a card at this light; None when it gives none."""
        found = self.stated_for(kind, light, policy) or self.stated_for(kind, light)
        return found if found is not None and found.level else None

    def chain_kinds(self, chain: str) -> tuple[str, ...]:
        return tuple(sorted({rule.kind for rule in self.rules if chain and rule.chain == chain}))

    def waits(self, rule: CardRule, department_code: str) -> bool:
        """Whether the card is issued only when a supervisor has confirmed it."""
        return rule.confirm or department_code in self.confirm_departments

    def as_json(self) -> dict[str, Any]:
        return {
            "rules": [asdict(rule) for rule in self.rules],
            "windows": asdict(self.windows),
            "confirm_departments": sorted(self.confirm_departments),
        }


def rules_of(stored: Mapping[str, Any]) -> CardRules:
    """The rule version from its stored form. Refuses RulesMalformed, which names what is wrong."""
    try:
        found = CardRules(
            rules=tuple(CardRule(**row) for row in stored["rules"]),
            windows=Windows(**stored.get("windows", {})),
            confirm_departments=frozenset(stored.get("confirm_departments", ())),
        )
    except (KeyError, TypeError) as error:
        raise RulesMalformed(why=str(error)) from error
    _check(found)
    return found


def _check(found: CardRules) -> None:
    seen: set[tuple[str, str, str]] = set()
    for rule in found.rules:
        gives = rule.level in LIGHTS or (rule.policy and not rule.level)
        if rule.light not in LIGHTS or not gives or not rule.kind:
            raise RulesMalformed(why=rule.code)
        if (rule.kind, rule.light, rule.policy) in seen:
            raise RulesMalformed(why=f"{rule.code} ×2")
        seen.add((rule.kind, rule.light, rule.policy))
    for days in (found.windows.explain, found.windows.appeal, found.windows.ruling):
        if not 1 <= days <= 60:
            raise RulesMalformed(why=f"{days}")


LIMIT = "limit"
CHAINED = ("promised", "statutory")
"""Promise and law of a case are one matter."""


def chain_of(kind: str) -> str:
    """The chain of the clocks of a kind."""
    return LIMIT if kind in CHAINED else ""


# Model A: blue before the promised day ends, yellow past the promise, red past the law; special procedures have all three;
# an application that nobody answered within the five days gets a blue card (online intake: over its limit).
MODEL_A = CardRules(
    rules=(
        CardRule("promised", "blue", "blue", chain=LIMIT),
        CardRule("promised", "yellow", "yellow", chain=LIMIT),
        CardRule("promised", "red", "red", chain=LIMIT),
        CardRule("statutory", "red", "red", chain=LIMIT),
        CardRule("procedure", "blue", "blue"),
        CardRule("procedure", "yellow", "yellow"),
        CardRule("procedure", "red", "red"),
        CardRule("intake", "red", "blue"),
    ),
)
# Model B: a step that is late is an alarm even when the whole is in time; blue reminders of procedures stay.
MODEL_B = CardRules(
    rules=(
        CardRule("promised", "blue", "blue", chain=LIMIT),
        CardRule("promised", "yellow", "yellow", chain=LIMIT),
        CardRule("promised", "red", "red", chain=LIMIT),
        CardRule("statutory", "red", "red", chain=LIMIT),
        CardRule("procedure", "blue", "blue"),
        CardRule("procedure", "yellow", "yellow"),
        CardRule("procedure", "red", "red"),
        CardRule("intake", "red", "yellow"),
        CardRule("stage", "yellow", "red", confirm=True),
    ),
    windows=Windows(explain=30),
)
PRESETS: Mapping[str, CardRules] = {"two-limit": MODEL_A, "remind-warn-alarm": MODEL_B}


def chain_key(rule: CardRule, subject_kind: str, subject_id: int, clock_id: int) -> str:
    """Cards with the same key are about one matter; one of them is the highest."""
    return f"{subject_kind}:{subject_id}:{rule.chain}" if rule.chain else f"clock:{clock_id}"


@dataclass(frozen=True, slots=True)
class Reached:
    """A light that a clock of the chain reached or will reach, and the level that it gives."""

    level: str
    at: datetime


def outranked(level: str, at: datetime, reached: Iterable[Reached]) -> bool:
    """Whether a graver card of the same matter is due at the same moment or was before: then only that one is issued."""
    return any(GRAVITY[CardLevel(one.level)] > GRAVITY[CardLevel(level)] and one.at <= at for one in reached)


def is_graver(level: str, than: str) -> bool:
    return GRAVITY[CardLevel(level)] > GRAVITY[CardLevel(than)]


def gravest(levels: Sequence[str]) -> int:
    """The place of the gravest level; the later of equal ones."""
    return max(range(len(levels)), key=lambda place: (GRAVITY[CardLevel(levels[place])], place))


def is_outside(actor: Actor, *, department_id: int, unit_id: int, person_id: int | None) -> bool:
    """Whether the actor holds no post in the unit a card is about, is not the person, and acts for nobody who is."""
    if person_id is not None and actor.user_id == person_id:
        return False
    return not any(
        department_id in grant.department_ids
        or unit_id in grant.unit_ids
        or (person_id is not None and grant.delegated_by == person_id)
        for grant in actor.grants
    )


class Step(StrEnum):
    """How grave a supervision order is: each step is a letter of its own."""

    REMINDER = "reminder"
    ORDER = "order"
    INTERVIEW = "interview"
    ACCOUNTABILITY = "accountability"


STEPS = tuple(Step)
STEP_WORDS = {
    Step.REMINDER: gettext_noop("提醒函"),
    Step.ORDER: gettext_noop("督办函"),
    Step.INTERVIEW: gettext_noop("约谈通知"),
    Step.ACCOUNTABILITY: gettext_noop("问责建议"),
}


def next_step(step: str) -> Step | None:
    """The step after this one; None after the last."""
    place = STEPS.index(Step(step)) + 1
    return STEPS[place] if place < len(STEPS) else None

"""Clock rules as apps declare them, and the version in force. A declared rule becomes a row the first time it is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import cache

from django.db import transaction
from django.utils import timezone

from zhengxiao.kernel.calendar.api import Term
from zhengxiao.kernel.clock.models import ClockRule
from zhengxiao.kernel.clock.policies import POLICIES
from zhengxiao.kernel.database.api import Prepared
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.registry import Registry


@dataclass(frozen=True, slots=True)
class PauseGround:
    """A lawful reason to stop a clock. `max_workdays` caps one pause, `max_times` their number (None: no cap).

    `held_by`: who has the matter meanwhile – applicant, procedure, intermediary, upper.
    """

    code: str
    label: str
    law: str
    held_by: str
    max_workdays: int | None = None
    max_times: int | None = None


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """How often and by how much (in the term's unit) a clock may be lengthened, and by which law."""

    law: str
    max_amount: int
    max_times: int = 1


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One declared version of a clock rule. `term` None: the limit comes with the subject (the item's own limit)."""

    code: str
    label: str
    kind: str
    legal_ground: str
    policy: str
    term: Term | None = None
    grounds: tuple[PauseGround, ...] = ()
    extension: ExtensionRule | None = None
    version: int = 1
    valid_from: date = date(2004, 7, 1)
    """The day the Administrative Licensing Law came into force, unless a rule says otherwise."""


specs: Registry[RuleSpec] = Registry("clock rule")


def register_rules(declared: Iterable[RuleSpec]) -> None:
    """Declare an app's clock rules; refuses an unknown warning policy."""
    for spec in declared:
        if spec.policy not in POLICIES:
            raise RuntimeError(f"clock rule {spec.code!r} names the unknown policy {spec.policy!r}")
        specs.add(f"{spec.code}@{spec.version}", spec)


def _install(spec: RuleSpec, at: datetime | None) -> ClockRule:
    """Fact clock.rule_declared, at the first moment of the rule; it counts as recorded then where nobody tells when."""
    columns = {
        "label": spec.label,
        "kind": spec.kind,
        "term": str(spec.term) if spec.term else "",
        "legal_ground": spec.legal_ground,
        "policy": spec.policy,
        "grounds": [asdict(ground) for ground in spec.grounds],
        "extension": asdict(spec.extension) if spec.extension else None,
        "valid_from": spec.valid_from,
    }
    begins = timezone.make_aware(datetime.combine(spec.valid_from, time.min))
    with transaction.atomic():
        rule, made = ClockRule.objects.get_or_create(code=spec.code, version=spec.version, defaults=columns)
        if made:
            record(
                fact="clock.rule_declared",
                subject=Subject("clock_rule", rule.pk),
                actor=SYSTEM,
                at=begins,
                recorded_at=at or begins,
                data={"rule": rule.label, "number": rule.version, "valid_from": rule.valid_from},
                rows=[rule],
            )
    return rule


def rule_in_force(code: str, on: date, *, at: datetime | None = None) -> ClockRule:
    """The highest version of `code` valid on that day. LookupError for a rule nobody declared.

    `at`: when this is asked, for the record of a rule that is asked for the first time.
    """
    return rules_by_code([code], on, at=at)[code]


def rules_by_code(codes: Iterable[str], on: date, *, at: datetime | None = None) -> dict[str, ClockRule]:
    """`rule_in_force` for several codes in one query."""
    wanted = sorted(set(codes))
    rules: list[ClockRule] = _versions(len(wanted))(**{f"c{n}": code for n, code in enumerate(wanted)})
    known = {(rule.code, rule.version) for rule in rules}
    missing = [
        spec for spec in specs.values() if spec.code in wanted and (spec.code, spec.version) not in known
    ]
    rules += [_install(spec, at) for spec in missing]
    return {code: _newest([rule for rule in rules if rule.code == code], code, on) for code in wanted}


def _newest(rules: Iterable[ClockRule], code: str, on: date) -> ClockRule:
    for rule in sorted(rules, key=lambda one: one.version, reverse=True):
        if rule.valid_from <= on:
            return rule
    raise LookupError(f"no clock rule {code!r} is in force on {on}")


@cache
def _versions(count: int) -> Prepared:
    """The question for all versions of `count` rules, c0, c1 …; asked whenever clocks start."""
    return Prepared(
        lambda **codes: ClockRule.objects.filter(code__in=list(codes.values())),
        **{f"c{number}": str for number in range(count)},
    )


def grounds_of(rule: ClockRule) -> dict[str, PauseGround]:
    return {ground["code"]: PauseGround(**ground) for ground in rule.grounds}


def extension_rule_of(rule: ClockRule) -> ExtensionRule | None:
    return ExtensionRule(**rule.extension) if rule.extension else None


def close_rules() -> None:
    """No clock rule is declared after the start."""
    specs.close()

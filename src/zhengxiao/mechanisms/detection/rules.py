"""What a detection rule is made of: parameters with units, levels, the words of its evidence. Pure."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.mechanisms.detection.histories import Histories, Hits, Parameters


class Level(StrEnum):
    """How grave a finding is: the colour of the card that it brings."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


class Mode(StrEnum):
    """Whether the version that found something was on trial or in force."""

    SHADOW = "shadow"
    ACTIVE = "active"


class Kind(StrEnum):
    """What an evidence column holds; ids and keys are told by name."""

    MOMENT = "moment"
    NUMBER = "number"
    MONTH = "month"
    CASE = "case"
    STEP = "step"
    WHO = "who"
    """A person, or the section where the rule counts by section (parameter `by` = 1)."""


class ParameterUnknown(Refusal):
    template = gettext_noop("规则没有名为“{name}”的参数。可用参数：{known}。")


class ParameterOutOfRange(Refusal):
    template = gettext_noop("“{label}”须为 {least} 到 {most} 的整数。")


class TemplateUnreadable(Refusal):
    template = gettext_noop("证据文字中的“{name}”无法填写。可用内容：{known}。")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number a rule turns on, with its unit in words and what is sensible."""

    name: str
    label: str
    unit: str
    default: int
    least: int
    most: int
    choices: tuple[str, ...] = ()
    """Where the number is a choice: the word for 0, for 1 and so on."""


@dataclass(frozen=True, slots=True)
class Detector:
    """A way of looking at histories. `find` is pure; `evidence` names what its findings tell.

    `facts`: a case is looked at again when one of these is recorded of it; without any, only the nightly run looks. `around`:
    which cases must be seen with it: `case` none, `day` those the same person decided within a day, `applicant` those of the
    applicant for the item, `month` the whole month. `needs`: parts of the histories besides the cases.
    """

    code: str
    label: str
    what: str
    find: Callable[[Histories, Parameters], Hits]
    parameters: tuple[Parameter, ...]
    evidence: Mapping[str, Kind]
    template: str
    source: str
    level: Level = Level.YELLOW
    facts: tuple[str, ...] = ()
    around: str = "case"
    needs: frozenset[str] = frozenset()


def cleaned(detector: Detector, given: Mapping[str, Any]) -> dict[str, int]:
    """The parameters as whole numbers, defaults for what is not given. Refuses ParameterUnknown, ParameterOutOfRange."""
    known = {parameter.name: parameter for parameter in detector.parameters}
    for name in given:
        if name not in known:
            raise ParameterUnknown(field="parameters", name=name, known="、".join(known))
    values: dict[str, int] = {}
    for parameter in detector.parameters:
        raw = given.get(parameter.name, parameter.default)
        text = str(raw)
        digits = text.isascii() and text.isdigit() and len(text) < 10 and not isinstance(raw, bool)
        if not digits or not parameter.least <= int(text) <= parameter.most:
            raise ParameterOutOfRange(
                field=parameter.name, label=parameter.label, least=parameter.least, most=parameter.most
            )
        values[parameter.name] = int(text)
    return values


def template_checked(detector: Detector, template: str) -> str:
    """The words of the evidence, with nothing in them that the detector does not tell. Refuses TemplateUnreadable."""
    known = "、".join(f"{{{name}}}" for name in detector.evidence)
    try:
        named = [
            (name, spec) for _text, name, spec, _how in string.Formatter().parse(template) if name is not None
        ]
    except ValueError as error:
        raise TemplateUnreadable(field="template", name=template[:40], known=known) from error
    for name, spec in named:
        if name not in detector.evidence or spec:
            raise TemplateUnreadable(field="template", name=name or "{}", known=known)
    return template


def plain(value: Any) -> Any:
    """An evidence value as JSON keeps it: whole numbers, text, or a moment in ISO form with its offset (UTC)."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).isoformat()
    return value


def words(value: Any, zone: ZoneInfo) -> str:
    """The same for people: moments to the minute in local time."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return str(value)


def evidence_text(template: str, evidence: Mapping[str, Any], zone: ZoneInfo) -> str:
    """The sentence that tells a finding."""
    return template.format(**{name: words(value, zone) for name, value in evidence.items()})


def in_scope(scope: Mapping[str, list[int]], *, department: int, item: int) -> bool:
    """Whether a rule looks at a case: a list that is empty or missing means all."""
    departments, items = scope.get("departments") or [], scope.get("items") or []
    return (not departments or department in departments) and (not items or item in items)


def precision(issued: int, lifted: int) -> float | None:
    """The share of findings in force that stood: upheld or never challenged. None where nothing was issued."""
    return None if issued == 0 else (issued - lifted) / issued

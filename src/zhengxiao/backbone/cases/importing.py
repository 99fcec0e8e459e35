"""Cases of other systems: what a unit says, pure; and the look-ups that turn it into histories."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from zhengxiao.backbone.cases.histories import CaseHistory, StepTold, check
from zhengxiao.backbone.cases.rules import Limits, Result, limits_of
from zhengxiao.backbone.catalogue.api import (
    Item,
    ItemDraft,
    ItemOptions,
    ItemVersion,
    item_from_row,
    items_write,
)
from zhengxiao.kernel.calendar.api import Term
from zhengxiao.kernel.exchange.api import Profile, Unit, term_text
from zhengxiao.kernel.orgs.api import NewUnit, Region, UnitUnknown, units_bulk_create
from zhengxiao.kernel.orgs.api import Unit as OrgUnit
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop

FIELDS = frozenset(
    """source_id revision item_code item_name department applicant summary channel state result result_no reason
    received_at accepted_at ended_at delivered_at handler statutory kind""".split()  # noqa: SIM905
)
OPTIONS = frozenset(
    """region region_name department item_name create_units create_items default_result calendar_zone
    calendar_name accepted_on_receipt""".split()  # noqa: SIM905
)
SINCE = date(2000, 1, 1)
"""Items that an import makes are in force from here on, so that old cases find them."""


class ReceiptMissing(Refusal):
    template = gettext_noop("没有收件时间，无法起算。")


class ItemMissing(Refusal):
    template = gettext_noop("没有事项名称或编码，无法归类。")


class DepartmentMissing(Refusal):
    template = gettext_noop("没有办理部门，无法归属。")


class StateUnknown(Refusal):
    template = gettext_noop("状态“{state}”不是可导入的办理状态。可用：{known}。")


class ItemNotFound(Refusal):
    template = gettext_noop(
        "没有事项“{item}”（部门“{department}”）。请先导入事项，或在配置中设置 create_items = true。"
    )


OPEN_STATES = frozenset({"received", "accepted", "reviewing"})
STATES = OPEN_STATES | {result.value for result in Result}


@dataclass(frozen=True, slots=True)
class CaseTold:
    """One unit understood: names still as text, moments aware."""

    source_id: str
    item_code: str
    item_name: str
    department: str
    applicant: str
    summary: str
    channel: str
    received_at: datetime
    accepted_at: datetime | None
    result: Result | None
    ended_at: datetime | None
    delivered_at: datetime | None
    result_no: str
    reason: str
    handler: str
    promised: Term | None
    source_due: datetime | None
    statutory: Term | None
    limit_given: bool
    steps: tuple[StepTold, ...]


def _events(unit: Unit, profile: Profile) -> tuple[tuple[StepTold, ...], dict[str, datetime]]:
    """Steps and milestone moments of an event log, in order of time."""
    log = profile.events
    if log is None or not log.moment:
        return (), {}
    steps: list[StepTold] = []
    milestones: dict[str, datetime] = {}
    for row in unit.rows:
        text = row.values.get(log.moment, "").strip()
        if not text:
            continue
        moment = profile.moment(text)
        activity = row.values.get(log.activity, "").strip() or "—"
        steps.append(StepTold(activity, moment, row.values.get(log.resource, "").strip()))
        reached = log.milestones.get(activity)
        if reached is not None and (reached not in milestones or moment < milestones[reached]):
            milestones[reached] = moment
    steps.sort(key=lambda step: step.ended_at)
    return tuple(steps), milestones


def _result(unit: Unit, profile: Profile, ended_at: datetime | None) -> Result | None:
    """The result the source tells; a case that ended without telling one takes the profile's default (granted)."""
    text = profile.unit_value("state", unit) or profile.unit_value("result", unit)
    if text:
        state = profile.state(text) if profile.states else text
        if state == "finished":
            state = str(profile.options.get("default_result", Result.GRANTED.value))
        if state not in STATES:
            raise StateUnknown(field="state", state=state, known="、".join(sorted(STATES)))
        return None if state in OPEN_STATES else Result(state)
    return Result(str(profile.options.get("default_result", Result.GRANTED.value))) if ended_at else None


def case_told(unit: Unit, profile: Profile) -> CaseTold:
    """One unit understood, or the named refusal that says what is wrong. Pure."""
    steps, milestones = _events(unit, profile)

    def moment(name: str) -> datetime | None:
        return profile.unit_moment(name, unit) or milestones.get(name)

    received_at = moment("received_at")
    if received_at is None:
        raise ReceiptMissing(field="received_at")
    ended_at = moment("ended_at")
    accepted_at = moment("accepted_at")
    result = _result(unit, profile, ended_at)
    if result is None:
        ended_at = None
    waits = (
        profile.unit_value("state", unit)
        and profile.states.get(profile.unit_value("state", unit)) == "received"
    )
    if accepted_at is None and profile.options.get("accepted_on_receipt", True) and not waits:
        accepted_at = received_at
    limit = profile.unit_limit(unit)
    statutory = term_text(profile.unit_value("statutory", unit), "wd")
    options = profile.options
    told = CaseTold(
        source_id=unit.source_id,
        item_code=profile.unit_value("item_code", unit),
        item_name=profile.unit_value("item_name", unit) or str(options.get("item_name", "")),
        department=profile.unit_value("department", unit) or str(options.get("department", "")),
        applicant=profile.unit_value("applicant", unit) or "—",
        summary=profile.unit_value("summary", unit),
        channel=profile.unit_value("channel", unit)[:20] or "other",
        received_at=received_at,
        accepted_at=accepted_at,
        result=result,
        ended_at=ended_at,
        delivered_at=moment("delivered_at"),
        result_no=profile.unit_value("result_no", unit)[:100],
        reason=profile.unit_value("reason", unit),
        handler=profile.unit_value("handler", unit),
        promised=Term.parse(limit) if isinstance(limit, str) else None,
        source_due=limit if isinstance(limit, datetime) else None,
        statutory=Term.parse(statutory) if statutory else None,
        limit_given=bool(profile.limit.term or profile.limit.column or profile.limit.due),
        steps=steps,
    )
    if not (told.item_code or told.item_name):
        raise ItemMissing(field="item_name")
    if not (told.department or told.item_code):
        raise DepartmentMissing(field="department")
    return told


@dataclass(slots=True)
class Context:
    """What one run looks up once and remembers: region, departments by name, items by name or code."""

    profile: Profile
    region: Region
    calendar_key: str
    actor: Actor
    at: datetime
    units: dict[str, int] = field(default_factory=dict)
    items: dict[tuple[str, str], tuple[Item, ItemVersion]] = field(default_factory=dict)

    @property
    def region_codes(self) -> dict[int, str]:
        return {self.region.pk: self.region.code}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10].upper()


def resolve_units(context: Context, names: Iterable[str]) -> None:
    """Departments by full or short name in the region; made when the profile says so. Raises UnitUnknown."""
    missing = sorted({name for name in names if name and name not in context.units})
    if not missing:
        return
    rows = OrgUnit.objects.filter(region=context.region)
    for unit in rows.filter(name__in=missing) | rows.filter(short_name__in=missing):
        context.units.setdefault(unit.name, unit.pk)
        context.units.setdefault(unit.short_name, unit.pk)
    absent = [name for name in missing if name not in context.units]
    if not absent:
        return
    if not context.profile.options.get("create_units", False):
        raise UnitUnknown(field="department", code=absent[0])
    code = {name: f"{context.region.code[:6]}-{_digest(name)}" for name in absent}
    new = [
        NewUnit(code[name], name[:128], "department", context.region.code, short_name=name[:32])
        for name in absent
    ]
    made = units_bulk_create(new, actor=context.actor, at=context.at)
    context.units |= {name: made[code[name]].pk for name in absent}


def resolve_items(context: Context, told: Iterable[CaseTold]) -> None:
    """Items with the version that governs them, by code or by (department, name); made when the profile says so."""
    wanted = {(one.department, one.item_code or one.item_name): one for one in told}
    missing = {key: one for key, one in wanted.items() if key not in context.items}
    if not missing:
        return
    _find_items(context, missing)
    absent = {key: one for key, one in missing.items() if key not in context.items}
    if absent and context.profile.options.get("create_items", False):
        _make_items(context, absent)
        _find_items(context, absent)


def item_code_of(context: Context, told: CaseTold) -> str:
    """The code of an item known only by its name: source system and a digest of department and name."""
    return told.item_code or f"{context.profile.system}-{_digest(told.department + '|' + told.item_name)}"


def _find_items(context: Context, wanted: Mapping[tuple[str, str], CaseTold]) -> None:
    codes = {item_code_of(context, one): key for key, one in wanted.items()}
    found = Item.objects.filter(code__in=codes).select_related("unit", "region")
    versions: dict[int, ItemVersion] = {}
    shown = ItemVersion.objects.filter(item__in=found, state__in=["published", "retired"])
    for version in shown.order_by("item_id", "number"):
        versions[version.item_id] = version
    for item in found:
        if item.pk in versions:
            context.items[codes[item.code]] = (item, versions[item.pk])


def _make_items(context: Context, absent: Mapping[tuple[str, str], CaseTold]) -> None:
    options = ItemOptions(
        region=context.region.code,
        create_units=True,
        create_basic=False,
        valid_from=SINCE,
        credit_column=False,
        source=context.profile.title,
    )
    drafts = []
    for one in absent.values():
        draft = item_from_row(
            {"source_id": item_code_of(context, one), "name": one.item_name, "department": one.department},
            options,
        )
        if isinstance(draft, ItemDraft):
            drafts.append(draft)
    if drafts:
        items_write(drafts, options=options, actor=context.actor, at=context.at)


def history_of(told: CaseTold, context: Context) -> CaseHistory:
    """The history of one unit, with ids. Raises ItemNotFound and what `check` refuses."""
    found = context.items.get((told.department, told.item_code or told.item_name))
    if found is None:
        raise ItemNotFound(
            field="item_name", item=told.item_code or told.item_name, department=told.department
        )
    item, version = found
    limits = limits_of(
        statutory_amount=version.statutory_amount,
        statutory_unit=version.statutory_unit,
        promised_amount=version.promised_amount,
        promised_unit=version.promised_unit,
    )
    if told.limit_given:
        limits = Limits(statutory=told.statutory or limits.statutory, promised=told.promised)
    elif told.statutory is not None:
        limits = Limits(statutory=told.statutory, promised=limits.promised)
    department_id = context.units.get(told.department, item.unit_id)
    history = CaseHistory(
        source_system=context.profile.system,
        source_id=told.source_id,
        item_id=item.pk,
        item_version_id=version.pk,
        item_name=version.name,
        kind=version.kind or "promised",
        limits=limits,
        applicant_name=told.applicant,
        summary=told.summary,
        channel=told.channel,
        region_id=context.region.pk,
        department_id=department_id,
        unit_id=department_id,
        calendar_key=context.calendar_key,
        received_at=told.received_at,
        accepted_at=told.accepted_at,
        result=told.result,
        ended_at=told.ended_at,
        delivered_at=told.delivered_at,
        result_no=told.result_no,
        reason=told.reason,
        source_due=told.source_due,
        steps=told.steps,
    )
    check(history)
    return history

"""Cases of other systems as an import kind: understand one unit, write a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from zhengxiao.backbone.cases.bulk import write_histories
from zhengxiao.backbone.cases.importing import (
    FIELDS,
    OPTIONS,
    CaseTold,
    Context,
    case_told,
    history_of,
    resolve_items,
    resolve_units,
)
from zhengxiao.backbone.cases.revisions import revise_history
from zhengxiao.kernel.calendar.api import (
    NATION,
    Calendar,
    calendar_confirm_version,
    calendar_define,
    calendar_propose,
    is_region_code,
)
from zhengxiao.kernel.exchange.api import (
    ImportTarget,
    Outcome,
    Parsed,
    Profile,
    RowRefusals,
    Unit,
    Verdict,
    row_refusal,
)
from zhengxiao.kernel.orgs.api import Region, RegionUnknown, region_create
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop


class RegionOptionFaulty(Refusal):
    template = gettext_noop("导入配置的 options.region 须为 12 位行政区划代码，不是“{code}”。")


def prepare(profile: Profile, actor: Actor, at: datetime) -> Context:
    """Region and calendar of the run. Raises RegionOptionFaulty, RegionUnknown, UnknownCalendar before anything is read."""
    code = str(profile.options.get("region", ""))
    if not is_region_code(code):
        raise RegionOptionFaulty(field="region", code=code)
    region = Region.objects.filter(code=code).first()
    if region is None:
        name = str(profile.options.get("region_name", ""))
        if not name:
            raise RegionUnknown(field="region", code=code)
        region = region_create(code=code, name=name, actor=actor, at=at)
    key = region.code if profile.calendar == NATION else profile.calendar
    _calendar(key, profile, at)
    return Context(profile=profile, region=region, calendar_key=key, actor=actor, at=at)


def _calendar(key: str, profile: Profile, at: datetime) -> None:
    """A named calendar that nobody has made yet, from the profile's zone: the ordinary week, nothing confirmed beyond one
    day, so that every date computed by it says it is provisional until somebody brings its holidays."""
    zone = str(profile.options.get("calendar_zone", ""))
    if is_region_code(key) or not zone or Calendar.objects.filter(key=key).exists():
        return
    name = str(profile.options.get("calendar_name", key))
    calendar_define(key=key, name=name, zone=zone, actor=SYSTEM, at=at)
    version = calendar_propose(
        key=key,
        days=(),
        source_title="导入配置：只有每周作息，未录入节假日",
        confirmed_from=date(1970, 1, 1),
        confirmed_through=date(1970, 1, 1),
        actor=SYSTEM,
        at=at,
    )
    calendar_confirm_version(version_id=version.pk, actor=SYSTEM, at=at)


def parse_case(unit: Unit, profile: Profile, context: Context) -> CaseTold:
    try:
        return case_told(unit, profile)
    except Refusal as refusal:
        raise RowRefusals.of(refusal) from refusal


def write_cases(
    parsed: Sequence[Parsed], existing: Mapping[str, int], context: Context, actor: Actor, at: datetime
) -> list[Outcome]:
    """New histories in bulk, changed ones one by one; one outcome per unit, in order."""
    told: list[CaseTold] = [entry.value for entry in parsed]
    resolve_units(context, (one.department for one in told))
    resolve_items(context, told)
    outcomes: list[Outcome | None] = []
    fresh = []
    for one in told:
        try:
            history = history_of(one, context)
            if one.source_id in existing:
                case_id = existing[one.source_id]
                revise_history(case_id, history, region_codes=context.region_codes, actor=actor, at=at)
                outcomes.append(Outcome(Verdict.UPDATED, subject_id=case_id))
            else:
                fresh.append(history)
                outcomes.append(None)
        except Refusal as refusal:
            outcomes.append(Outcome(Verdict.REJECTED, refusals=(row_refusal(refusal),)))
    ids = iter(write_histories(fresh, region_codes=context.region_codes, actor=actor, at=at))
    return [outcome or Outcome(Verdict.ACCEPTED, subject_id=next(ids)) for outcome in outcomes]


TARGET: ImportTarget = ImportTarget(
    kind="cases",
    subject_kind="case",
    label=gettext_noop("办件"),
    prepare=prepare,
    parse_unit=parse_case,
    write_batch=write_cases,
    fields=FIELDS,
    options=OPTIONS,
)

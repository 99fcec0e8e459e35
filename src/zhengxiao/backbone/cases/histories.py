"""A case as a history: what another system, or an earlier time, tells of it. Plain values, checked before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from zhengxiao.backbone.cases.rules import DECIDED, Limits, Result
from zhengxiao.lib.refusals import Refusal, gettext_noop


class OutOfOrder(Refusal):
    """Moments that contradict one another."""

    template = gettext_noop("{later}（{later_at}）早于{earlier}（{earlier_at}），请核对来源数据的时间。")


class ResultWithoutEnd(Refusal):
    template = gettext_noop("有办理结果“{result}”但没有办结时间。")


class EndWithoutResult(Refusal):
    template = gettext_noop("有办结时间但没有办理结果。")


@dataclass(frozen=True, slots=True)
class StepTold:
    """One step of the review with who did it and when it ended."""

    name: str
    ended_at: datetime
    person_name: str = ""
    unit_name: str = ""
    started_at: datetime | None = None
    outcome: str = "passed"
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureTold:
    """A special procedure that stopped the limits."""

    kind: str
    started_at: datetime
    ended_at: datetime | None
    expected_days: int
    notice_no: str
    reason: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class SupplementTold:
    """The one-time supplement notice."""

    items: str
    document_no: str
    told_at: datetime
    filed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExtensionTold:
    """An approved extension."""

    amount: int
    reason: str
    approved_at: datetime
    document_no: str
    requested_by: int | None = None
    approved_by: int | None = None


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """Everything told of one case. Moments are aware; `source_due` is the source's own due moment, if it gives one."""

    source_system: str
    source_id: str
    item_id: int
    item_version_id: int
    item_name: str
    kind: str
    limits: Limits
    applicant_name: str
    region_id: int
    department_id: int
    unit_id: int
    calendar_key: str
    received_at: datetime
    number: str = ""
    party_id: int | None = None
    summary: str = ""
    channel: str = "other"
    window_id: int | None = None
    handler_id: int | None = None
    handler_name: str = ""
    clerk_id: int | None = None
    clerk_name: str = ""
    accepted_at: datetime | None = None
    deemed_accepted: bool = False
    voucher_no: str = ""
    result: Result | None = None
    ended_at: datetime | None = None
    result_no: str = ""
    certificate_no: str = ""
    reason: str = ""
    remedies: str = ""
    competent_agency: str = ""
    delivered_at: datetime | None = None
    archived_at: datetime | None = None
    source_due: datetime | None = None
    steps: Sequence[StepTold] = ()
    procedures: Sequence[ProcedureTold] = ()
    supplement: SupplementTold | None = None
    later_supplements: Sequence[SupplementTold] = ()
    """Further requests for papers that the source tells of. The law allows one: they are told on the timeline only."""
    extension: ExtensionTold | None = None
    materials: Sequence[str] = ()

    @property
    def state(self) -> str:
        """The state of the workflow that this history has reached."""
        if self.archived_at is not None:
            return "archived"
        if self.delivered_at is not None:
            return "delivered"
        if self.result is not None:
            return self.result.value
        if self.accepted_at is None:
            waiting = self.supplement is not None and self.supplement.filed_at is None
            return "supplementing" if waiting else "received"
        if any(procedure.ended_at is None for procedure in self.procedures):
            return "suspended"
        return "reviewing" if self.steps or self.procedures else "accepted"

    @property
    def decided(self) -> bool:
        return self.result in DECIDED


def check(history: CaseHistory) -> None:
    """Refuse a history whose moments or result contradict one another (OutOfOrder, ResultWithoutEnd, EndWithoutResult)."""
    if history.result is not None and history.ended_at is None:
        raise ResultWithoutEnd(field="ended_at", result=history.result.value)
    if history.result is None and history.ended_at is not None:
        raise EndWithoutResult(field="result")
    order = [
        (gettext_noop("收件时间"), "received_at", history.received_at),
        (gettext_noop("受理时间"), "accepted_at", history.accepted_at),
        (gettext_noop("办结时间"), "ended_at", history.ended_at),
        (gettext_noop("送达时间"), "delivered_at", history.delivered_at),
        (gettext_noop("归档时间"), "archived_at", history.archived_at),
    ]
    told = [(word, name, moment) for word, name, moment in order if moment is not None]
    for (earlier, _, before), (later, name, after) in pairwise(told):
        if after < before:
            raise OutOfOrder(
                field=name,
                later=later,
                later_at=after.isoformat(sep=" ", timespec="minutes"),
                earlier=earlier,
                earlier_at=before.isoformat(sep=" ", timespec="minutes"),
            )

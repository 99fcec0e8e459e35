"""When a move of a case is lawful: each guard reads, refuses by name, and writes nothing."""

from __future__ import annotations

from django.utils import timezone

from zhengxiao.backbone.cases import refusals
from zhengxiao.backbone.cases.models import Case, ExtensionRequest, SupplementNotice
from zhengxiao.kernel.calendar.api import Unit
from zhengxiao.kernel.clock.api import Clock, ExtensionTooLate
from zhengxiao.kernel.database.api import Prepared
from zhengxiao.kernel.workflow.api import MoveContext

_RUNNING = Prepared(
    lambda case_id, kind: (
        Clock.objects.running()
        .about("case", case_id)
        .filter(kind=kind)
        .select_related("rule")
        .order_by("-id")[:1]
    ),
    case_id=int,
    kind=str,
)


def running_clock(case: Case, kind: str) -> Clock | None:
    """The case's running clock of a kind, if any."""
    return next(iter(_RUNNING(case_id=case.pk, kind=kind)), None)


def _local_day(moment: object) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d")  # type: ignore[arg-type]


def told_once(context: MoveContext) -> None:
    """Art. 32(4): one supplement notice per case."""
    notice = SupplementNotice.objects.filter(case=context.obj).first()
    if notice is not None:
        raise refusals.SecondSupplementNotice(told=_local_day(notice.told_at), document_no=notice.document_no)


def within_notice_time(context: MoveContext) -> None:
    """Art. 32: after five working days without notice the application counts as accepted."""
    if context.obj.received_at == context.at:
        return  # looked at as it came in
    clock = running_clock(context.obj, "intake")
    if clock is not None and clock.due_at is not None and context.at > clock.due_at:
        raise refusals.NoticeTooLate(due=clock.due_on)


def supplement_overdue(context: MoveContext) -> None:
    """The applicant's own time must have run out before the case may lapse."""
    clock = running_clock(context.obj, "supplement")
    if clock is not None and clock.due_at is not None and context.at <= clock.due_at:
        raise refusals.SupplementTimeRuns(due=clock.due_on)


def extension_free(context: MoveContext) -> None:
    """Art. 42: one extension, asked for before the limit has run out."""
    asked = ExtensionRequest.objects.filter(case=context.obj, state__in=["pending", "approved"]).first()
    if asked is not None:
        raise refusals.ExtensionPending(state=asked.get_state_display())
    both = (context.obj.promised_clock, context.obj.statutory_clock)
    clocks = [clock for clock in both if clock is not None and clock.term_unit == Unit.WORKDAY]
    if not clocks:
        raise refusals.NoClockToExtend()
    for clock in clocks:
        if clock.due_at is not None and context.at > clock.due_at:
            raise ExtensionTooLate(clock=clock.label, due=clock.due_on)


def extension_pending(context: MoveContext) -> None:
    asked = ExtensionRequest.objects.filter(case=context.obj, state="pending").first()
    if asked is None:
        raise refusals.NoExtensionPending()


def not_own_request(context: MoveContext) -> None:
    """Whoever asked for the extension does not approve it."""
    asked = ExtensionRequest.objects.filter(case=context.obj, state="pending").first()
    if (
        asked is not None
        and asked.requested_by_id is not None
        and asked.requested_by_id == context.actor.user_id
    ):
        raise refusals.OwnRequest()

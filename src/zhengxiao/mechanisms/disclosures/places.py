"""Where double publicity stands on pages that know nothing of it: the case, the desk, the search box."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.ui.api import Found, Panel, Waiting, WaitingWork
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.disclosures.ledger import disclosure_url, light_of, verdict_of
from zhengxiao.mechanisms.disclosures.ledger import find_text as matching
from zhengxiao.mechanisms.disclosures.models import Disclosure
from zhengxiao.mechanisms.disclosures.queries import SHOWN_TOGETHER, disclosures_shown, owed_next
from zhengxiao.mechanisms.disclosures.rules import VERDICT_WORDS
from zhengxiao.mechanisms.disclosures.workflow import WORKFLOW

TO_DO = {
    "due": _("报送双公示"),
    "rejected": _("更正双公示"),
    "corrected": _("重报双公示"),
    "revoked": _("撤下公示"),
}


def case_panel(case_id: int, actor: Actor, at: datetime) -> Panel | None:
    """How the decision of a case stands with the public."""
    rows = Disclosure.objects.visible_to(actor).select_related(*SHOWN_TOGETHER)
    row = rows.filter(case_id=case_id).first()
    if row is None:
        return None
    light, words = light_of(row, at)
    context = {
        "url": disclosure_url(row),
        "state": WORKFLOW.state(row.state).label,
        "light": light,
        "words": words,
        "verdict": VERDICT_WORDS[verdict_of(row, at)],
        "due_on": row.clock.due_on,
    }
    return Panel("disclosures/_case_panel.html", context, order=60)


def waiting(actor: Actor, at: datetime, limit: int) -> WaitingWork:
    """What the actor's office still has to report, correct or take down."""
    rows, total = owed_next(actor, at, limit)
    lines = []
    for row in rows:
        light, words = light_of(row, at)
        lines.append(
            Waiting(
                TO_DO[row.state],
                row.title,
                disclosure_url(row),
                light,
                words,
                row.clock.due_on,
                row.document_no,
            )
        )
    return WaitingWork(tuple(lines), total)


def find(actor: Actor, at: datetime, text: str, limit: int) -> list[Found]:
    """Records by document number, own number, credit code or organisation."""
    rows = matching(disclosures_shown(actor, at), text).order_by("-decided_at", "-pk")[:limit]
    return [Found(f"{row.document_no} {row.title}", disclosure_url(row)) for row in rows]


def exact(actor: Actor, text: str) -> str | None:
    """The page of the record with exactly this number."""
    row = Disclosure.objects.visible_to(actor).filter(number=text).first()
    return None if row is None else disclosure_url(row)

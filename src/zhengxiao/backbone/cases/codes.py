"""The code on a receipt: with the number of the case it opens the citizen's own page. Only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from zhengxiao.backbone.cases.models import Case, ReceiptCode
from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs that are not taken for one another on paper: no 0, O, 1, I."""
LENGTH = 26
"""130 random bits."""
GROUP = 5


def code_issue(*, case: Case, actor: Actor, at: datetime) -> str:
    """A new code for the applicant, told this once only; codes printed before go on working. Raises NotPermitted."""
    require(actor, "cases.receive")
    if not Case.objects.visible_to(actor, "cases.receive").filter(pk=case.pk).exists():
        raise NotPermitted(action="收件")
    text = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))
    with transaction.atomic():
        row = ReceiptCode.objects.create(case=case, digest=_digest(text), issued_at=at)
        record(
            fact="cases.code_issued",
            subject=Subject("case", case.pk),
            actor=actor,
            at=at,
            data={"code": row.pk},
            unit_id=case.unit_id,
        )
    return text


def code_spelled(text: str) -> str:
    """A code in groups, for paper."""
    return " ".join(text[place : place + GROUP] for place in range(0, len(text), GROUP))


def case_by_code(*, number: str, code: str) -> Case | None:
    """The case that has both this number and this code. One question, whichever of the two is wrong."""
    typed = "".join(code.upper().split()).replace("-", "")[:100]
    rows = ReceiptCode.objects.select_related("case__department", "case__unit", "case__party")
    found = rows.filter(digest=_digest(typed), case__number=number.strip()[:100]).first()
    return found.case if found else None


def _digest(text: str) -> str:
    return hashlib.sha256(f"zhengxiao receipt {text}".encode("utf-8", "replace")).hexdigest()

"""Who may have the commitments of a case opened in its proof file: the person concerned, and staff by a look on record."""

from __future__ import annotations

from datetime import datetime

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.story import TOLD_TO_THE_PUBLIC
from zhengxiao.backbone.parties.api import OPENINGS, party_look
from zhengxiao.kernel.proof.api import MayOpen
from zhengxiao.kernel.timeline.api import Subject
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted, Refusal, gettext_noop

OWN = frozenset(
    {
        "cases.Case.applicant_name", "cases.Case.summary", "cases.Case.reason", "cases.SupplementNotice.items",
        "cases.SpecialProcedure.reason", "cases.SpecialProcedure.outcome",
    }
)  # fmt: skip
"""What the applicant said or was told. Opinions of the office, and reasons for asking for more time, are not among it."""


class ApplicantNotRegistered(Refusal):
    """Nobody is registered whose right to know could be asked, and to whom a look could be told."""

    template = gettext_noop("办件“{number}”没有登记办事主体，无法记录查看，不能公开承诺值。")


def own_openings(case: Case, actor: Actor) -> MayOpen | None:
    """For the person concerned, signed in with the account that was linked to the applicant; None for everybody else.

    Number and code of a receipt are not enough: whoever holds the paper is shown masked names.
    """
    if actor.user_id is None or case.party is None or case.party.account_id != actor.user_id:
        return None
    return _own


def _own(fact: str, names: frozenset[str]) -> bool:
    told = {name for name in names if name.startswith("data.")}
    return names - told <= OWN and (not told or fact in TOLD_TO_THE_PUBLIC)


def openings_by_look(*, case: Case, purpose: str, note: str, actor: Actor, at: datetime) -> MayOpen:
    """Everything, for those who may see full values, by the same rule: with purpose, on record, counted, told to the person.

    Raises NotPermitted, ApplicantNotRegistered and what `party_look` raises.
    """
    if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise NotPermitted(action="查看")
    if case.party is None:
        raise ApplicantNotRegistered(number=case.number)
    about = Subject("case", case.pk)
    party_look(party=case.party, what=OPENINGS, purpose=purpose, note=note, actor=actor, at=at, about=about)
    return lambda _fact, _names: True

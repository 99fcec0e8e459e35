"""Names of applicants as lists and pages show them: firms in full, natural persons masked."""

from __future__ import annotations

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.parties.api import PartyKind, mask_name

LONGEST_PERSON = 4
"""A name without a party and no longer than this is taken for a person's; an organisation's name is longer."""


def is_person(case: Case) -> bool:
    """Whether the applicant is a natural person, as far as the case tells."""
    if case.party is not None:
        return case.party.kind == PartyKind.PERSON
    return len(case.applicant_name) <= LONGEST_PERSON


def applicant_shown(case: Case) -> str:
    return mask_name(case.applicant_name) if is_person(case) else case.applicant_name

"""Personal data of an applicant can be erased; whoever asks is known by a number, which is not kept."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.parties.facts import PARTY
from zhengxiao.backbone.parties.keyring import sealing_ring
from zhengxiao.backbone.parties.models import Party
from zhengxiao.backbone.parties.rules import ID_TYPES, clean_number
from zhengxiao.backbone.parties.services import id_indexes
from zhengxiao.kernel.proof.api import Erasable


def _party_numbered(text: str) -> int | None:
    """By whole identity number or credit code; None when nobody, or more than one, has it."""
    ring, number = sealing_ring(), clean_number(text)
    if not number:
        return None
    found = Q(credit_code=number)
    found |= Q(id_index__in=[index for kind in ID_TYPES for index in id_indexes(kind, number, ring)])
    keys = list(Party.objects.filter(found).values_list("pk", flat=True)[:2])
    return keys[0] if len(keys) == 1 else None


ERASABLE = Erasable(PARTY, _("办事主体"), _("证件号码或统一社会信用代码"), _party_numbered)

"""Personal data of cases can be erased when the case is over; those of an applicant while none of the cases runs."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.models import Case
from zhengxiao.kernel.proof.api import Erasable, Need


def _case_numbered(number: str) -> int | None:
    return Case.objects.filter(number=number).values_list("pk", flat=True).first()


def _case_runs(case_id: int) -> Promise | None:
    runs = Case.objects.filter(pk=case_id, finished_at__isnull=True).exists()
    return _("办件尚未办结，办理还需要这些信息") if runs else None


def _party_has_running_case(party_id: int) -> Promise | None:
    runs = Case.objects.filter(party_id=party_id, finished_at__isnull=True).exists()
    return _("该主体还有未办结的办件") if runs else None


ERASABLE = Erasable("case", _("办件"), _("办件编号"), _case_numbered)
NEEDS = (Need("cases.case", "case", _case_runs), Need("cases.party", "party", _party_has_running_case))

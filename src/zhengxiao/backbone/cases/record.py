"""The tables of record of a case. Each of their rows is sealed under its case."""

from __future__ import annotations

from zhengxiao.backbone.cases.models import (
    Case,
    CaseMaterial,
    CaseMaterialFile,
    CaseStep,
    ExtensionRequest,
    SpecialProcedure,
    SupplementNotice,
)
from zhengxiao.kernel.timeline.api import Record

RECORDS = (
    Record(Case, key="pk", kind="case", personal=("applicant_name", "summary", "reason")),
    Record(CaseMaterial, key="case_id", kind="case"),
    Record(CaseMaterialFile, key="material__case_id", kind="case"),
    Record(CaseStep, key="case_id", kind="case", personal=("opinion",)),
    Record(SupplementNotice, key="case_id", kind="case", personal=("items",)),
    Record(SpecialProcedure, key="case_id", kind="case", personal=("reason", "outcome")),
    Record(ExtensionRequest, key="case_id", kind="case", personal=("reason",)),
)

"""The face of cases: what surfaces and mechanisms may import."""

from __future__ import annotations

from zhengxiao.backbone.cases.codes import case_by_code, code_issue
from zhengxiao.backbone.cases.facts import FACTS
from zhengxiao.backbone.cases.filing import material_file, material_read
from zhengxiao.backbone.cases.ledger import LEDGER, case_url
from zhengxiao.backbone.cases.masking import applicant_shown
from zhengxiao.backbone.cases.models import (
    SCOPE,
    Case,
    CaseMaterial,
    CaseMaterialFile,
    CaseQuerySet,
    CaseStep,
    ExtensionRequest,
    SpecialProcedure,
    SupplementNotice,
)
from zhengxiao.backbone.cases.openings import ApplicantNotRegistered, openings_by_look, own_openings
from zhengxiao.backbone.cases.queries import (
    DepartmentLights,
    LightCounts,
    Task,
    case_lights,
    case_shown,
    cases_found,
    cases_shown,
    lights,
    lights_by_window,
    people_for,
    todo,
    todo_count,
    todo_lights,
    waiting_count,
)
from zhengxiao.backbone.cases.refusals import HandlerNotInDepartment, ItemUnknown, UnitNotInDepartment
from zhengxiao.backbone.cases.remaining import remaining_words, speaking_clock
from zhengxiao.backbone.cases.rules import DECIDED, PROCEDURE_KINDS, Kind, Result
from zhengxiao.backbone.cases.services import (
    Intake,
    MaterialIn,
    case_assign,
    case_deem_accepted,
    case_move,
    case_receive,
)
from zhengxiao.backbone.cases.sheets import ShownClock, amount_words, sheet_json, shown_clock, term_words
from zhengxiao.backbone.cases.story import public_story, story
from zhengxiao.backbone.cases.words import CHANNELS, LIGHT_NAMES, RESULT_WORDS
from zhengxiao.backbone.cases.workflow import OPEN_STATES, STATES, WORKFLOW

__all__ = [
    "CHANNELS",
    "DECIDED",
    "FACTS",
    "LEDGER",
    "LIGHT_NAMES",
    "OPEN_STATES",
    "PROCEDURE_KINDS",
    "RESULT_WORDS",
    "SCOPE",
    "STATES",
    "WORKFLOW",
    "ApplicantNotRegistered",
    "Case",
    "CaseMaterial",
    "CaseMaterialFile",
    "CaseQuerySet",
    "CaseStep",
    "DepartmentLights",
    "ExtensionRequest",
    "HandlerNotInDepartment",
    "Intake",
    "ItemUnknown",
    "Kind",
    "LightCounts",
    "MaterialIn",
    "Result",
    "ShownClock",
    "SpecialProcedure",
    "SupplementNotice",
    "Task",
    "UnitNotInDepartment",
    "amount_words",
    "applicant_shown",
    "case_assign",
    "case_by_code",
    "case_deem_accepted",
    "case_lights",
    "case_move",
    "case_receive",
    "case_shown",
    "case_url",
    "cases_found",
    "cases_shown",
    "code_issue",
    "lights",
    "lights_by_window",
    "material_file",
    "material_read",
    "openings_by_look",
    "own_openings",
    "people_for",
    "public_story",
    "remaining_words",
    "sheet_json",
    "shown_clock",
    "speaking_clock",
    "story",
    "term_words",
    "todo",
    "todo_count",
    "todo_lights",
    "waiting_count",
]

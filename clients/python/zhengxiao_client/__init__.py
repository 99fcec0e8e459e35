"""Typed client of the interface of 政效. Generated from docs/openapi.json by scripts/generate_client.py; do not edit.

    client = Client("https://example.com/api/v1", token)
    page = client.list_cases(light="red")
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from zhengxiao_client.runtime import ApiProblem, Caller, Transport, UrllibTransport, segment


Part = Literal["numerator", "denominator"]


class AccountIn(TypedDict):
    username: str


class AssignIn(TypedDict):
    handler: str


class BasicItemAsked(TypedDict):
    cursor: NotRequired[str | None]
    limit: NotRequired[int]
    q: NotRequired[str | None]
    type: NotRequired[str | None]


class BasicItemPage(TypedDict):
    next_cursor: str | None
    results: list[BasicItemRow]


class BasicItemRow(TypedDict):
    code: str | None
    id: str
    items: int | str | None
    name: str | None
    revision: int | str | None
    source: str | None
    type: str | None
    valid_from: str | None


class BehindIn(TypedDict):
    cursor: NotRequired[str | None]
    limit: NotRequired[int]
    part: Part
    period_from: str
    period_to: str


class CalendarConfirmedOut(TypedDict):
    moved: int


class CalendarDayOut(TypedDict):
    date: str
    is_workday: bool | None
    name: str


class CalendarVersionDaysOut(TypedDict):
    """`digest` says in one word what a version states: two persons can compare what they saw."""

    calendar: str
    confirmed_from: str | None
    confirmed_through: str | None
    days: list[CalendarDayOut]
    decided_at: str | None
    digest: str
    note: str
    number: int
    proposed_at: str
    sequence: int | None
    source_title: str
    source_url: str
    state: str


class CalendarVersionOut(TypedDict):
    calendar: str
    confirmed_from: str | None
    confirmed_through: str | None
    decided_at: str | None
    number: int
    proposed_at: str
    sequence: int | None
    source_title: str
    source_url: str
    state: str


class CardAsked(TypedDict):
    at_from: NotRequired[str | None]
    at_to: NotRequired[str | None]
    counts: NotRequired[bool | None]
    cursor: NotRequired[str | None]
    department: NotRequired[str | None]
    level: NotRequired[str | None]
    limit: NotRequired[int]
    q: NotRequired[str | None]
    rule: NotRequired[str | None]
    source: NotRequired[str | None]
    state: NotRequired[str | None]


class CardDetail(TypedDict):
    at: str | None
    department: str | None
    detail: dict[str, Any]
    explained: str | None
    highest: str | None
    id: str
    level: LightOut
    level_code: str | None
    lifted: str | None
    number: str | None
    person: str | None
    recorded: str | None
    rule: str | None
    rule_version: int | str | None
    ruling: str | None
    source: str | None
    state: Literal["pending", "issued", "explained", "appealed", "upheld", "lifted", "withdrawn", "superseded"]
    state_label: str
    subject: str | None
    unit: str | None


class CardIssueIn(TypedDict):
    case: NotRequired[str]
    evidence: str
    level: Literal["blue", "yellow", "red"]
    reason: str
    unit: NotRequired[str]


class CardPage(TypedDict):
    next_cursor: str | None
    results: list[CardRow]


class CardRow(TypedDict):
    at: str | None
    department: str | None
    explained: str | None
    highest: str | None
    id: str
    level: LightOut
    level_code: str | None
    lifted: str | None
    number: str | None
    person: str | None
    recorded: str | None
    rule: str | None
    rule_version: int | str | None
    ruling: str | None
    source: str | None
    state: Literal["pending", "issued", "explained", "appealed", "upheld", "lifted", "withdrawn", "superseded"]
    state_label: str
    subject: str | None
    unit: str | None


class CardRuleAsked(TypedDict):
    cursor: NotRequired[str | None]
    limit: NotRequired[int]
    state: NotRequired[str | None]


class CardRuleCreateIn(TypedDict):
    appeal: int
    confirm_departments: NotRequired[list[str]]
    explain: int
    reason: str
    rules: NotRequired[list[CardRuleCreateRulesIn]]
    ruling: int


class CardRuleCreateRulesIn(TypedDict):
    confirm: NotRequired[bool]
    kind: Literal["promised", "statutory", "procedure", "intake", "stage", "delivery"]
    level: NotRequired[Literal["", "red", "yellow", "blue"]]
    light: Literal["blue", "yellow", "red"]
    policy: NotRequired[Literal["", "two-limit.promised", "two-limit.statutory", "remind-warn-alarm", "green-yellow-red", "remind", "procedure"]]


class CardRuleDetail(TypedDict):
    decided: str | None
    decided_by: str | None
    detail: dict[str, Any]
    id: int
    number: int | str | None
    proposed: str | None
    proposed_by: str | None
    reason: str | None
    state: Literal["proposed", "in_force", "replaced", "rejected"]
    state_label: str
    valid_from: str | None
    valid_to: str | None


class CardRulePage(TypedDict):
    next_cursor: str | None
    results: list[CardRuleRow]


class CardRuleRow(TypedDict):
    decided: str | None
    decided_by: str | None
    id: int
    number: int | str | None
    proposed: str | None
    proposed_by: str | None
    reason: str | None
    state: Literal["proposed", "in_force", "replaced", "rejected"]
    state_label: str
    valid_from: str | None
    valid_to: str | None


class CaseOut(TypedDict):
    """A case as lists show it; names of natural persons are masked. `revision` grows with every change."""

    accepted_at: str | None
    applicant: str
    channel: str
    decided_at: str | None
    delivered_at: str | None
    department: UnitOut
    finished_at: str | None
    handler: str | None
    item: str
    item_name: str
    kind: str
    light: str
    number: str
    promised_due_on: str | None
    received_at: str
    remaining: str
    result: str
    revision: int
    state: str
    state_label: str
    statutory_due_on: str | None
    unit: UnitOut
    window: UnitOut | None


class CasePage(TypedDict):
    """`next_updated_since` is what to ask for next time; see docs/api.md on changes told twice."""

    next_cursor: str | None
    next_updated_since: str
    results: list[CaseOut]


class CasesIn(TypedDict):
    """Conditions of the list of cases; all of them hold together."""

    cursor: NotRequired[str | None]
    department: NotRequired[str | None]
    finished_from: NotRequired[str | None]
    finished_to: NotRequired[str | None]
    item: NotRequired[str | None]
    light: NotRequired[Literal["green", "blue", "yellow", "red", "grey"] | None]
    limit: NotRequired[int]
    received_from: NotRequired[str | None]
    received_to: NotRequired[str | None]
    state: NotRequired[Literal["received", "supplementing", "accepted", "reviewing", "suspended", "granted", "denied", "delivered", "refused", "not_required", "lapsed", "withdrawn", "terminated", "archived"] | None]
    updated_since: NotRequired[str | None]


class ClaimAsked(TypedDict):
    cursor: NotRequired[str | None]
    limit: NotRequired[int]
    q: NotRequired[str | None]
    state: NotRequired[str | None]


class ClaimCreateIn(TypedDict):
    basic: str
    unit: str


class ClaimDeclineIn(TypedDict):
    reason: str


class ClaimPage(TypedDict):
    next_cursor: str | None
    results: list[ClaimRow]


class ClaimRow(TypedDict):
    asked_at: str | None
    basic: str | None
    code: str | None
    decided_at: str | None
    id: int
    reason: str | None
    state: str
    state_label: str | None
    unit: str | None


class ClaimTakeIn(TypedDict):
    item: NotRequired[str]


class ClockOut(TypedDict):
    calendar: str
    calendar_version: int | None
    due_at: str | None
    due_on: str | None
    extension: int | None
    id: int
    kind: str
    label: str
    light: str
    provisional: bool
    started_at: str
    stopped_at: str | None
    term: str


class CodeOut(TypedDict):
    """What a receipt carries: with both, the applicant opens the own page."""

    code: str
    number: str


class DayOut(TypedDict):
    counted: bool
    date: str
    index: int | None
    name: str
    reason: str


class DepartmentLightsOut(TypedDict):
    blue: int
    code: str
    department: str
    green: int
    grey: int
    red: int
    total: int
    yellow: int


class DetectionRuleAsked(TypedDict):
    cursor: NotRequired[str | None]
    level: NotRequired[str | None]
    limit: NotRequired[int]
    rule: NotRequired[str | None]
    state: NotRequired[str | None]


class DetectionRuleBackTestIn(TypedDict):
    months: NotRequired[int | None]


class DetectionRuleDetail(TypedDict):
    code: str | None
    detail: dict[str, Any]
    found: int | str | None
    id: int
    level: LightOut
    level_code: str | None
    lifted: int | str | None
    name: str | None
    number: int | str | None
    parameters: str | None
    precision: str | None
    rule_order: int | str | None
    since: str | None
    source: str | None
    state: Literal["draft", "shadow", "active", "retired"]
    state_label: str
    upheld: int | str | None


class DetectionRuleDraftIn(TypedDict):
    departments: NotRequired[list[str]]
    items: NotRequired[list[str]]
    level: NotRequired[Literal["", "blue", "yellow", "red"]]
    name: NotRequired[str]
    note: str
    parameters: NotRequired[list[DetectionRuleDraftParametersIn]]
    source: NotRequired[str]
    template: NotRequired[str]


class DetectionRuleDraftParametersIn(TypedDict):
    name: str
    value: int


class DetectionRulePage(TypedDict):
    next_cursor: str | None
    results: list[DetectionRuleRow]


class DetectionRuleReviseIn(TypedDict):
    departments: NotRequired[list[str]]
    items: NotRequired[list[str]]
    level: NotRequired[Literal["", "blue", "yellow", "red"]]
    name: NotRequired[str]
    note: str
    parameters: NotRequired[list[DetectionRuleReviseParametersIn]]
    source: NotRequired[str]
    template: NotRequired[str]


class DetectionRuleReviseParametersIn(TypedDict):
    name: str
    value: int


class DetectionRuleRow(TypedDict):
    code: str | None
    found: int | str | None
    id: int
    level: LightOut
    level_code: str | None
    lifted: int | str | None
    name: str | None
    number: int | str | None
    parameters: str | None
    precision: str | None
    rule_order: int | str | None
    since: str | None
    source: str | None
    state: Literal["draft", "shadow", "active", "retired"]
    state_label: str
    upheld: int | str | None


class DisclosureAsked(TypedDict):
    concealed: NotRequired[bool | None]
    cursor: NotRequired[str | None]
    decided_from: NotRequired[str | None]
    decided_to: NotRequired[str | None]
    department: NotRequired[str | None]
    kind: NotRequired[str | None]
    limit: NotRequired[int]
    q: NotRequired[str | None]
    rejected: NotRequired[bool | None]
    state: NotRequired[str | None]
    verdict: NotRequired[str | None]


class DisclosureChangeColumnsIn(TypedDict):
    name: str
    value: NotRequired[str]


class DisclosureChangeIn(TypedDict):
    columns: list[DisclosureChangeColumnsIn]
    reason: NotRequired[str]


class DisclosureDetail(TypedDict):
    case_number: str | None
    credit_code: str | None
    decided: str | None
    department: str | None
    detail: dict[str, Any]
    document_no: str | None
    due: str | None
    id: int
    kind: str | None
    light: LightOut
    number: str | None
    received: str | None
    reject_reason: str | None
    reported: str | None
    revision: int | str | None
    state: Literal["due", "reported", "received", "rejected", "corrected", "revoked", "withdrawn", "repaired", "exempted"]
    state_label: str
    subject: str | None
    title: str | None
    verdict: str | None


class DisclosureFoundIn(TypedDict):
    decided_on: str
    department: str
    document_no: str
    ground: str
    kind: Literal["licence", "penalty"]
    number: str
    subject_name: str
    title: str


class DisclosureMatchOut(TypedDict):
    matched: int


class DisclosurePage(TypedDict):
    next_cursor: str | None
    results: list[DisclosureRow]


class DisclosurePenaltiesIn(TypedDict):
    CF_CFJG: NotRequired[str]
    CF_CFJGDM: NotRequired[str]
    CF_CFLB: NotRequired[str]
    CF_FRDB: NotRequired[str]
    CF_FR_ZJHM: NotRequired[str]
    CF_FR_ZJLX: NotRequired[str]
    CF_GSJZQ: NotRequired[str]
    CF_JDRQ: str
    CF_NR: NotRequired[str]
    CF_NR_FK: NotRequired[str]
    CF_NR_WFFF: NotRequired[str]
    CF_NR_ZKDX: NotRequired[str]
    CF_SJLY: NotRequired[str]
    CF_SJLYDM: NotRequired[str]
    CF_SY: NotRequired[str]
    CF_WFXW: NotRequired[str]
    CF_WSH: str
    CF_XDR_GSZC: NotRequired[str]
    CF_XDR_LB: NotRequired[str]
    CF_XDR_MC: NotRequired[str]
    CF_XDR_SHXYM: NotRequired[str]
    CF_XDR_SHZZ: NotRequired[str]
    CF_XDR_SWDJ: NotRequired[str]
    CF_XDR_SYDW: NotRequired[str]
    CF_XDR_ZJHM: NotRequired[str]
    CF_XDR_ZJLX: NotRequired[str]
    CF_XDR_ZZJG: NotRequired[str]
    CF_YJ: NotRequired[str]
    CF_YXQ: NotRequired[str]
    grade: NotRequired[str]
    unit: str


class DisclosureReportIn(TypedDict):
    department: str
    kind: Literal["licence", "penalty"]


class DisclosureReportOut(TypedDict):
    batch: str
    left: int
    reported: int


class DisclosureRow(TypedDict):
    case_number: str | None
    credit_code: str | None
    decided: str | None
    department: str | None
    document_no: str | None
    due: str | None
    id: int
    kind: str | None
    light: LightOut
    number: str | None
    received: str | None
    reject_reason: str | None
    reported: str | None
    revision: int | str | None
    state: Literal["due", "reported", "received", "rejected", "corrected", "revoked", "withdrawn", "repaired", "exempted"]
    state_label: str
    subject: str | None
    title: str | None
    verdict: str | None


class DueIn(TypedDict):
    calendar: NotRequired[str]
    days: NotRequired[bool]
    pauses: NotRequired[list[PauseIn]]
    start: str
    term: str
    version: NotRequired[int | None]


class DueOut(TypedDict):
    """`at` is the last moment still on time; None while an open pause lasts."""

    at: str | None
    calendar: str
    calendar_version: int
    confirmed_through: str
    days: list[DayOut] | None
    on: str | None
    provisional: bool


class ExportAsked(TypedDict):
    asked_on_from: NotRequired[str | None]
    asked_on_to: NotRequired[str | None]
    cursor: NotRequired[str | None]
    limit: NotRequired[int]
    person: NotRequired[str | None]
    state: NotRequired[str | None]
    title: NotRequired[str | None]


class ExportPage(TypedDict):
    next_cursor: str | None
    results: list[ExportRow]


class ExportRow(TypedDict):
    asked: str | None
    asked_by: str | None
    columns: str | None
    conditions: str | None
    decided: str | None
    decided_by: str | None
    department: str | None
    fetched: str | None
    fetched_rows: int | str | None
    form: str | None
    id: int
    personal: str | None
    purpose: str | None
    reason: str | None
    request: int | str | None
    rows: int | str | None
    state: Literal["waiting", "approved", "refused", "withdrawn", "fetched", "lapsed"]
    state_label: str
    title: str | None
    until: str | None
    why: str | None


class FactOut(TypedDict):
    """One fact about a row: its name, when it counts, and the words for people."""

    actor_name: str
    at: str
    fact: str
    label: str
    text: str


class FeedIn(TypedDict):
    dry_run: NotRequired[bool]
    file_name: str
    profile: str


class FigureOut(TypedDict):
    denominator: str | None
    key: str | None
    label: str
    n: int
    numerator: str
    small_n: bool
    value: str | None


class FiguresIn(TypedDict):
    """The period is from the first day to the day before `to`."""

    by: NotRequired[str | None]
    period_from: str
    period_to: str


class FiguresOut(TypedDict):
    as_of: str
    by: str | None
    figures: list[FigureOut]
    name: str
    period_from: str
    period_to: str


class FileIn(TypedDict):
    file_name: str


class FileOut(TypedDict):
    """A stored file; `id` is what a move takes as `file`."""

    id: int
    media_type: str
    scan: str
    sha256: str
    size: int


class FindingAsked(TypedDict):
    at_from: NotRequired[str | None]
    at_to: NotRequired[str | None]
    cursor: NotRequired[str | None]
    department: NotRequired[str | None]
    level: NotRequired[str | None]
    limit: NotRequired[int]
    mode: NotRequired[str | None]
    outcome: NotRequired[str | None]
    q: NotRequired[str | None]
    rule: NotRequired[str | None]
    version: NotRequired[str | None]


class FindingDetail(TypedDict):
    at: str | None
    case: str | None
    department: str | None
    detail: dict[str, Any]
    evidence: str | None
    found: str | None
    id: int
    item: str | None
    level: LightOut
    level_code: str | None
    mode: str | None
    outcome: str | None
    rule: str | None
    unit: str | None
    version: int | str | None


class FindingPage(TypedDict):
    next_cursor: str | None
    results: list[FindingRow]


class FindingRow(TypedDict):
    at: str | None
    case: str | None
    department: str | None
    evidence: str | None
    found: str | None
    id: int
    item: str | None
    level: LightOut
    level_code: str | None
    mode: str | None
    outcome: str | None
    rule: str | None
    unit: str | None
    version: int | str | None


class ItemMaterialOut(TypedDict):
    name: str
    necessity: str


class ItemOut(TypedDict):
    code: str
    department: UnitOut
    kind: str
    name: str
    promised: str | None
    region: str
    statutory: str | None
    task_type: str
    valid_from: str | None
    valid_to: str | None
    version: int


class ItemPage(TypedDict):
    next_cursor: str | None
    results: list[ItemOut]


class ItemVersionAsked(TypedDict):
    cursor: NotRequired[str | None]
    deviating: NotRequired[bool | None]
    kind: NotRequired[str | None]
    limit: NotRequired[int]
    limit_missing: NotRequired[bool | None]
    q: NotRequired[str | None]
    state: NotRequired[str | None]
    type: NotRequired[str | None]
    unit: NotRequired[str | None]
    warned: NotRequired[bool | None]


class ItemVersionCreateIn(TypedDict):
    basic_code: NotRequired[str]
    co_departments: NotRequired[str]
    code: str
    complaint_phone: NotRequired[str]
    conditions: NotRequired[str]
    consult_phone: NotRequired[str]
    fee_basis: NotRequired[str]
    fee_standard: NotRequired[str]
    form_ref: NotRequired[str]
    handle_forms: NotRequired[list[str]]
    has_fee: NotRequired[bool | None]
    is_bookable: NotRequired[bool | None]
    is_express: NotRequired[bool | None]
    is_nearby: NotRequired[bool | None]
    is_online: NotRequired[bool | None]
    kind: Literal["instant", "promised"]
    legal_basis: NotRequired[str]
    level: NotRequired[Literal["", "1", "2", "3", "4", "5", "6", "7"]]
    local_catalog_code: NotRequired[str]
    local_task_code: NotRequired[str]
    location: NotRequired[str]
    materials: NotRequired[list[ItemVersionCreateMaterialsIn]]
    name: str
    office_hours: NotRequired[str]
    online_depth: NotRequired[Literal["", "1", "2", "3", "4"]]
    online_url: NotRequired[str]
    process_steps: NotRequired[list[ItemVersionCreateProcessStepsIn]]
    process_text: NotRequired[str]
    promised: NotRequired[str]
    reason: str
    result_name: NotRequired[str]
    service_objects: NotRequired[list[str]]
    statutory: NotRequired[str]
    sub_name: NotRequired[str]
    task_type: Literal["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"]
    themes: NotRequired[list[str]]
    unit: str
    visits: NotRequired[int | None]
    visits_reason: NotRequired[str]


class ItemVersionCreateMaterialsIn(TypedDict):
    copies: NotRequired[int | None]
    document_kind: NotRequired[str]
    form_ref: NotRequired[str]
    legal_basis: NotRequired[str]
    medium: NotRequired[str]
    name: str
    necessity: NotRequired[Literal["", "required", "optional", "tolerable"]]
    origin: NotRequired[str]
    sample_ref: NotRequired[str]
    specification: NotRequired[str]
    standard: NotRequired[str]


class ItemVersionCreateProcessStepsIn(TypedDict):
    name: str
    term: NotRequired[str]


class ItemVersionDetail(TypedDict):
    changed_at: str | None
    code: str | None
    detail: dict[str, Any]
    id: int
    kind: str | None
    level: str | None
    main: str | None
    name: str | None
    number: int | str | None
    promised: str | None
    reason: str | None
    region: str | None
    standing: str | None
    state: Literal["draft", "in_review", "published", "retired"]
    state_label: str
    statutory: str | None
    type: str | None
    unit: str | None
    valid_from: str | None
    valid_to: str | None
    visits: int | str | None
    warnings: int | str | None


class ItemVersionDraftIn(TypedDict):
    co_departments: NotRequired[str]
    complaint_phone: NotRequired[str]
    conditions: NotRequired[str]
    consult_phone: NotRequired[str]
    fee_basis: NotRequired[str]
    fee_standard: NotRequired[str]
    form_ref: NotRequired[str]
    handle_forms: NotRequired[list[str]]
    has_fee: NotRequired[bool | None]
    is_bookable: NotRequired[bool | None]
    is_express: NotRequired[bool | None]
    is_nearby: NotRequired[bool | None]
    is_online: NotRequired[bool | None]
    kind: NotRequired[Literal["", "instant", "promised"]]
    legal_basis: NotRequired[str]
    location: NotRequired[str]
    materials: NotRequired[list[ItemVersionDraftMaterialsIn]]
    name: NotRequired[str]
    office_hours: NotRequired[str]
    online_depth: NotRequired[Literal["", "1", "2", "3", "4"]]
    online_url: NotRequired[str]
    process_steps: NotRequired[list[ItemVersionDraftProcessStepsIn]]
    process_text: NotRequired[str]
    promised: NotRequired[str]
    reason: str
    result_name: NotRequired[str]
    service_objects: NotRequired[list[str]]
    statutory: NotRequired[str]
    sub_name: NotRequired[str]
    task_type: NotRequired[Literal["", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"]]
    themes: NotRequired[list[str]]
    visits: NotRequired[int | None]
    visits_reason: NotRequired[str]


class ItemVersionDraftMaterialsIn(TypedDict):
    copies: NotRequired[int | None]
    document_kind: NotRequired[str]
    form_ref: NotRequired[str]
    legal_basis: NotRequired[str]
    medium: NotRequired[str]
    name: str
    necessity: NotRequired[Literal["", "required", "optional", "tolerable"]]
    origin: NotRequired[str]
    sample_ref: NotRequired[str]
    specification: NotRequired[str]
    standard: NotRequired[str]


class ItemVersionDraftProcessStepsIn(TypedDict):
    name: str
    term: NotRequired[str]


class ItemVersionOut(TypedDict):
    code: str
    complaint_phone: str
    conditions: str
    consult_phone: str
    department: UnitOut
    fee_standard: str
    has_fee: bool | None
    kind: str
    legal_basis: str
    location: str
    materials: list[ItemMaterialOut]
    name: str
    office_hours: str
    process_text: str
    promised: str | None
    region: str
    result_name: str
    statutory: str | None
    task_type: str
    valid_from: str | None
    valid_to: str | None
    version: int
    visits: int | None


class ItemVersionPage(TypedDict):
    next_cursor: str | None
    results: list[ItemVersionRow]


class ItemVersionReviseIn(TypedDict):
    co_departments: NotRequired[str]
    complaint_phone: NotRequired[str]
    conditions: NotRequired[str]
    consult_phone: NotRequired[str]
    fee_basis: NotRequired[str]
    fee_standard: NotRequired[str]
    form_ref: NotRequired[str]
    handle_forms: NotRequired[list[str]]
    has_fee: NotRequired[bool | None]
    is_bookable: NotRequired[bool | None]
    is_express: NotRequired[bool | None]
    is_nearby: NotRequired[bool | None]
    is_online: NotRequired[bool | None]
    kind: NotRequired[Literal["", "instant", "promised"]]
    legal_basis: NotRequired[str]
    location: NotRequired[str]
    materials: NotRequired[list[ItemVersionReviseMaterialsIn]]
    name: NotRequired[str]
    office_hours: NotRequired[str]
    online_depth: NotRequired[Literal["", "1", "2", "3", "4"]]
    online_url: NotRequired[str]
    process_steps: NotRequired[list[ItemVersionReviseProcessStepsIn]]
    process_text: NotRequired[str]
    promised: NotRequired[str]
    reason: str
    result_name: NotRequired[str]
    seen: NotRequired[str]
    service_objects: NotRequired[list[str]]
    statutory: NotRequired[str]
    sub_name: NotRequired[str]
    task_type: NotRequired[Literal["", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"]]
    themes: NotRequired[list[str]]
    visits: NotRequired[int | None]
    visits_reason: NotRequired[str]


class ItemVersionReviseMaterialsIn(TypedDict):
    copies: NotRequired[int | None]
    document_kind: NotRequired[str]
    form_ref: NotRequired[str]
    legal_basis: NotRequired[str]
    medium: NotRequired[str]
    name: str
    necessity: NotRequired[Literal["", "required", "optional", "tolerable"]]
    origin: NotRequired[str]
    sample_ref: NotRequired[str]
    specification: NotRequired[str]
    standard: NotRequired[str]


class ItemVersionReviseProcessStepsIn(TypedDict):
    name: str
    term: NotRequired[str]


class ItemVersionRow(TypedDict):
    changed_at: str | None
    code: str | None
    id: int
    kind: str | None
    level: str | None
    main: str | None
    name: str | None
    number: int | str | None
    promised: str | None
    reason: str | None
    region: str | None
    standing: str | None
    state: Literal["draft", "in_review", "published", "retired"]
    state_label: str
    statutory: str | None
    type: str | None
    unit: str | None
    valid_from: str | None
    valid_to: str | None
    visits: int | str | None
    warnings: int | str | None


class ItemsIn(TypedDict):
    """Conditions of the list of items."""

    cursor: NotRequired[str | None]
    department: NotRequired[str | None]
    limit: NotRequired[int]
    region: NotRequired[str | None]


class LightOut(TypedDict):
    light: str
    words: str


class LightsOut(TypedDict):
    at: str
    by_department: list[DepartmentLightsOut]
    lights: dict[str, int]
    total: int


class MarkIn(TypedDict):
    """One day that differs from the ordinary week; `is_workday` null takes an earlier mark back."""

    date: str
    is_workday: bool | None
    name: NotRequired[str]


class MaterialFileIn(TypedDict):
    """Which material the body is: `material_id` of the case, or the `name` of one that was not registered."""

    file_name: str
    material_id: NotRequired[int | None]
    name: NotRequired[str]


class MaterialIn(TypedDict):
    name: str
    required: NotRequired[bool]


class MaterialOut(TypedDict):
    id: int
    name: str
    origin: str
    required: bool
    status: str
    versions: list[MaterialVersionOut]


class MaterialVersionOut(TypedDict):
    """`scan`: unscanned, waiting, clean or refused; the last is not handed out."""

    filed_at: str
    id: int
    media_type: str
    scan: str
    sha256: str
    size: int
    version: int


class MetricOut(TypedDict):
    dimensions: list[str]
    direction: str
    kind: str
    label: str
    name: str
    source: str
    unit: str


class MoveField(TypedDict):
    choices: list[str]
    help: str
    kind: str
    label: str
    name: str
    required: bool


class MoveIn(TypedDict):
    """The inputs of a transition as `moves` lists them; an undeclared name is refused."""

    data: NotRequired[dict[str, str | int | bool]]


class MoveOut(TypedDict):
    allowed: bool
    code: str | None
    fields: list[MoveField]
    label: str
    transition: str
    why_not: str | None


class NoticeOut(TypedDict):
    created_at: str
    fact: str
    id: int
    level: str
    read_at: str | None
    title: str
    url: str


class NoticePage(TypedDict):
    next_cursor: str | None
    results: list[NoticeOut]


class NoticesIn(TypedDict):
    cursor: NotRequired[str | None]
    limit: NotRequired[int]
    unread: NotRequired[bool]


class NumberPage(TypedDict):
    next_cursor: str | None
    results: list[str]


class PageIn(TypedDict):
    """Every list takes these."""

    cursor: NotRequired[str | None]
    limit: NotRequired[int]


class PartyIn(TypedDict):
    contact_name: NotRequired[str]
    contact_phone: NotRequired[str]
    credit_code: NotRequired[str]
    id_number: NotRequired[str]
    id_type: NotRequired[str]
    kind: NotRequired[str]
    name: str
    region: NotRequired[str | None]


class PartyOut(TypedDict):
    """A party with its numbers masked."""

    credit_code: str
    id: int
    id_masked: str
    kind: str
    name: str
    warnings: list[dict[str, Any]]


class PauseIn(TypedDict):
    end: NotRequired[str | None]
    start: str


class ProblemField(TypedDict):
    detail: str
    field: str


class ProblemOut(TypedDict):
    """RFC 9457. `code` is stable; `detail` is in the language of Accept-Language."""

    code: str
    detail: str
    errors: NotRequired[list[ProblemField] | None]
    field: str | None
    instance: str
    status: int
    title: str
    type: str


class ProposalIn(TypedDict):
    """A version: its days, the document behind them, and the span that the document settles."""

    confirmed_from: NotRequired[str | None]
    confirmed_through: NotRequired[str | None]
    days: NotRequired[list[MarkIn]]
    note: NotRequired[str]
    source_title: str
    source_url: NotRequired[str]


class ReadOut(TypedDict):
    read: int


class ReasonIn(TypedDict):
    reason: str


class ReceiveIn(TypedDict):
    """An application. Say who asks by `party_id` (see parties) or by `applicant_name`."""

    accept: NotRequired[bool]
    applicant_name: NotRequired[str]
    channel: NotRequired[str]
    handler: NotRequired[str | None]
    item: str
    materials: NotRequired[list[MaterialIn]]
    party_id: NotRequired[int | None]
    summary: NotRequired[str]
    unit: NotRequired[str | None]
    window: NotRequired[str | None]


class RefusalOut(TypedDict):
    code: str
    field: str
    reason: str
    row_from: int
    row_to: int
    source_id: str
    unit: int
    warning: bool


class RefusalPage(TypedDict):
    next_cursor: str | None
    results: list[RefusalOut]


class RelayedLicenceAsked(TypedDict):
    claim: NotRequired[str | None]
    cursor: NotRequired[str | None]
    department: NotRequired[str | None]
    limit: NotRequired[int]
    pushed_from: NotRequired[str | None]
    pushed_to: NotRequired[str | None]
    q: NotRequired[str | None]
    state: NotRequired[str | None]


class RelayedLicenceDetail(TypedDict):
    answered: str | None
    claimed: str | None
    decided_by: str | None
    detail: dict[str, Any]
    id: int
    light: LightOut
    measure: str | None
    pushed: str | None
    result_no: str | None
    state: Literal["pushed", "claimed", "answered", "returned"]
    state_code: str | None
    state_label: str
    subject: str | None
    title: str | None
    unit: str | None


class RelayedLicencePage(TypedDict):
    next_cursor: str | None
    results: list[RelayedLicenceRow]


class RelayedLicenceRow(TypedDict):
    answered: str | None
    claimed: str | None
    decided_by: str | None
    id: int
    light: LightOut
    measure: str | None
    pushed: str | None
    result_no: str | None
    state: Literal["pushed", "claimed", "answered", "returned"]
    state_code: str | None
    state_label: str
    subject: str | None
    title: str | None
    unit: str | None


class RevealIn(TypedDict):
    """Why a full value is needed; the person concerned can read it."""

    field: Literal["id", "name", "phone"]
    note: str
    purpose: Literal["verify", "contact", "document", "complaint", "investigation"]


class RevealOut(TypedDict):
    field: str
    value: str


class RunOut(TypedDict):
    accepted: int
    dry_run: bool
    error: str
    file_name: str
    finished_at: str | None
    id: int
    kind: str
    percent: int
    profile: str
    read: int
    rejected: int
    source_system: str
    started_at: str
    state: str
    unchanged: int
    updated: int


class RunPage(TypedDict):
    next_cursor: str | None
    results: list[RunOut]


class SheetOut(TypedDict):
    """The calculation sheet: every day with why it counts or not, and every row of the clock."""

    as_of: str
    calendar_version: int | None
    clock: dict[str, Any]
    days: list[dict[str, Any]]
    due_at: str | None
    due_on: str | None
    extension: int | None
    held: dict[str, int]
    legal_ground: str
    light: str | None
    provisional: bool
    remaining: str | None
    rows: list[dict[str, Any]]
    started_at: str
    stopped_at: str | None
    term: str
    used: str


class SupervisionOrderAsked(TypedDict):
    cursor: NotRequired[str | None]
    department: NotRequired[str | None]
    issued_from: NotRequired[str | None]
    issued_to: NotRequired[str | None]
    limit: NotRequired[int]
    q: NotRequired[str | None]
    state: NotRequired[str | None]
    step: NotRequired[str | None]


class SupervisionOrderDetail(TypedDict):
    closed: str | None
    department: str | None
    detail: dict[str, Any]
    id: str
    issued: str | None
    issuer: str | None
    number: str | None
    signed: str | None
    state: Literal["issued", "handling", "reported", "closed", "cancelled"]
    state_label: str
    step: str | None
    step_code: str | None
    subject: str | None
    title: str | None
    unit: str | None


class SupervisionOrderIssueIn(TypedDict):
    card: NotRequired[str]
    case: NotRequired[str]
    reason: str
    title: str
    unit: NotRequired[str]
    workdays: int


class SupervisionOrderPage(TypedDict):
    next_cursor: str | None
    results: list[SupervisionOrderRow]


class SupervisionOrderRow(TypedDict):
    closed: str | None
    department: str | None
    id: str
    issued: str | None
    issuer: str | None
    number: str | None
    signed: str | None
    state: Literal["issued", "handling", "reported", "closed", "cancelled"]
    state_label: str
    step: str | None
    step_code: str | None
    subject: str | None
    title: str | None
    unit: str | None


class TimelineOut(TypedDict):
    actor_name: str
    at: str
    label: str
    light: str
    text: str


class UnitOut(TypedDict):
    code: str
    name: str


class WebhookAsked(TypedDict):
    cursor: NotRequired[str | None]
    limit: NotRequired[int]
    q: NotRequired[str | None]
    state: NotRequired[str | None]


class WebhookCreateIn(TypedDict):
    account: str
    algorithm: NotRequired[Literal["", "sha256", "sm3"]]
    facts: str
    name: str
    owner: str
    url: str


class WebhookCreateOut(TypedDict):
    account: str | None
    active_since: str | None
    dead: int | str | None
    fact_names: str | None
    facts: str | None
    failing_since: str | None
    id: int
    name: str | None
    owner: str | None
    proposed_at: str | None
    secret: str | None
    state: Literal["proposed", "active", "disabled", "closed"]
    state_label: str
    url: str | None
    waiting: int | str | None


class WebhookMessageAsked(TypedDict):
    created_from: NotRequired[str | None]
    created_to: NotRequired[str | None]
    cursor: NotRequired[str | None]
    limit: NotRequired[int]
    state: NotRequired[str | None]
    subject: NotRequired[str | None]
    target: NotRequired[str | None]


class WebhookMessageDetail(TypedDict):
    attempts: int | str | None
    created_at: str | None
    detail: dict[str, Any]
    ended_at: str | None
    entry: int | str | None
    fact: str | None
    fact_name: str | None
    id: int
    last: str | None
    not_before: str | None
    state: str
    state_label: str | None
    subject: str | None
    target: str | None


class WebhookMessagePage(TypedDict):
    next_cursor: str | None
    results: list[WebhookMessageRow]


class WebhookMessageRow(TypedDict):
    attempts: int | str | None
    created_at: str | None
    ended_at: str | None
    entry: int | str | None
    fact: str | None
    fact_name: str | None
    id: int
    last: str | None
    not_before: str | None
    state: str
    state_label: str | None
    subject: str | None
    target: str | None


class WebhookPage(TypedDict):
    next_cursor: str | None
    results: list[WebhookRow]


class WebhookRotateSecretOut(TypedDict):
    account: str | None
    active_since: str | None
    dead: int | str | None
    fact_names: str | None
    facts: str | None
    failing_since: str | None
    id: int
    name: str | None
    owner: str | None
    proposed_at: str | None
    secret: str | None
    state: Literal["proposed", "active", "disabled", "closed"]
    state_label: str
    url: str | None
    waiting: int | str | None


class WebhookRow(TypedDict):
    account: str | None
    active_since: str | None
    dead: int | str | None
    fact_names: str | None
    facts: str | None
    failing_since: str | None
    id: int
    name: str | None
    owner: str | None
    proposed_at: str | None
    state: Literal["proposed", "active", "disabled", "closed"]
    state_label: str
    url: str | None
    waiting: int | str | None


class Client:
    """Every operation of the interface. A call with an effect gets a key of its own unless you give one."""

    def __init__(
        self, base: str, token: str, *, transport: Transport | None = None, **options: Any
    ) -> None:
        self._caller = Caller(base, token, transport=transport, **options)

    def list_basic_items(self, *, limit: int | None = None, cursor: str | None = None, q: str | None = None, type: str | None = None) -> BasicItemPage:
        """Basic items within reach, the latest first. Scopes: catalogue.compare."""
        answer: BasicItemPage = self._caller.call("GET", "/basic-items", query={"limit": limit, "cursor": cursor, "q": q, "type": type})
        return answer

    def get_basic_item(self, key: str) -> BasicItemRow:
        """One basic item. Scopes: catalogue.compare."""
        answer: BasicItemRow = self._caller.call("GET", f"/basic-items/{segment(key)}")
        return answer

    def list_calendar_versions(self, key: str) -> list[CalendarVersionOut]:
        """The versions of a calendar, the newest first; each names the document it follows. Scopes: calendar.view."""
        answer: list[CalendarVersionOut] = self._caller.call("GET", f"/calendars/{segment(key)}/versions")
        return answer

    def propose_calendar(self, key: str, body: ProposalIn, *, idempotency_key: str | None = None) -> CalendarVersionOut:
        """Put a version forward; it has no effect until another person confirms it. Scopes: calendar.propose, calendar.view."""
        answer: CalendarVersionOut = self._caller.call("POST", f"/calendars/{segment(key)}/versions", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def get_calendar_version(self, key: str, number: int) -> CalendarVersionDaysOut:
        """One version with its days: what a second person reads before confirming. Scopes: calendar.view."""
        answer: CalendarVersionDaysOut = self._caller.call("GET", f"/calendars/{segment(key)}/versions/{segment(number)}")
        return answer

    def confirm_calendar(self, key: str, number: int, *, idempotency_key: str | None = None) -> CalendarConfirmedOut:
        """Confirm by another person than proposed it; the running deadlines move at once. Scopes: calendar.confirm, calendar.view."""
        answer: CalendarConfirmedOut = self._caller.call("POST", f"/calendars/{segment(key)}/versions/{segment(number)}/confirm", idempotency_key=idempotency_key, writes=True)
        return answer

    def reject_calendar(self, key: str, number: int, body: ReasonIn, *, idempotency_key: str | None = None) -> CalendarVersionOut:
        """Send a version back, with the reason. Scopes: calendar.confirm, calendar.view."""
        answer: CalendarVersionOut = self._caller.call("POST", f"/calendars/{segment(key)}/versions/{segment(number)}/reject", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_card_rules(self, *, limit: int | None = None, cursor: str | None = None, state: str | None = None) -> CardRulePage:
        """Card rules within reach, the latest first. Scopes: supervision.view_rules."""
        answer: CardRulePage = self._caller.call("GET", "/card-rules", query={"limit": limit, "cursor": cursor, "state": state})
        return answer

    def create_card_rule(self, body: CardRuleCreateIn, *, idempotency_key: str | None = None) -> CardRuleDetail:
        """Propose a version: which light of which clocks gives which card. A line with `policy` holds for clocks that warn by it and goes before the line without; its empty `level` says no card. Another person confirms it. Scopes: supervision.propose_rules, supervision.view_rules."""
        answer: CardRuleDetail = self._caller.call("POST", "/card-rules", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def get_card_rule(self, key: int) -> CardRuleDetail:
        """One card rule. Scopes: supervision.view_rules."""
        answer: CardRuleDetail = self._caller.call("GET", f"/card-rules/{segment(key)}")
        return answer

    def list_card_rule_moves(self, key: int) -> list[MoveOut]:
        """What may be done with the card rule now, and why not. Scopes: supervision.view_rules."""
        answer: list[MoveOut] = self._caller.call("GET", f"/card-rules/{segment(key)}/moves")
        return answer

    def take_card_rule_move(self, key: int, transition: str, body: MoveIn, *, idempotency_key: str | None = None) -> CardRuleDetail:
        """Take a transition of the workflow. The client needs the scope of the transition as well. Scopes: supervision.view_rules."""
        answer: CardRuleDetail = self._caller.call("POST", f"/card-rules/{segment(key)}/moves/{segment(transition)}", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_card_rule_timeline(self, key: int) -> list[FactOut]:
        """What happened to the card rule, newest first. Scopes: supervision.view_rules."""
        answer: list[FactOut] = self._caller.call("GET", f"/card-rules/{segment(key)}/timeline")
        return answer

    def list_cards(self, *, limit: int | None = None, cursor: str | None = None, q: str | None = None, level: str | None = None, department: str | None = None, state: str | None = None, counts: bool | None = None, at_from: str | None = None, at_to: str | None = None, source: str | None = None, rule: str | None = None) -> CardPage:
        """Cards within reach, the latest first. Scopes: supervision.view."""
        answer: CardPage = self._caller.call("GET", "/cards", query={"limit": limit, "cursor": cursor, "q": q, "level": level, "department": department, "state": state, "counts": counts, "at_from": at_from, "at_to": at_to, "source": source, "rule": rule})
        return answer

    def issue_card(self, body: CardIssueIn, *, idempotency_key: str | None = None) -> CardDetail:
        """Issue a card by hand, about a case or about a unit, with reason and evidence. Scopes: supervision.issue, supervision.view."""
        answer: CardDetail = self._caller.call("POST", "/cards/issue", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def get_card(self, key: str) -> CardDetail:
        """One card. Scopes: supervision.view."""
        answer: CardDetail = self._caller.call("GET", f"/cards/{segment(key)}")
        return answer

    def hand_card_file_in(self, key: str, feed: bytes, *, file_name: str, idempotency_key: str | None = None) -> FileOut:
        """Hand a file in for an explanation or an appeal; the move names its `id` as `file`. Scopes: supervision.explain, supervision.view."""
        answer: FileOut = self._caller.call("POST", f"/cards/{segment(key)}/files", query={"file_name": file_name}, feed=feed, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_card_moves(self, key: str) -> list[MoveOut]:
        """What may be done with the card now, and why not. Scopes: supervision.view."""
        answer: list[MoveOut] = self._caller.call("GET", f"/cards/{segment(key)}/moves")
        return answer

    def take_card_move(self, key: str, transition: str, body: MoveIn, *, idempotency_key: str | None = None) -> CardDetail:
        """Take a transition of the workflow. The client needs the scope of the transition as well. Scopes: supervision.view."""
        answer: CardDetail = self._caller.call("POST", f"/cards/{segment(key)}/moves/{segment(transition)}", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_card_timeline(self, key: str) -> list[FactOut]:
        """What happened to the card, newest first. Scopes: supervision.view."""
        answer: list[FactOut] = self._caller.call("GET", f"/cards/{segment(key)}/timeline")
        return answer

    def list_cases(self, *, limit: int | None = None, cursor: str | None = None, state: Literal["received", "supplementing", "accepted", "reviewing", "suspended", "granted", "denied", "delivered", "refused", "not_required", "lapsed", "withdrawn", "terminated", "archived"] | None = None, light: Literal["green", "blue", "yellow", "red", "grey"] | None = None, department: str | None = None, item: str | None = None, received_from: str | None = None, received_to: str | None = None, finished_from: str | None = None, finished_to: str | None = None, updated_since: str | None = None) -> CasePage:
        """Visible cases, the latest received first; with updated_since those that changed. Scopes: cases.view."""
        answer: CasePage = self._caller.call("GET", "/cases", query={"limit": limit, "cursor": cursor, "state": state, "light": light, "department": department, "item": item, "received_from": received_from, "received_to": received_to, "finished_from": finished_from, "finished_to": finished_to, "updated_since": updated_since})
        return answer

    def receive_case(self, body: ReceiveIn, *, idempotency_key: str | None = None) -> CaseOut:
        """Take an application in: number, materials, intake clock; with `accept` its limits begin at once. Scopes: cases.receive, cases.view."""
        answer: CaseOut = self._caller.call("POST", "/cases", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def get_case(self, number: str) -> CaseOut:
        """One case. Scopes: cases.view."""
        answer: CaseOut = self._caller.call("GET", f"/cases/{segment(number)}")
        return answer

    def assign_case(self, number: str, body: AssignIn, *, idempotency_key: str | None = None) -> CaseOut:
        """Name who handles the case. Scopes: cases.assign, cases.view."""
        answer: CaseOut = self._caller.call("POST", f"/cases/{segment(number)}/assign", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_clocks(self, number: str) -> list[ClockOut]:
        """All clocks of the case, running and stopped. Scopes: cases.view."""
        answer: list[ClockOut] = self._caller.call("GET", f"/cases/{segment(number)}/clocks")
        return answer

    def get_sheet(self, number: str, clock_id: int) -> SheetOut:
        """The calculation sheet of a clock: every day with why it counts or not. Scopes: cases.view."""
        answer: SheetOut = self._caller.call("GET", f"/cases/{segment(number)}/clocks/{segment(clock_id)}/sheet")
        return answer

    def list_materials(self, number: str) -> list[MaterialOut]:
        """The materials of the case with the versions of their files, newest first. Scopes: cases.view."""
        answer: list[MaterialOut] = self._caller.call("GET", f"/cases/{segment(number)}/materials")
        return answer

    def file_material(self, number: str, feed: bytes, *, file_name: str, material_id: int | None = None, name: str | None = None, idempotency_key: str | None = None) -> MaterialVersionOut:
        """File a version of a material: by the id of one of the case, or a new one by its name. Scopes: cases.file_material, cases.view."""
        answer: MaterialVersionOut = self._caller.call("POST", f"/cases/{segment(number)}/materials", query={"file_name": file_name, "material_id": material_id, "name": name}, feed=feed, idempotency_key=idempotency_key, writes=True)
        return answer

    def fetch_material(self, number: str, version_id: int) -> bytes:
        """The bytes of one version, digest verified; the reading is on record. Scopes: cases.read_material, cases.view."""
        answer: bytes = self._caller.call("GET", f"/cases/{segment(number)}/materials/{segment(version_id)}", raw=True)
        return answer

    def list_moves(self, number: str) -> list[MoveOut]:
        """What may be done with the case now, and why not; only what scopes and posts allow at all. Scopes: cases.view."""
        answer: list[MoveOut] = self._caller.call("GET", f"/cases/{segment(number)}/moves")
        return answer

    def take_move(self, number: str, transition: str, body: MoveIn, *, idempotency_key: str | None = None) -> CaseOut:
        """Take a transition of the workflow. The client needs the scope of the transition as well. Scopes: cases.view."""
        answer: CaseOut = self._caller.call("POST", f"/cases/{segment(number)}/moves/{segment(transition)}", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def issue_receipt_code(self, number: str) -> CodeOut:
        """A new query code for the applicant's receipt. Answers with a code are not kept; codes told before go on working. Scopes: cases.receive, cases.view."""
        answer: CodeOut = self._caller.call("POST", f"/cases/{segment(number)}/receipt-code")
        return answer

    def reveal_number(self, number: str, body: RevealIn) -> RevealOut:
        """One full value of the applicant, for a stated purpose. Each call is a look on record; answers are not kept. Scopes: parties.reveal, cases.view."""
        answer: RevealOut = self._caller.call("POST", f"/cases/{segment(number)}/reveal", json_body=body)
        return answer

    def list_timeline(self, number: str) -> list[TimelineOut]:
        """What happened to the case, newest first. Scopes: cases.view."""
        answer: list[TimelineOut] = self._caller.call("GET", f"/cases/{segment(number)}/timeline")
        return answer

    def list_claims(self, *, limit: int | None = None, cursor: str | None = None, q: str | None = None, state: str | None = None) -> ClaimPage:
        """Claims within reach, the latest first. Scopes: catalogue.compare."""
        answer: ClaimPage = self._caller.call("GET", "/claims", query={"limit": limit, "cursor": cursor, "q": q, "state": state})
        return answer

    def create_claim(self, body: ClaimCreateIn, *, idempotency_key: str | None = None) -> ClaimRow:
        """Ask a department to claim an entry of the basic directory; asking again gives the row that stands. Scopes: catalogue.assign, catalogue.compare."""
        answer: ClaimRow = self._caller.call("POST", "/claims", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def get_claim(self, key: int) -> ClaimRow:
        """One claim. Scopes: catalogue.compare."""
        answer: ClaimRow = self._caller.call("GET", f"/claims/{segment(key)}")
        return answer

    def decline_claim(self, key: int, body: ClaimDeclineIn, *, idempotency_key: str | None = None) -> ClaimRow:
        """The department does not take the entry over and says why. Scopes: catalogue.claim, catalogue.compare."""
        answer: ClaimRow = self._caller.call("POST", f"/claims/{segment(key)}/decline", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def take_claim(self, key: int, body: ClaimTakeIn, *, idempotency_key: str | None = None) -> ClaimRow:
        """The department takes the entry over; `item` is the code of its own item that stands for it. Scopes: catalogue.claim, catalogue.compare."""
        answer: ClaimRow = self._caller.call("POST", f"/claims/{segment(key)}/take", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_claim_timeline(self, key: int) -> list[FactOut]:
        """What happened to the claim, newest first. Scopes: catalogue.compare."""
        answer: list[FactOut] = self._caller.call("GET", f"/claims/{segment(key)}/timeline")
        return answer

    def list_detection_rules(self, *, limit: int | None = None, cursor: str | None = None, state: str | None = None, level: str | None = None, rule: str | None = None) -> DetectionRulePage:
        """Detection rules within reach, the latest first. Scopes: detection.rules."""
        answer: DetectionRulePage = self._caller.call("GET", "/detection-rules", query={"limit": limit, "cursor": cursor, "state": state, "level": level, "rule": rule})
        return answer

    def get_detection_rule(self, key: int) -> DetectionRuleDetail:
        """One detection rule. Scopes: detection.rules."""
        answer: DetectionRuleDetail = self._caller.call("GET", f"/detection-rules/{segment(key)}")
        return answer

    def back_test_detection_rule(self, key: int, body: DetectionRuleBackTestIn, *, idempotency_key: str | None = None) -> DetectionRuleDetail:
        """Hold the version against the past; a background job does it and the result stays with the version. Scopes: detection.propose, detection.rules."""
        answer: DetectionRuleDetail = self._caller.call("POST", f"/detection-rules/{segment(key)}/back-test", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def draft_detection_rule(self, key: int, body: DetectionRuleDraftIn, *, idempotency_key: str | None = None) -> DetectionRuleDetail:
        """The next version of the rule as a draft, from what this one says. What is left out stays. Scopes: detection.propose, detection.rules."""
        answer: DetectionRuleDetail = self._caller.call("POST", f"/detection-rules/{segment(key)}/draft", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_detection_rule_moves(self, key: int) -> list[MoveOut]:
        """What may be done with the detection rule now, and why not. Scopes: detection.rules."""
        answer: list[MoveOut] = self._caller.call("GET", f"/detection-rules/{segment(key)}/moves")
        return answer

    def take_detection_rule_move(self, key: int, transition: str, body: MoveIn, *, idempotency_key: str | None = None) -> DetectionRuleDetail:
        """Take a transition of the workflow. The client needs the scope of the transition as well. Scopes: detection.rules."""
        answer: DetectionRuleDetail = self._caller.call("POST", f"/detection-rules/{segment(key)}/moves/{segment(transition)}", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def revise_detection_rule(self, key: int, body: DetectionRuleReviseIn, *, idempotency_key: str | None = None) -> DetectionRuleDetail:
        """Write a draft anew. What is left out stays. Scopes: detection.propose, detection.rules."""
        answer: DetectionRuleDetail = self._caller.call("POST", f"/detection-rules/{segment(key)}/revise", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_detection_rule_timeline(self, key: int) -> list[FactOut]:
        """What happened to the detection rule, newest first. Scopes: detection.rules."""
        answer: list[FactOut] = self._caller.call("GET", f"/detection-rules/{segment(key)}/timeline")
        return answer

    def list_disclosures(self, *, limit: int | None = None, cursor: str | None = None, q: str | None = None, kind: str | None = None, state: str | None = None, verdict: str | None = None, department: str | None = None, decided_from: str | None = None, decided_to: str | None = None, rejected: bool | None = None, concealed: bool | None = None) -> DisclosurePage:
        """Disclosures within reach, the latest first. Scopes: disclosures.view."""
        answer: DisclosurePage = self._caller.call("GET", "/disclosures", query={"limit": limit, "cursor": cursor, "q": q, "kind": kind, "state": state, "verdict": verdict, "department": department, "decided_from": decided_from, "decided_to": decided_to, "rejected": rejected, "concealed": concealed})
        return answer

    def found_disclosure(self, body: DisclosureFoundIn, *, idempotency_key: str | None = None) -> DisclosureDetail:
        """A decision that an inspection found and no system told of: record and finding in one. Scopes: disclosures.inspect, disclosures.view."""
        answer: DisclosureDetail = self._caller.call("POST", "/disclosures/found", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def match_disclosure(self, *, idempotency_key: str | None = None) -> DisclosureMatchOut:
        """Tie answers of the upper platform that stood alone to records that have come in since. Scopes: disclosures.report, disclosures.view."""
        answer: DisclosureMatchOut = self._caller.call("POST", "/disclosures/match", idempotency_key=idempotency_key, writes=True)
        return answer

    def penalties_disclosure(self, body: DisclosurePenaltiesIn, *, idempotency_key: str | None = None) -> DisclosureDetail:
        """A penalty of the caller's office: the duty to publish it begins with the day of the decision. Scopes: disclosures.edit, disclosures.view."""
        answer: DisclosureDetail = self._caller.call("POST", "/disclosures/penalties", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def report_disclosure(self, body: DisclosureReportIn, *, idempotency_key: str | None = None) -> DisclosureReportOut:
        """Report what is ready of a department and kind in one batch; `left` records are not ready. Scopes: disclosures.report, disclosures.view."""
        answer: DisclosureReportOut = self._caller.call("POST", "/disclosures/report", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def get_disclosure(self, key: int) -> DisclosureDetail:
        """One disclosure. Scopes: disclosures.view."""
        answer: DisclosureDetail = self._caller.call("GET", f"/disclosures/{segment(key)}")
        return answer

    def change_disclosure(self, key: int, body: DisclosureChangeIn, *, idempotency_key: str | None = None) -> DisclosureDetail:
        """Write columns of the content anew; the others stay. Incomplete content is kept; it cannot be reported. Scopes: disclosures.edit, disclosures.view."""
        answer: DisclosureDetail = self._caller.call("POST", f"/disclosures/{segment(key)}/change", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_disclosure_moves(self, key: int) -> list[MoveOut]:
        """What may be done with the disclosure now, and why not. Scopes: disclosures.view."""
        answer: list[MoveOut] = self._caller.call("GET", f"/disclosures/{segment(key)}/moves")
        return answer

    def take_disclosure_move(self, key: int, transition: str, body: MoveIn, *, idempotency_key: str | None = None) -> DisclosureDetail:
        """Take a transition of the workflow. The client needs the scope of the transition as well. Scopes: disclosures.view."""
        answer: DisclosureDetail = self._caller.call("POST", f"/disclosures/{segment(key)}/moves/{segment(transition)}", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_disclosure_timeline(self, key: int) -> list[FactOut]:
        """What happened to the disclosure, newest first. Scopes: disclosures.view."""
        answer: list[FactOut] = self._caller.call("GET", f"/disclosures/{segment(key)}/timeline")
        return answer

    def compute_due(self, body: DueIn) -> DueOut:
        """When a term that begins at `start` ends. Writes nothing, so it needs no idempotency key. Scopes: openapi.due."""
        answer: DueOut = self._caller.call("POST", "/due", json_body=body)
        return answer

    def list_exports(self, *, limit: int | None = None, cursor: str | None = None, state: str | None = None, title: str | None = None, person: str | None = None, asked_on_from: str | None = None, asked_on_to: str | None = None) -> ExportPage:
        """Exports within reach, the latest first. Scopes: exports.view."""
        answer: ExportPage = self._caller.call("GET", "/exports", query={"limit": limit, "cursor": cursor, "state": state, "title": title, "person": person, "asked_on_from": asked_on_from, "asked_on_to": asked_on_to})
        return answer

    def get_export(self, key: int) -> ExportRow:
        """One export. Scopes: exports.view."""
        answer: ExportRow = self._caller.call("GET", f"/exports/{segment(key)}")
        return answer

    def list_export_moves(self, key: int) -> list[MoveOut]:
        """What may be done with the export now, and why not. Scopes: exports.view."""
        answer: list[MoveOut] = self._caller.call("GET", f"/exports/{segment(key)}/moves")
        return answer

    def take_export_move(self, key: int, transition: str, body: MoveIn, *, idempotency_key: str | None = None) -> ExportRow:
        """Take a transition of the workflow. The client needs the scope of the transition as well. Scopes: exports.view."""
        answer: ExportRow = self._caller.call("POST", f"/exports/{segment(key)}/moves/{segment(transition)}", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_export_timeline(self, key: int) -> list[FactOut]:
        """What happened to the export, newest first. Scopes: exports.view."""
        answer: list[FactOut] = self._caller.call("GET", f"/exports/{segment(key)}/timeline")
        return answer

    def list_findings(self, *, limit: int | None = None, cursor: str | None = None, rule: str | None = None, level: str | None = None, department: str | None = None, version: str | None = None, mode: str | None = None, at_from: str | None = None, at_to: str | None = None, q: str | None = None, outcome: str | None = None) -> FindingPage:
        """Findings within reach, the latest first. Scopes: detection.view."""
        answer: FindingPage = self._caller.call("GET", "/findings", query={"limit": limit, "cursor": cursor, "rule": rule, "level": level, "department": department, "version": version, "mode": mode, "at_from": at_from, "at_to": at_to, "q": q, "outcome": outcome})
        return answer

    def get_finding(self, key: int) -> FindingDetail:
        """One finding. Scopes: detection.view."""
        answer: FindingDetail = self._caller.call("GET", f"/findings/{segment(key)}")
        return answer

    def list_imports(self, *, limit: int | None = None, cursor: str | None = None) -> RunPage:
        """Import runs, the latest first. Scopes: imports.view."""
        answer: RunPage = self._caller.call("GET", "/imports", query={"limit": limit, "cursor": cursor})
        return answer

    def upload_feed(self, feed: bytes, *, profile: str, file_name: str, dry_run: bool | None = None, idempotency_key: str | None = None) -> RunOut:
        """Hand a file in; the background brings it in. A trial run (`dry_run`, the default) writes nothing. Scopes: imports.run."""
        answer: RunOut = self._caller.call("POST", "/imports", query={"profile": profile, "file_name": file_name, "dry_run": dry_run}, feed=feed, idempotency_key=idempotency_key, writes=True)
        return answer

    def get_import(self, run_id: int) -> RunOut:
        """One run with its counts. Scopes: imports.view."""
        answer: RunOut = self._caller.call("GET", f"/imports/{segment(run_id)}")
        return answer

    def continue_import(self, run_id: int, *, idempotency_key: str | None = None) -> RunOut:
        """Go on with a run that broke off. Scopes: imports.run."""
        answer: RunOut = self._caller.call("POST", f"/imports/{segment(run_id)}/continue", idempotency_key=idempotency_key, writes=True)
        return answer

    def list_refusals(self, run_id: int, *, limit: int | None = None, cursor: str | None = None) -> RefusalPage:
        """Why units did not come in, and what should be looked at in those that did. The rows themselves are not told. Scopes: imports.view."""
        answer: RefusalPage = self._caller.call("GET", f"/imports/{segment(run_id)}/refusals", query={"limit": limit, "cursor": cursor})
        return answer

    def list_item_versions(self, *, limit: int | None = None, cursor: str | None = None, q: str | None = None, unit: str | None = None, type: str | None = None, kind: str | None = None, limit_missing: bool | None = None, deviating: bool | None = None, warned: bool | None = None, state: str | None = None) -> ItemVersionPage:
        """Item versions within reach, the latest first. Scopes: catalogue.view."""
        answer: ItemVersionPage = self._caller.call("GET", "/item-versions", query={"limit": limit, "cursor": cursor, "q": q, "unit": unit, "type": type, "kind": kind, "limit_missing": limit_missing, "deviating": deviating, "warned": warned, "state": state})
        return answer

    def create_item_version(self, body: ItemVersionCreateIn, *, idempotency_key: str | None = None) -> ItemVersionDetail:
        """A new item of a department, with its first draft. Scopes: catalogue.draft, catalogue.view."""
        answer: ItemVersionDetail = self._caller.call("POST", "/item-versions", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def get_item_version(self, key: int) -> ItemVersionDetail:
        """One item version. Scopes: catalogue.view."""
        answer: ItemVersionDetail = self._caller.call("GET", f"/item-versions/{segment(key)}")
        return answer

    def draft_item_version(self, key: int, body: ItemVersionDraftIn, *, idempotency_key: str | None = None) -> ItemVersionDetail:
        """The next version of the same item as a draft, from its newest version. What is left out stays. Scopes: catalogue.draft, catalogue.view."""
        answer: ItemVersionDetail = self._caller.call("POST", f"/item-versions/{segment(key)}/draft", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_item_version_moves(self, key: int) -> list[MoveOut]:
        """What may be done with the item version now, and why not. Scopes: catalogue.view."""
        answer: list[MoveOut] = self._caller.call("GET", f"/item-versions/{segment(key)}/moves")
        return answer

    def take_item_version_move(self, key: int, transition: str, body: MoveIn, *, idempotency_key: str | None = None) -> ItemVersionDetail:
        """Take a transition of the workflow. The client needs the scope of the transition as well. Scopes: catalogue.view."""
        answer: ItemVersionDetail = self._caller.call("POST", f"/item-versions/{segment(key)}/moves/{segment(transition)}", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def revise_item_version(self, key: int, body: ItemVersionReviseIn, *, idempotency_key: str | None = None) -> ItemVersionDetail:
        """Rewrite a draft. What is left out stays; `seen` is the digest of what was read. Scopes: catalogue.draft, catalogue.view."""
        answer: ItemVersionDetail = self._caller.call("POST", f"/item-versions/{segment(key)}/revise", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_item_version_timeline(self, key: int) -> list[FactOut]:
        """What happened to the item version, newest first. Scopes: catalogue.view."""
        answer: list[FactOut] = self._caller.call("GET", f"/item-versions/{segment(key)}/timeline")
        return answer

    def list_items(self, *, limit: int | None = None, cursor: str | None = None, department: str | None = None, region: str | None = None) -> ItemPage:
        """Items in force today. Scopes: catalogue.browse."""
        answer: ItemPage = self._caller.call("GET", "/items", query={"limit": limit, "cursor": cursor, "department": department, "region": region})
        return answer

    def get_item(self, code: str) -> ItemVersionOut:
        """The version of an item in force today. Scopes: catalogue.browse."""
        answer: ItemVersionOut = self._caller.call("GET", f"/items/{segment(code)}")
        return answer

    def get_lights(self, *, at: str | None = None) -> LightsOut:
        """Running visible cases by light and department, now or at a past moment. Scopes: cases.view."""
        answer: LightsOut = self._caller.call("GET", "/lights", query={"at": at})
        return answer

    def list_metrics(self) -> list[MetricOut]:
        """Every declared figure. Scopes: cockpit.view."""
        answer: list[MetricOut] = self._caller.call("GET", "/metrics")
        return answer

    def compute_metric(self, name: str, *, period_from: str, period_to: str, by: str | None = None) -> FiguresOut:
        """A figure over what the caller may see, whole or by a dimension. Scopes: cockpit.view, cases.view."""
        answer: FiguresOut = self._caller.call("GET", f"/metrics/{segment(name)}", query={"period_from": period_from, "period_to": period_to, "by": by})
        return answer

    def list_metric_cases(self, name: str, *, part: Literal["numerator", "denominator"], period_from: str, period_to: str, limit: int | None = None, cursor: str | None = None) -> NumberPage:
        """The numbers of the cases behind one part of a figure. Scopes: cockpit.view, cases.view."""
        answer: NumberPage = self._caller.call("GET", f"/metrics/{segment(name)}/cases", query={"part": part, "period_from": period_from, "period_to": period_to, "limit": limit, "cursor": cursor})
        return answer

    def list_notices(self, *, limit: int | None = None, cursor: str | None = None, unread: bool | None = None) -> NoticePage:
        """The notices of the user the client acts for, newest first. Scopes: notices.view."""
        answer: NoticePage = self._caller.call("GET", "/notices", query={"limit": limit, "cursor": cursor, "unread": unread})
        return answer

    def read_all_notices(self, *, idempotency_key: str | None = None) -> ReadOut:
        """Mark everything told so far as read. Scopes: notices.view."""
        answer: ReadOut = self._caller.call("POST", "/notices/read-all", idempotency_key=idempotency_key, writes=True)
        return answer

    def read_notice(self, notice_id: int, *, idempotency_key: str | None = None) -> NoticeOut:
        """Mark a notice as read. Scopes: notices.view."""
        answer: NoticeOut = self._caller.call("POST", f"/notices/{segment(notice_id)}/read", idempotency_key=idempotency_key, writes=True)
        return answer

    def find_or_create_party(self, body: PartyIn, *, idempotency_key: str | None = None) -> PartyOut:
        """The party with this credit code or identity number, registered if there is none. Scopes: parties.register."""
        answer: PartyOut = self._caller.call("POST", "/parties", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def link_party_account(self, party_id: int, body: AccountIn, *, idempotency_key: str | None = None) -> PartyOut:
        """Say whose account the person's own is, after seeing the person; the owner then sees who looked. Once only. Scopes: parties.link_account, parties.view."""
        answer: PartyOut = self._caller.call("POST", f"/parties/{segment(party_id)}/account", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_relayed_licences(self, *, limit: int | None = None, cursor: str | None = None, q: str | None = None, state: str | None = None, claim: str | None = None, department: str | None = None, pushed_from: str | None = None, pushed_to: str | None = None) -> RelayedLicencePage:
        """Relayed licences within reach, the latest first. Scopes: relay.view."""
        answer: RelayedLicencePage = self._caller.call("GET", "/relayed-licences", query={"limit": limit, "cursor": cursor, "q": q, "state": state, "claim": claim, "department": department, "pushed_from": pushed_from, "pushed_to": pushed_to})
        return answer

    def get_relayed_licence(self, key: int) -> RelayedLicenceDetail:
        """One relayed licence. Scopes: relay.view."""
        answer: RelayedLicenceDetail = self._caller.call("GET", f"/relayed-licences/{segment(key)}")
        return answer

    def list_relayed_licence_moves(self, key: int) -> list[MoveOut]:
        """What may be done with the relayed licence now, and why not. Scopes: relay.view."""
        answer: list[MoveOut] = self._caller.call("GET", f"/relayed-licences/{segment(key)}/moves")
        return answer

    def take_relayed_licence_move(self, key: int, transition: str, body: MoveIn, *, idempotency_key: str | None = None) -> RelayedLicenceDetail:
        """Take a transition of the workflow. The client needs the scope of the transition as well. Scopes: relay.view."""
        answer: RelayedLicenceDetail = self._caller.call("POST", f"/relayed-licences/{segment(key)}/moves/{segment(transition)}", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_relayed_licence_timeline(self, key: int) -> list[FactOut]:
        """What happened to the relayed licence, newest first. Scopes: relay.view."""
        answer: list[FactOut] = self._caller.call("GET", f"/relayed-licences/{segment(key)}/timeline")
        return answer

    def list_supervision_orders(self, *, limit: int | None = None, cursor: str | None = None, q: str | None = None, department: str | None = None, state: str | None = None, step: str | None = None, issued_from: str | None = None, issued_to: str | None = None) -> SupervisionOrderPage:
        """Supervision orders within reach, the latest first. Scopes: supervision.view."""
        answer: SupervisionOrderPage = self._caller.call("GET", "/supervision-orders", query={"limit": limit, "cursor": cursor, "q": q, "department": department, "state": state, "step": step, "issued_from": issued_from, "issued_to": issued_to})
        return answer

    def issue_supervision_order(self, body: SupervisionOrderIssueIn, *, idempotency_key: str | None = None) -> SupervisionOrderDetail:
        """Issue a supervision order on a card, a case or a unit. Scopes: supervision.order, supervision.view."""
        answer: SupervisionOrderDetail = self._caller.call("POST", "/supervision-orders/issue", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def get_supervision_order(self, key: str) -> SupervisionOrderDetail:
        """One supervision order. Scopes: supervision.view."""
        answer: SupervisionOrderDetail = self._caller.call("GET", f"/supervision-orders/{segment(key)}")
        return answer

    def hand_supervision_order_file_in(self, key: str, feed: bytes, *, file_name: str, idempotency_key: str | None = None) -> FileOut:
        """Hand a file in for a report; the move names its `id` as `file`. Scopes: supervision.answer, supervision.view."""
        answer: FileOut = self._caller.call("POST", f"/supervision-orders/{segment(key)}/files", query={"file_name": file_name}, feed=feed, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_supervision_order_moves(self, key: str) -> list[MoveOut]:
        """What may be done with the supervision order now, and why not. Scopes: supervision.view."""
        answer: list[MoveOut] = self._caller.call("GET", f"/supervision-orders/{segment(key)}/moves")
        return answer

    def take_supervision_order_move(self, key: str, transition: str, body: MoveIn, *, idempotency_key: str | None = None) -> SupervisionOrderDetail:
        """Take a transition of the workflow. The client needs the scope of the transition as well. Scopes: supervision.view."""
        answer: SupervisionOrderDetail = self._caller.call("POST", f"/supervision-orders/{segment(key)}/moves/{segment(transition)}", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def list_supervision_order_timeline(self, key: str) -> list[FactOut]:
        """What happened to the supervision order, newest first. Scopes: supervision.view."""
        answer: list[FactOut] = self._caller.call("GET", f"/supervision-orders/{segment(key)}/timeline")
        return answer

    def list_webhook_messages(self, *, limit: int | None = None, cursor: str | None = None, target: str | None = None, state: str | None = None, subject: str | None = None, created_from: str | None = None, created_to: str | None = None) -> WebhookMessagePage:
        """Webhook messages within reach, the latest first. Scopes: webhooks.view."""
        answer: WebhookMessagePage = self._caller.call("GET", "/webhook-messages", query={"limit": limit, "cursor": cursor, "target": target, "state": state, "subject": subject, "created_from": created_from, "created_to": created_to})
        return answer

    def get_webhook_message(self, key: int) -> WebhookMessageDetail:
        """One webhook message. Scopes: webhooks.view."""
        answer: WebhookMessageDetail = self._caller.call("GET", f"/webhook-messages/{segment(key)}")
        return answer

    def resend_webhook_message(self, key: int, *, idempotency_key: str | None = None) -> WebhookMessageDetail:
        """Send one message again that could not be delivered, with the same id. Scopes: webhooks.resend, webhooks.view."""
        answer: WebhookMessageDetail = self._caller.call("POST", f"/webhook-messages/{segment(key)}/resend", idempotency_key=idempotency_key, writes=True)
        return answer

    def list_webhooks(self, *, limit: int | None = None, cursor: str | None = None, q: str | None = None, state: str | None = None) -> WebhookPage:
        """Webhooks within reach, the latest first. Scopes: webhooks.view."""
        answer: WebhookPage = self._caller.call("GET", "/webhooks", query={"limit": limit, "cursor": cursor, "q": q, "state": state})
        return answer

    def create_webhook(self, body: WebhookCreateIn, *, idempotency_key: str | None = None) -> WebhookCreateOut:
        """Propose a target; a security administrator confirms it. `secret` is told this once only. Scopes: webhooks.propose, webhooks.view."""
        answer: WebhookCreateOut = self._caller.call("POST", "/webhooks", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def get_webhook(self, key: int) -> WebhookRow:
        """One webhook. Scopes: webhooks.view."""
        answer: WebhookRow = self._caller.call("GET", f"/webhooks/{segment(key)}")
        return answer

    def list_webhook_moves(self, key: int) -> list[MoveOut]:
        """What may be done with the webhook now, and why not. Scopes: webhooks.view."""
        answer: list[MoveOut] = self._caller.call("GET", f"/webhooks/{segment(key)}/moves")
        return answer

    def take_webhook_move(self, key: int, transition: str, body: MoveIn, *, idempotency_key: str | None = None) -> WebhookRow:
        """Take a transition of the workflow. The client needs the scope of the transition as well. Scopes: webhooks.view."""
        answer: WebhookRow = self._caller.call("POST", f"/webhooks/{segment(key)}/moves/{segment(transition)}", json_body=body, idempotency_key=idempotency_key, writes=True)
        return answer

    def resend_webhook(self, key: int, *, idempotency_key: str | None = None) -> WebhookRow:
        """Send again whatever could not be delivered, with the same ids. Scopes: webhooks.resend, webhooks.view."""
        answer: WebhookRow = self._caller.call("POST", f"/webhooks/{segment(key)}/resend", idempotency_key=idempotency_key, writes=True)
        return answer

    def rotate_secret_webhook(self, key: int, *, idempotency_key: str | None = None) -> WebhookRotateSecretOut:
        """A new secret, told this once only; the one before signs along for 24 hours. Scopes: webhooks.propose, webhooks.view."""
        answer: WebhookRotateSecretOut = self._caller.call("POST", f"/webhooks/{segment(key)}/rotate-secret", idempotency_key=idempotency_key, writes=True)
        return answer

    def list_webhook_timeline(self, key: int) -> list[FactOut]:
        """What happened to the webhook, newest first. Scopes: webhooks.view."""
        answer: list[FactOut] = self._caller.call("GET", f"/webhooks/{segment(key)}/timeline")
        return answer


__all__ = [
    "AccountIn",
    "ApiProblem",
    "AssignIn",
    "BasicItemAsked",
    "BasicItemPage",
    "BasicItemRow",
    "BehindIn",
    "CalendarConfirmedOut",
    "CalendarDayOut",
    "CalendarVersionDaysOut",
    "CalendarVersionOut",
    "CardAsked",
    "CardDetail",
    "CardIssueIn",
    "CardPage",
    "CardRow",
    "CardRuleAsked",
    "CardRuleCreateIn",
    "CardRuleCreateRulesIn",
    "CardRuleDetail",
    "CardRulePage",
    "CardRuleRow",
    "CaseOut",
    "CasePage",
    "CasesIn",
    "ClaimAsked",
    "ClaimCreateIn",
    "ClaimDeclineIn",
    "ClaimPage",
    "ClaimRow",
    "ClaimTakeIn",
    "Client",
    "ClockOut",
    "CodeOut",
    "DayOut",
    "DepartmentLightsOut",
    "DetectionRuleAsked",
    "DetectionRuleBackTestIn",
    "DetectionRuleDetail",
    "DetectionRuleDraftIn",
    "DetectionRuleDraftParametersIn",
    "DetectionRulePage",
    "DetectionRuleReviseIn",
    "DetectionRuleReviseParametersIn",
    "DetectionRuleRow",
    "DisclosureAsked",
    "DisclosureChangeColumnsIn",
    "DisclosureChangeIn",
    "DisclosureDetail",
    "DisclosureFoundIn",
    "DisclosureMatchOut",
    "DisclosurePage",
    "DisclosurePenaltiesIn",
    "DisclosureReportIn",
    "DisclosureReportOut",
    "DisclosureRow",
    "DueIn",
    "DueOut",
    "ExportAsked",
    "ExportPage",
    "ExportRow",
    "FactOut",
    "FeedIn",
    "FigureOut",
    "FiguresIn",
    "FiguresOut",
    "FileIn",
    "FileOut",
    "FindingAsked",
    "FindingDetail",
    "FindingPage",
    "FindingRow",
    "ItemMaterialOut",
    "ItemOut",
    "ItemPage",
    "ItemVersionAsked",
    "ItemVersionCreateIn",
    "ItemVersionCreateMaterialsIn",
    "ItemVersionCreateProcessStepsIn",
    "ItemVersionDetail",
    "ItemVersionDraftIn",
    "ItemVersionDraftMaterialsIn",
    "ItemVersionDraftProcessStepsIn",
    "ItemVersionOut",
    "ItemVersionPage",
    "ItemVersionReviseIn",
    "ItemVersionReviseMaterialsIn",
    "ItemVersionReviseProcessStepsIn",
    "ItemVersionRow",
    "ItemsIn",
    "LightOut",
    "LightsOut",
    "MarkIn",
    "MaterialFileIn",
    "MaterialIn",
    "MaterialOut",
    "MaterialVersionOut",
    "MetricOut",
    "MoveField",
    "MoveIn",
    "MoveOut",
    "NoticeOut",
    "NoticePage",
    "NoticesIn",
    "NumberPage",
    "PageIn",
    "Part",
    "PartyIn",
    "PartyOut",
    "PauseIn",
    "ProblemField",
    "ProblemOut",
    "ProposalIn",
    "ReadOut",
    "ReasonIn",
    "ReceiveIn",
    "RefusalOut",
    "RefusalPage",
    "RelayedLicenceAsked",
    "RelayedLicenceDetail",
    "RelayedLicencePage",
    "RelayedLicenceRow",
    "RevealIn",
    "RevealOut",
    "RunOut",
    "RunPage",
    "SheetOut",
    "SupervisionOrderAsked",
    "SupervisionOrderDetail",
    "SupervisionOrderIssueIn",
    "SupervisionOrderPage",
    "SupervisionOrderRow",
    "TimelineOut",
    "Transport",
    "UnitOut",
    "UrllibTransport",
    "WebhookAsked",
    "WebhookCreateIn",
    "WebhookCreateOut",
    "WebhookMessageAsked",
    "WebhookMessageDetail",
    "WebhookMessagePage",
    "WebhookMessageRow",
    "WebhookPage",
    "WebhookRotateSecretOut",
    "WebhookRow",
]

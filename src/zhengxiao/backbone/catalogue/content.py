"""What a version says, as one value, and what is wrong with it. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from zhengxiao.backbone.catalogue.limits import DEFAULT_CONVERSION, UNSTATED, Conversion, Limit, is_longer
from zhengxiao.backbone.catalogue.rules import Kind
from zhengxiao.backbone.catalogue.vocabulary import NECESSITY, TASK_TYPES
from zhengxiao.kernel.calendar.api import Term, Unit
from zhengxiao.lib.hashing import canonical_json, leaf_hash
from zhengxiao.lib.identifiers import SCHEMES, credit_code_fault, item_code_fault
from zhengxiao.lib.refusals import gettext_noop


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong. `blocking` ones are refused on entry; on import every finding becomes a stored warning."""

    code: str
    field: str
    text: str
    blocking: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Material:
    """One document handed in."""

    name: str
    necessity: str = "required"
    document_kind: str = ""
    medium: str = ""
    copies: int | None = None
    specification: str = ""
    origin: str = ""
    legal_basis: str = ""
    standard: str = ""
    form_ref: str = ""
    sample_ref: str = ""


@dataclass(frozen=True, slots=True)
class VersionContent:
    """Everything a version states; two equal values have one digest."""

    name: str
    sub_name: str = ""
    task_type: str = ""
    kind: str = ""
    legal_basis: str = ""
    conditions: str = ""
    process_steps: tuple[Any, ...] = ()
    """Bare names, or names with limits of their own (steps.py)."""
    process_text: str = ""
    statutory_amount: int | None = None
    statutory_unit: str = ""
    statutory_none: bool = False
    promised_amount: int | None = None
    promised_unit: str = ""
    form_ref: str = ""
    visits: int | None = None
    visits_reason: str = ""
    has_fee: bool | None = None
    fee_basis: str = ""
    fee_standard: str = ""
    location: str = ""
    office_hours: str = ""
    consult_phone: str = ""
    complaint_phone: str = ""
    result_name: str = ""
    service_objects: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    handle_forms: tuple[str, ...] = ()
    co_departments: str = ""
    is_online: bool | None = None
    online_url: str = ""
    online_depth: str = ""
    is_nearby: bool | None = None
    is_express: bool | None = None
    is_bookable: bool | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    materials: tuple[Material, ...] = ()

    @property
    def statutory(self) -> Limit:
        return stored_limit(self.statutory_amount, self.statutory_unit, none=self.statutory_none)

    @property
    def promised(self) -> Limit:
        return stored_limit(self.promised_amount, self.promised_unit)

    def digest(self) -> str:
        """64 hex signs over every field; an import that brings the same again is recognised by it."""
        plain = {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }
        return leaf_hash(canonical_json(plain)).hex()


def stored_limit(amount: int | None, unit: str, *, none: bool = False) -> Limit:
    """The limit behind two columns and the "no limit" mark."""
    if none:
        return Limit(none=True)
    return UNSTATED if amount is None else Limit(term=Term(amount, Unit(unit or Unit.WORKDAY.value)))


def four_do(content: Any) -> dict[str, bool | None]:
    """马上办 网上办 就近办 一次办, derived from what is stated; None where it is not (domain §2.5)."""
    visits: int | None = content.visits
    return {
        "instant": None if not content.kind else content.kind == Kind.INSTANT.value,
        "online": content.is_online,
        "nearby": content.is_nearby,
        "once": None if visits is None else visits <= 1,
    }


FOUR_DO_LABELS = {
    "instant": gettext_noop("马上办"),
    "online": gettext_noop("网上办"),
    "nearby": gettext_noop("就近办"),
    "once": gettext_noop("一次办"),
}

NAME_MISSING = Finding("name_missing", "name", gettext_noop("事项名称为空。"))
TYPE_UNKNOWN = Finding("type_unknown", "task_type", gettext_noop("事项类型不在代码表内。"))
TYPE_MISSING = Finding("type_missing", "task_type", gettext_noop("没有填写事项类型。"))
INSTANT_WAITS = Finding("instant_waits", "promised", gettext_noop("即办件的承诺时限应为 0，当场办结。"))
PROMISED_ZERO = Finding("promised_zero", "promised", gettext_noop("承诺件的承诺时限应大于 0。"))
PROMISE_MISSING = Finding("promise_missing", "promised", gettext_noop("承诺件没有填写承诺时限。"))
PROMISE_LONGER = Finding("promise_longer", "promised", gettext_noop("承诺时限长于法定时限。请缩短承诺时限。"))
KIND_MISSING = Finding("kind_missing", "kind", gettext_noop("没有填写办件类型。"), blocking=False)
LIMITS_MISSING = Finding(
    "limits_missing",
    "statutory",
    gettext_noop("没有填写法定时限；法律未规定的请勾选“无法定时限”。"),
    blocking=False,
)
NECESSITY_UNKNOWN = Finding("necessity_unknown", "materials", gettext_noop("材料必要性不在代码表内。"))
MATERIAL_NAMELESS = Finding("material_nameless", "materials", gettext_noop("有一项材料没有名称。"))
BASIS_MISSING = Finding("basis_missing", "legal_basis", gettext_noop("没有填写设定依据。"), blocking=False)


def content_findings(
    content: VersionContent, conversion: Conversion = DEFAULT_CONVERSION
) -> tuple[Finding, ...]:
    """What is wrong with a version's content, most serious first (domain §2.7: statutory ≥ promised > 0)."""
    found: list[Finding] = []
    if not content.name.strip():
        found.append(NAME_MISSING)
    if not content.task_type:
        found.append(TYPE_MISSING)
    elif content.task_type not in TASK_TYPES:
        found.append(TYPE_UNKNOWN)
    found += _limit_findings(content, conversion)
    found += _material_findings(content.materials)
    if not content.legal_basis.strip():
        found.append(BASIS_MISSING)
    return tuple(sorted(found, key=lambda each: not each.blocking))


def _limit_findings(content: VersionContent, conversion: Conversion) -> list[Finding]:
    found: list[Finding] = []
    if not content.kind:
        found.append(KIND_MISSING)
    elif content.kind == Kind.INSTANT.value and content.promised_amount != 0:
        found.append(INSTANT_WAITS)
    elif content.kind == Kind.PROMISED.value and content.promised_amount is None:
        found.append(PROMISE_MISSING)
    elif content.kind == Kind.PROMISED.value and content.promised_amount == 0:
        found.append(PROMISED_ZERO)
    if not content.statutory.is_stated:
        found.append(LIMITS_MISSING)
    if is_longer(content.promised, content.statutory, conversion):
        found.append(PROMISE_LONGER)
    return found


def _material_findings(materials: Iterable[Material]) -> list[Finding]:
    rows = list(materials)
    found = []
    if any(not row.name.strip() for row in rows):
        found.append(MATERIAL_NAMELESS)
    if any(row.necessity not in NECESSITY for row in rows):
        found.append(NECESSITY_UNKNOWN)
    return found


CREDIT_EMPTY = Finding("credit_code_empty", "credit_code", gettext_noop("没有实施机构的统一社会信用代码。"))
SCHEME_UNKNOWN = Finding("scheme_unknown", "code", gettext_noop("看不出事项编码属于哪种编码规则。"))
CODE_NOT_BASIC = Finding("code_not_basic", "code", gettext_noop("实施编码的后 12 位与基本编码不一致。"))


def code_findings(*, code: str, scheme: str, basic_code: str, credit_code: str | None) -> tuple[Finding, ...]:
    """What is wrong with an item's codes. `credit_code` None: the source has no such column."""
    found: list[Finding] = []
    if scheme not in SCHEMES:
        found.append(SCHEME_UNKNOWN)
    elif fault := item_code_fault(code, scheme):
        found.append(Finding("item_code", "code", fault))
    elif scheme in ("implementation_31", "handling_33") and basic_code and code[19:31] != basic_code:
        found.append(CODE_NOT_BASIC)
    if credit_code is not None:
        if not credit_code:
            found.append(CREDIT_EMPTY)
        elif fault := credit_code_fault(credit_code):
            found.append(Finding("credit_code", "credit_code", fault))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that two versions state differently."""

    field: str
    before: str
    after: str


FIELD_LABELS: Mapping[str, str] = {
    "name": gettext_noop("事项名称"),
    "sub_name": gettext_noop("子项（情形）"),
    "task_type": gettext_noop("事项类型"),
    "kind": gettext_noop("办件类型"),
    "legal_basis": gettext_noop("设定依据"),
    "conditions": gettext_noop("受理条件"),
    "process_steps": gettext_noop("办理环节"),
    "process_text": gettext_noop("办理流程说明"),
    "statutory": gettext_noop("法定时限"),
    "promised": gettext_noop("承诺时限"),
    "form_ref": gettext_noop("表单"),
    "visits": gettext_noop("到现场次数"),
    "visits_reason": gettext_noop("须到现场的原因"),
    "has_fee": gettext_noop("是否收费"),
    "fee_basis": gettext_noop("收费依据"),
    "fee_standard": gettext_noop("收费标准"),
    "location": gettext_noop("办理地点"),
    "office_hours": gettext_noop("办理时间"),
    "consult_phone": gettext_noop("咨询电话"),
    "complaint_phone": gettext_noop("监督投诉电话"),
    "result_name": gettext_noop("审批结果"),
    "service_objects": gettext_noop("服务对象"),
    "themes": gettext_noop("主题分类"),
    "handle_forms": gettext_noop("办理形式"),
    "co_departments": gettext_noop("联办机构"),
    "is_online": gettext_noop("网上办理"),
    "online_url": gettext_noop("网办地址"),
    "online_depth": gettext_noop("网办深度"),
    "is_nearby": gettext_noop("就近办理"),
    "is_express": gettext_noop("支持快递"),
    "is_bookable": gettext_noop("支持预约"),
    "materials": gettext_noop("申请材料"),
}

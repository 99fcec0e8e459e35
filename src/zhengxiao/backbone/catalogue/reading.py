"""From a row of a foreign item list to what we would store. Pure: no Django, no database.

Nothing a list says is lost: what cannot be read becomes a warning beside the item, and only a row without
code, name or department is refused.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhengxiao.backbone.catalogue.content import (
    Finding,
    Material,
    VersionContent,
    code_findings,
    content_findings,
)
from zhengxiao.backbone.catalogue.limits import UNSTATED, Limit, limit_from_text
from zhengxiao.backbone.catalogue.rules import Kind
from zhengxiao.backbone.catalogue.vocabulary import KINDS, task_type_code
from zhengxiao.lib.identifiers import item_code_scheme, normalise_code, region_code_fault
from zhengxiao.lib.refusals import Refusal, gettext_noop

FIELDS = frozenset(
    """source_id code name sub_name task_type kind department credit_code region_code basic_code basic_name
    main_name level statutory promised visits location office_hours conditions legal_basis process
    consult_phone complaint_phone materials service_objects themes co_departments online online_url
    online_depth express bookable fee fee_basis result_name form local_catalog_code""".split()  # noqa: SIM905
)
"""What a profile may map."""
OPTIONS = frozenset(
    "region region_name create_units create_basic unit_credit level valid_from credit_column".split()  # noqa: SIM905
)


class ItemCodeMissing(Refusal):
    template = gettext_noop("没有事项编码，无法识别是哪一项。")


class ItemNameMissing(Refusal):
    template = gettext_noop("没有事项名称。")


class ItemDepartmentMissing(Refusal):
    template = gettext_noop("没有实施部门，无法归属。")


@dataclass(frozen=True, slots=True)
class ItemOptions:
    """What a profile sets beside its columns. `region`: where departments are found and made."""

    region: str
    region_name: str = ""
    create_units: bool = True
    create_basic: bool = True
    unit_credit: bool = False
    level: str = ""
    valid_from: date | None = None
    credit_column: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """A row understood: the item, its content, and what was wrong but bearable."""

    code: str
    scheme: str
    department: str
    credit_code: str
    basic_code: str
    basic_name: str
    main_name: str
    level: str
    local_catalog_code: str
    content: VersionContent
    warnings: tuple[Finding, ...]

    @property
    def is_national(self) -> bool:
        return self.scheme in ("implementation_31", "handling_33")


def item_from_row(row: Mapping[str, str], options: ItemOptions) -> ItemDraft | tuple[Refusal, ...]:
    """The draft, or every reason why the row is unusable. `row` maps names of `FIELDS` to text."""
    text = {name: _clean(row.get(name, "")) for name in FIELDS}
    refusals = _unusable(text)
    if refusals:
        return refusals
    warnings: list[Finding] = []
    # Codes keep their case: lower-case letters are in use and other systems join by them.
    code = unicodedata.normalize("NFKC", text["code"] or text["source_id"])
    scheme = item_code_scheme(code) or ""
    content = _content(text, warnings)
    credit = text["credit_code"] or (code[:18] if scheme in ("implementation_31", "handling_33") else "")
    basic = normalise_code(text["basic_code"]) or (code[19:31] if scheme == "handling_33" else "")
    warnings += code_findings(
        code=code, scheme=scheme, basic_code=basic, credit_code=credit if options.credit_column else None
    )
    if text["region_code"] and region_code_fault(text["region_code"].ljust(12, "0")):
        warnings.append(Finding("region_code", "region_code", REGION_FAULTY))
    warnings += content_findings(content)
    return ItemDraft(
        code=code,
        scheme=scheme,
        department=text["department"],
        credit_code=credit,
        basic_code=basic,
        basic_name=text["basic_name"],
        main_name="" if text["main_name"] == "未分类" else text["main_name"],
        level=text["level"]
        or (code[18] if scheme in ("implementation_31", "handling_33") else options.level),
        local_catalog_code=text["local_catalog_code"],
        content=content,
        warnings=tuple(warnings),
    )


REGION_FAULTY = gettext_noop("行政区划代码不合规。")
VALUE_UNREAD = gettext_noop("有一项的值看不懂，原文保留在“来源原文”中。")
LIMIT_UNREAD = gettext_noop("时限看不懂，按未填处理，原文保留在“来源原文”中。")
INSTANT_CLAIMED = gettext_noop("来源称为即办件，但承诺时限不为 0；按承诺件处理。")


def _clean(value: str) -> str:
    return value.strip().replace("\u3000", " ").replace("\x00", "")


def _unusable(text: Mapping[str, str]) -> tuple[Refusal, ...]:
    found: list[Refusal] = []
    if not (text["code"] or text["source_id"]):
        found.append(ItemCodeMissing(field="code"))
    if not text["name"]:
        found.append(ItemNameMissing(field="name"))
    if not text["department"]:
        found.append(ItemDepartmentMissing(field="department"))
    return tuple(found)


def _content(text: Mapping[str, str], warnings: list[Finding]) -> VersionContent:
    extra: dict[str, Any] = {}
    statutory = _limit(text["statutory"], "statutory", warnings, extra)
    promised = _limit(text["promised"], "promised", warnings, extra)
    if promised.none:
        # A promise of nothing is no promise.
        promised = UNSTATED
    kind = _kind(text["kind"], promised, warnings, extra)
    return VersionContent(
        name=text["name"][:1000],
        sub_name=text["sub_name"][:1000],
        task_type=_coded(task_type_code(text["task_type"]), text, "task_type", warnings, extra),
        kind=kind,
        legal_basis=text["legal_basis"],
        conditions=text["conditions"],
        process_steps=_list(text["process"]),
        statutory_amount=statutory.term.amount if statutory.term else None,
        statutory_unit=statutory.term.unit.value if statutory.term else "",
        statutory_none=statutory.none,
        promised_amount=0 if kind == Kind.INSTANT else promised.term.amount if promised.term else None,
        promised_unit=promised.term.unit.value if promised.term else "wd" if kind == Kind.INSTANT else "",
        form_ref=text["form"][:500],
        visits=_number(text, "visits", warnings, extra),
        has_fee=_flag(text, "fee", warnings, extra),
        fee_basis=text["fee_basis"],
        location=re.sub("^办理地点[:：]", "", text["location"]),
        office_hours=text["office_hours"],
        consult_phone=text["consult_phone"][:200],
        complaint_phone=text["complaint_phone"][:200],
        result_name=text["result_name"][:500],
        service_objects=_list(text["service_objects"]),
        themes=_list(text["themes"]),
        co_departments="" if text["co_departments"] == "无" else text["co_departments"],
        is_online=_flag(text, "online", warnings, extra),
        online_url=text["online_url"][:2000],
        online_depth=text["online_depth"][:20],
        is_express=_flag(text, "express", warnings, extra),
        is_bookable=_flag(text, "bookable", warnings, extra),
        extra=extra,
        materials=tuple(Material(name=name[:1000]) for name in _list(text["materials"])),
    )


def _unread(name: str, value: str, warnings: list[Finding], extra: dict[str, Any], words: str) -> None:
    warnings.append(Finding("value_unread", name, words))
    extra[name] = value


def _limit(value: str, name: str, warnings: list[Finding], extra: dict[str, Any]) -> Limit:
    try:
        return limit_from_text(value)
    except Refusal:
        _unread(name, value, warnings, extra, LIMIT_UNREAD)
        return UNSTATED


def _kind(value: str, promised: Limit, warnings: list[Finding], extra: dict[str, Any]) -> str:
    """The kind as stated; where nothing is said, a promise of 0 is instant and any other promised."""
    said = next((kind for kind, label in KINDS.items() if value in (kind, label)), "")
    if value and not said:
        said = {"1": Kind.INSTANT.value, "2": Kind.PROMISED.value}.get(value.lstrip("0"), "")
        if not said:
            _unread("kind", value, warnings, extra, VALUE_UNREAD)
    amount = promised.term.amount if promised.term else None
    if said == Kind.INSTANT and amount:
        # The clock follows the number; what the source called it is kept beside.
        _unread("kind", value, warnings, extra, INSTANT_CLAIMED)
        return Kind.PROMISED.value
    if said or amount is None:
        return said
    return Kind.PROMISED.value if amount else Kind.INSTANT.value


def _coded(
    code: str | None, text: Mapping[str, str], name: str, warnings: list[Finding], extra: dict[str, Any]
) -> str:
    if code is None and text[name]:
        _unread(name, text[name], warnings, extra, VALUE_UNREAD)
    return code or ""


def _number(text: Mapping[str, str], name: str, warnings: list[Finding], extra: dict[str, Any]) -> int | None:
    plain = unicodedata.normalize("NFKC", text[name])
    if not plain:
        return None
    if plain.isascii() and plain.isdigit() and int(plain) < 1000:
        return int(plain)
    _unread(name, text[name], warnings, extra, VALUE_UNREAD)
    return None


_FLAGS = {
    "是": True,
    "1": True,
    "true": True,
    "支持": True,
    "否": False,
    "0": False,
    "false": False,
    "不支持": False,
}


def _flag(text: Mapping[str, str], name: str, warnings: list[Finding], extra: dict[str, Any]) -> bool | None:
    value = text[name].lower()
    if value and value not in _FLAGS:
        _unread(name, text[name], warnings, extra, VALUE_UNREAD)
    return _FLAGS.get(value)


def _list(value: str) -> tuple[str, ...]:
    """A JSON list, or one entry a line."""
    if not value or value == "无":
        return ()
    if value.startswith("["):
        try:
            parts = json.loads(value)
        except ValueError:
            parts = None
        if isinstance(parts, list):
            return tuple(str(part).strip() for part in parts if str(part).strip())
    return tuple(part.strip() for part in value.splitlines() if part.strip())

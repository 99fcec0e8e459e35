"""The ten unified elements (十统一): one record per item, a reference per basic code, and the differences. No Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zhengxiao.backbone.catalogue.limits import (
    DEFAULT_CONVERSION,
    UNSTATED,
    Conversion,
    Limit,
    is_longer,
    is_shorter,
)
from zhengxiao.lib.refusals import gettext_noop


@dataclass(frozen=True, slots=True)
class UnifiedRecord:
    """What one list says about a basic code. Empty values are "not stated"."""

    holder: str
    basic_code: str = ""
    implementation_code: str = ""
    name: str = ""
    sub_name: str = ""
    task_type: str = ""
    legal_basis: str = ""
    process: tuple[str, ...] = ()
    statutory: Limit = UNSTATED
    promised: Limit = UNSTATED
    materials: tuple[str, ...] = ()
    form_ref: str = ""


ELEMENTS: Mapping[str, str] = {
    "basic_code": gettext_noop("基本编码"),
    "implementation_code": gettext_noop("实施编码"),
    "name": gettext_noop("事项名称"),
    "sub_name": gettext_noop("子项"),
    "task_type": gettext_noop("事项类型"),
    "legal_basis": gettext_noop("设定依据"),
    "process": gettext_noop("办理流程"),
    "limits": gettext_noop("办理时限"),
    "materials": gettext_noop("提交材料"),
    "form_ref": gettext_noop("表单内容"),
}

LONGER = gettext_noop("时限长于基准，不允许")
SHORTER = gettext_noop("时限短于基准，允许")
DIFFERENT = gettext_noop("与基准不一致")
MISSING = gettext_noop("基准已列明，本级未列")
CODE_RULE = gettext_noop("实施编码不含该基本编码")


@dataclass(frozen=True, slots=True)
class Difference:
    """One element of one record that is not as the reference has it. `permitted` ones are shown, not counted."""

    element: str
    note: str
    reference: str
    local: str
    reference_holder: str
    permitted: bool = False

    @property
    def label(self) -> str:
        return ELEMENTS[self.element]


@dataclass(frozen=True, slots=True)
class Reference:
    """Per field the record that decides it: the first in order of level that states it."""

    deciding: Mapping[str, UnifiedRecord] = field(default_factory=dict)

    def get(self, name: str) -> UnifiedRecord | None:
        return self.deciding.get(name)


_FIELDS = ("name", "sub_name", "task_type", "legal_basis", "process", "materials", "form_ref")


def reference_of(records: Sequence[UnifiedRecord]) -> Reference:
    """The reference of records given highest level first: each element from the highest level that states it.

    So a basic directory that names only code, name and type still leaves materials to be compared between
    city and districts.
    """
    deciding: dict[str, UnifiedRecord] = {}
    for record in records:
        for name in (*_FIELDS, "basic_code"):
            if getattr(record, name):
                deciding.setdefault(name, record)
        for name in ("statutory", "promised"):
            if getattr(record, name).is_stated:
                deciding.setdefault(name, record)
    return Reference(deciding)


_NOISE = re.compile(r"[\s\W_]+")


def plain_text(text: str) -> str:
    """Text as compared: width, case, white space and punctuation do not make a difference."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _plain(value: str | tuple[str, ...]) -> object:
    return plain_text(value) if isinstance(value, str) else tuple(plain_text(part) for part in value)


def _shown(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "；".join(value)


def _limit_text(limit: Limit) -> str:
    if limit.term is None:
        return "无" if limit.none else ""
    return f"{limit.term.amount}{limit.term.unit.label}"


_DETAILS = frozenset({"process", "materials", "form_ref"})


def _same_case(first: UnifiedRecord, second: UnifiedRecord) -> bool:
    """Whether two records speak of the same sub-item; papers and limits of different ones are not compared."""
    one, two = plain_text(first.sub_name), plain_text(second.sub_name)
    return not one or not two or one == two


def _field_difference(name: str, reference: Reference, local: UnifiedRecord) -> list[Difference]:
    decides = reference.get(name)
    if decides is None or decides is local or (name in _DETAILS and not _same_case(decides, local)):
        return []
    stated: str | tuple[str, ...] = getattr(decides, name)
    own: str | tuple[str, ...] = getattr(local, name)
    if name == "materials":
        same = sorted(map(plain_text, stated)) == sorted(map(plain_text, own))
    else:
        same = _plain(stated) == _plain(own)
    if same:
        return []
    note = DIFFERENT if own else MISSING
    return [Difference(name, note, _shown(stated), _shown(own), decides.holder)]


def _limit_difference(
    name: str, reference: Reference, local: UnifiedRecord, conversion: Conversion
) -> list[Difference]:
    decides = reference.get(name)
    if decides is None or decides is local or not _same_case(decides, local):
        return []
    stated: Limit = getattr(decides, name)
    own: Limit = getattr(local, name)
    shown = (_limit_text(stated), _limit_text(own), decides.holder)
    if not own.is_stated:
        return [Difference("limits", MISSING, *shown)]
    if is_longer(own, stated, conversion):
        return [Difference("limits", LONGER, *shown)]
    if is_shorter(own, stated, conversion):
        return [Difference("limits", SHORTER, *shown, permitted=True)]
    return []


def _code_difference(reference: Reference, local: UnifiedRecord) -> list[Difference]:
    found: list[Difference] = []
    decides = reference.get("basic_code")
    if decides is not None and decides is not local and decides.basic_code != local.basic_code:
        note = DIFFERENT if local.basic_code else MISSING
        found.append(Difference("basic_code", note, decides.basic_code, local.basic_code, decides.holder))
    code = local.implementation_code
    if code and local.basic_code and code[19:31] != local.basic_code:
        found.append(Difference("implementation_code", CODE_RULE, local.basic_code, code, local.holder))
    return found


def differences(
    reference: Reference, local: UnifiedRecord, conversion: Conversion = DEFAULT_CONVERSION
) -> tuple[Difference, ...]:
    """Where a record departs from its reference; the one permitted departure is a shorter limit (domain §2.4)."""
    found = _code_difference(reference, local)
    for name in _FIELDS:
        found += _field_difference(name, reference, local)
    for name in ("statutory", "promised"):
        found += _limit_difference(name, reference, local, conversion)
    order = {element: place for place, element in enumerate(ELEMENTS)}
    return tuple(sorted(found, key=lambda each: order[each.element]))


def is_unified(found: Sequence[Difference]) -> bool:
    """Whether all ten elements agree, permitted differences aside."""
    return all(difference.permitted for difference in found)

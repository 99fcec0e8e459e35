"""Kinds of parties, what is shown of them, and what is wrong with their numbers. No Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from zhengxiao.lib.identifiers import (
    credit_code_fault,
    normalise_code,
    organisation_code_fault,
    resident_id_fault,
)
from zhengxiao.lib.refusals import gettext_noop


class PartyKind(StrEnum):
    """Who applies. Natural persons first; the rest are organisations."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    INDIVIDUAL_BUSINESS = "individual_business"
    INSTITUTION = "institution"
    SOCIAL_ORG = "social_org"
    AGENCY = "agency"
    OTHER = "other"


KIND_LABELS: Mapping[str, str] = {
    PartyKind.PERSON: gettext_noop("自然人"),
    PartyKind.ENTERPRISE: gettext_noop("企业"),
    PartyKind.INDIVIDUAL_BUSINESS: gettext_noop("个体工商户"),
    PartyKind.INSTITUTION: gettext_noop("事业单位"),
    PartyKind.SOCIAL_ORG: gettext_noop("社会组织"),
    PartyKind.AGENCY: gettext_noop("机关"),
    PartyKind.OTHER: gettext_noop("其他组织"),
}
ID_TYPES: Mapping[str, str] = {
    "resident": gettext_noop("居民身份证"),
    "passport": gettext_noop("护照"),
    "hk_macao": gettext_noop("港澳居民来往内地通行证"),
    "taiwan": gettext_noop("台湾居民来往大陆通行证"),
    "foreigner": gettext_noop("外国人永久居留身份证"),
    "organisation": gettext_noop("组织机构代码"),
    "other": gettext_noop("其他证件"),
}
_BY_REGISTRATION = {
    "11": PartyKind.AGENCY,
    "12": PartyKind.INSTITUTION,
    "13": PartyKind.SOCIAL_ORG,
    "51": PartyKind.SOCIAL_ORG,
    "52": PartyKind.SOCIAL_ORG,
    "53": PartyKind.SOCIAL_ORG,
    "91": PartyKind.ENTERPRISE,
    "92": PartyKind.INDIVIDUAL_BUSINESS,
    "93": PartyKind.ENTERPRISE,
}


PURPOSES: Mapping[str, str] = {
    "verify": gettext_noop("核对申请人身份"),
    "contact": gettext_noop("联系申请人"),
    "document": gettext_noop("制作文书证照"),
    "complaint": gettext_noop("处理投诉申诉"),
    "investigation": gettext_noop("依法调查（暂不告知本人）"),
}
"""Why a full number may be looked at (PIPL art. 6: a stated and reasonable purpose)."""
EXEMPT = frozenset({"investigation"})
"""Purposes that are kept from the person concerned for a time (PIPL art. 18, 35)."""


def kind_of_credit_code(code: str) -> PartyKind:
    """The kind by the first two signs of a credit code (registration department and category, GB 32100)."""
    return _BY_REGISTRATION.get(code[:2], PartyKind.OTHER)


def id_fault(id_type: str, number: str) -> str | None:
    """What is wrong with an identity number; only numbers with a known rule can be wrong."""
    if id_type == "resident":
        return resident_id_fault(number)
    return organisation_code_fault(number) if id_type == "organisation" else None


def number_faults(credit_code: str, id_type: str, id_number: str) -> tuple[tuple[str, str], ...]:
    """(field, reason) pairs of the numbers given; empty numbers are not faults."""
    found: list[tuple[str, str]] = []
    if credit_code and (fault := credit_code_fault(credit_code)):
        found.append(("credit_code", fault))
    if id_number and (fault := id_fault(id_type, id_number)):
        found.append(("id_number", fault))
    return tuple(found)


def clean_number(text: str) -> str:
    """The number as stored and looked up: half-width, no spaces, upper case."""
    return normalise_code(text)


def clean_phone(text: str) -> str:
    """Digits and a leading plus; hyphens and spaces are spelling."""
    plain = unicodedata.normalize("NFKC", text)
    return ("+" if plain.strip().startswith("+") else "") + "".join(re.findall("[0-9]", plain))


def mask_name(name: str) -> str:
    """The first sign stays: 王示例 → 王**; a name of one sign shows nothing."""
    plain = name.strip()
    return "*" if len(plain) == 1 else plain[:1] + "*" * min(len(plain) - 1, 2)


def mask_phone(phone: str) -> str:
    """13800000000 → 138****0000; shorter numbers show their last two digits only."""
    if len(phone) >= 11:
        return f"{phone[:-8]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:] if len(phone) > 4 else "*" * len(phone)


def mask_id(number: str) -> str:
    """Three signs in front, two behind; numbers of eight or fewer show their last sign only."""
    if len(number) <= 8:
        return "*" * max(len(number) - 1, 0) + number[-1:]
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def shown_name(kind: str, name: str) -> str:
    """The name for lists and publication: persons masked, organisations in full (domain §14)."""
    return mask_name(name) if kind == PartyKind.PERSON else name

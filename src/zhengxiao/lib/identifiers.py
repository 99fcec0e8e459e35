"""Check digits and shapes of the codes government data is keyed by, each fault with its reason in words.

`*_fault` take a code exactly as stored and return None or one reason (a message id of the English
catalogue); they never repair. `normalise_code` is the one place that does. Real feeds hold codes in official
use with a wrong check digit, so the caller decides: refuse on entry, warn on import.

Sources: GB 32100-2015 (credit code), GB 11714-1997 (organisation code), GB 11643-1999 (resident identity
number), GB/T 36904-2018 with ISO 7064 MOD 37,36 (e-certificate identifier), GB/T 2260 and GB/T 10114
(regions), GB/T 39046-2020 and the national exchange tables (item codes).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_37_36

from zhengxiao.lib.refusals import gettext_noop

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"
PROVINCES = frozenset(
    str(number)
    for block in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82, 83),
    )
    for number in block
)
"""First two digits of region codes in use; 83 occurs only in residence permits of Taiwan residents."""
CERTIFICATE_ROOT = "1.2.156.3005.2"

EMPTY = gettext_noop("代码为空。")
WIDE = gettext_noop("含有全角字符或其他非英文半角字符。请改用半角输入。")
LOWER = gettext_noop("字母须为大写。")
CREDIT_LENGTH = gettext_noop("统一社会信用代码须为 18 位。")
CREDIT_CHARACTERS = gettext_noop("统一社会信用代码只能用数字和大写字母，且不含 I、O、S、V、Z。")
CREDIT_SHAPE = gettext_noop("统一社会信用代码第 1 位须为登记管理部门代码，第 3 至 8 位须为行政区划数字。")
CREDIT_CHECK = gettext_noop("统一社会信用代码的校验位不符。")
ORGANISATION_LENGTH = gettext_noop("组织机构代码须为 9 位（校验位前可有短横）。")
ORGANISATION_CHARACTERS = gettext_noop("组织机构代码只能用数字和大写字母。")
ORGANISATION_CHECK = gettext_noop("组织机构代码的校验位不符。")
RESIDENT_LENGTH = gettext_noop("公民身份号码须为 18 位。")
RESIDENT_CHARACTERS = gettext_noop("公民身份号码前 17 位须为数字，末位为数字或 X。")
RESIDENT_REGION = gettext_noop("公民身份号码前 6 位不是行政区划代码。")
RESIDENT_DATE = gettext_noop("公民身份号码中的出生日期不存在。")
RESIDENT_FUTURE = gettext_noop("公民身份号码中的出生日期晚于今天。")
RESIDENT_CHECK = gettext_noop("公民身份号码的校验位不符。")
REGION_SHAPE = gettext_noop("行政区划代码须为 12 位数字，未用的下级位补 0。")
REGION_PROVINCE = gettext_noop("行政区划代码的前 2 位不是省级代码。")
CERTIFICATE_SHAPE = gettext_noop("电子证照标识须为“1.2.156.3005.2.证照类型.颁发机构.流水号.版本号.校验位”。")
CERTIFICATE_CHECK = gettext_noop("电子证照标识的校验位不符。")
BASIC_SHAPE = gettext_noop("基本编码须为 12 位：区域 2、类型 2、部门 2、主项 3、子项 3。")
BASIC_LOCAL_SHAPE = gettext_noop("地方基本编码须为 10 位：类型 2、主项 5、子项 3。")
IMPLEMENTATION_LENGTH = gettext_noop("实施编码须为 31 位：统一社会信用代码 18、行使层级 1、基本编码 12。")
IMPLEMENTATION_LEVEL = gettext_noop("实施编码第 19 位须为行使层级 1 至 7。")
IMPLEMENTATION_BASIC = gettext_noop("实施编码的后 12 位不是基本编码。")
IMPLEMENTATION_CREDIT = gettext_noop("实施编码所含的统一社会信用代码不合规（校验位或格式不符）。")
HANDLING_SHAPE = gettext_noop("业务办理项编码须为 33 位：实施编码 31 位加 2 位序号。")
LOCAL_SHAPE = gettext_noop("地方事项编码的分段不符：事项码-行政区划-序号-实施机构-类别-办理项。")
LOCAL_REGION = gettext_noop("地方事项编码中的行政区划不合规。")
LOCAL_BODY = gettext_noop("地方事项编码中的实施机构代码不合规（既不是信用代码，也不是组织机构代码）。")
SCHEME_UNKNOWN = gettext_noop("没有登记过的编码规则。")

_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff]+")
_PLAIN = re.compile(r"[\x21-\x7e]+")
_CREDIT = re.compile("[0-9ABCDEFGHJKLMNPQRTUWXY]{18}")
_CREDIT_SHAPE = re.compile("[1-9ANY][0-9A-Z][0-9]{6}")
_BASIC = re.compile("[0-9]{11}[0-9Y]")


def normalise_code(text: str) -> str:
    """The code as meant: full-width to half-width (NFKC), no white space or invisible signs, upper case.

    `int("１")` is 1 and `"１".isdigit()` is true in Python, so a full-width code would pass a naive check
    and then match no stored row; every code from a person or a file goes through here first.
    """
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()


def _text_fault(code: str) -> str | None:
    if not code:
        return EMPTY
    if _PLAIN.fullmatch(code) is None:
        return WIDE
    return LOWER if code != code.upper() else None


def credit_code_fault(code: str) -> str | None:
    """GB 32100. First sign 1–9, A, N or Y (python-stdnum knows digits only and refuses rural collectives)."""
    fault = _text_fault(code)
    if fault:
        return fault
    if len(code) != 18:
        return CREDIT_LENGTH
    if _CREDIT.fullmatch(code) is None:
        return CREDIT_CHARACTERS
    if _CREDIT_SHAPE.match(code) is None:
        return CREDIT_SHAPE
    return None if uscc.calc_check_digit(code[:17]) == code[17] else CREDIT_CHECK


def organisation_code_fault(code: str) -> str | None:
    """GB 11714, with or without the hyphen before the check sign."""
    fault = _text_fault(code)
    if fault:
        return fault
    body = code[:8] + code[9:] if len(code) == 10 and code[8] == "-" else code
    if len(body) != 9:
        return ORGANISATION_LENGTH
    if re.fullmatch("[0-9A-Z]{9}", body) is None:
        return ORGANISATION_CHARACTERS
    return None if organisation_check(body[:8]) == body[8] else ORGANISATION_CHECK


def organisation_check(body: str) -> str:
    """The check sign of the eight signs of an organisation code: 11 − Σ mod 11, where 10 is X and 11 is 0."""
    total = sum(ORGANISATION_ALPHABET.index(c) * w for c, w in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def resident_id_fault(code: str, *, on: dt.date | None = None) -> str | None:
    """GB 11643: region shape, a real birth date (not after `on`, if given), check sign."""
    fault = _text_fault(code)
    if fault:
        return fault
    if len(code) != 18:
        return RESIDENT_LENGTH
    if re.fullmatch("[0-9]{17}[0-9X]", code) is None:
        return RESIDENT_CHARACTERS
    if code[:2] not in PROVINCES:
        return RESIDENT_REGION
    try:
        born = dt.date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return RESIDENT_DATE
    if born.year < 1800:
        return RESIDENT_DATE
    if on is not None and born > on:
        return RESIDENT_FUTURE
    return None if ric.calc_check_digit(code) == code[17] else RESIDENT_CHECK


def region_code_fault(code: str) -> str | None:
    """A 12-digit region code: no village without its town, no town without a city or county."""
    if code == "0" * 12:
        return None
    if re.fullmatch("[0-9]{12}", code) is None:
        return REGION_SHAPE if code else EMPTY
    if code[:2] not in PROVINCES:
        return REGION_PROVINCE
    if code[9:] != "000" and code[6:9] == "000":
        return REGION_SHAPE
    if code[6:9] != "000" and code[2:6] == "0000":
        return REGION_SHAPE
    return None


def certificate_id_fault(code: str) -> str | None:
    """GB/T 36904: root, type 21, issuer 18, serial, version 3, check sign MOD 37,36 without the dots."""
    fault = _text_fault(code)
    if fault:
        return fault
    if not code.startswith(CERTIFICATE_ROOT + "."):
        return CERTIFICATE_SHAPE
    parts = code[len(CERTIFICATE_ROOT) + 1 :].split(".")
    if [len(part) for part in parts[:2]] != [21, 18] or [len(part) for part in parts[3:]] != [3, 1]:
        return CERTIFICATE_SHAPE
    if not parts[2] or any(re.fullmatch("[0-9A-Z]+", part) is None for part in parts):
        return CERTIFICATE_SHAPE
    body = "".join(parts[:4])
    return None if mod_37_36.calc_check_digit(body) == parts[4] else CERTIFICATE_CHECK


def basic_code_fault(code: str) -> str | None:
    """基本编码, 12 signs; the last is Y where a main item only groups sub-items."""
    fault = _text_fault(code)
    return fault or (None if _BASIC.fullmatch(code) else BASIC_SHAPE)


def basic_local_code_fault(code: str) -> str | None:
    """The ten-digit provincial form: kind 2, main item 5, sub-item 3."""
    fault = _text_fault(code)
    return fault or (None if re.fullmatch("[0-9]{10}", code) else BASIC_LOCAL_SHAPE)


def implementation_code_fault(code: str) -> str | None:
    """实施编码, 31 signs. Shape is told before the check digit: a wrong length is the likelier slip."""
    fault = _text_fault(code)
    if fault:
        return fault
    if len(code) != 31:
        return IMPLEMENTATION_LENGTH
    if code[18] not in "1234567":
        return IMPLEMENTATION_LEVEL
    if _BASIC.fullmatch(code[19:]) is None:
        return IMPLEMENTATION_BASIC
    return IMPLEMENTATION_CREDIT if credit_code_fault(code[:18]) else None


def handling_code_fault(code: str) -> str | None:
    """业务办理项编码: an implementation code and a two-digit serial."""
    fault = _text_fault(code)
    if fault:
        return fault
    if re.fullmatch(".{31}[0-9]{2}", code) is None:
        return HANDLING_SHAPE
    return implementation_code_fault(code[:31])


_LOCAL_MATTER = re.compile("(?P<matter>[0-9]{3}[0-9A-Z][0-9]{8}(?:[0-9]{2})?)(?P<tail>-.*)")
_LOCAL_POWER = re.compile("(?P<matter>[A-Z]-[0-9]{6}-[0-9]{3,4}|[0-9][A-Z]-[0-9]{4}-[0-9]{5})(?P<tail>-.*)")
_LOCAL_TAIL = re.compile("-(?P<region>[0-9]{12})-[0-9]{3}-(?P<body>[0-9A-Z]+(?:-[0-9X])?)-[0-9]-[0-9]{2}")


def _local_fault(code: str, pattern: re.Pattern[str]) -> str | None:
    fault = _text_fault(code.replace("u", "U"))
    found = pattern.fullmatch(code)
    tail = _LOCAL_TAIL.fullmatch(found["tail"].upper()) if found else None
    if fault:
        return fault
    if tail is None:
        return LOCAL_SHAPE
    if region_code_fault(tail["region"]):
        return LOCAL_REGION
    body = tail["body"]
    return LOCAL_BODY if credit_code_fault(body) and organisation_code_fault(body) else None


def local_matter_code_fault(code: str) -> str | None:
    """`511A0138000000-511602000000-000-BODY-1-00`: a provincial matter code, then where and who."""
    return _local_fault(code, _LOCAL_MATTER)


def local_power_code_fault(code: str) -> str | None:
    """`G-000007-001-511602000000-000-BODY-1-00`: the older list of powers, then where and who."""
    return _local_fault(code, _LOCAL_POWER)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A coding rule: its label, how a code of it is recognised, and what is wrong with one."""

    name: str
    label: str
    recognises: Callable[[str], bool]
    fault: Callable[[str], str | None]


def _shape(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda code: compiled.fullmatch(code) is not None


_ALL = (
    Scheme("basic_12", gettext_noop("国家基本编码"), _shape(_BASIC.pattern), basic_code_fault),
    Scheme("basic_10", gettext_noop("地方基本编码"), _shape("[0-9]{10}"), basic_local_code_fault),
    Scheme("implementation_31", gettext_noop("国家实施编码"), _shape("[^-]{31}"), implementation_code_fault),
    Scheme("handling_33", gettext_noop("业务办理项编码"), _shape("[^-]{33}"), handling_code_fault),
    Scheme(
        "local_matter", gettext_noop("省级事项编码"), _shape(_LOCAL_MATTER.pattern), local_matter_code_fault
    ),
    Scheme(
        "local_power", gettext_noop("省级权力清单编码"), _shape(_LOCAL_POWER.pattern), local_power_code_fault
    ),
)
SCHEMES: Mapping[str, Scheme] = MappingProxyType({scheme.name: scheme for scheme in _ALL})


def item_code_scheme(code: str) -> str | None:
    """The first scheme whose codes look like this one, faults apart; None when no scheme does."""
    return next((name for name, scheme in SCHEMES.items() if scheme.recognises(code)), None)


def item_code_fault(code: str, scheme: str) -> str | None:
    """What is wrong with an item code under a scheme of `SCHEMES`; an unknown scheme is itself the fault."""
    rule = SCHEMES.get(scheme)
    return SCHEME_UNKNOWN if rule is None else rule.fault(code)

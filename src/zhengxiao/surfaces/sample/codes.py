"""Codes of the sample city with right check digits. They begin with region 99, which no real place has."""

from __future__ import annotations

from stdnum.cn import uscc

from zhengxiao.lib.identifiers import organisation_check


def credit_code(kind: str, region_code: str, serial: int) -> str:
    """A unified social credit code: `kind` 11 (agency), 91 (enterprise) …, region, body number, both check signs."""
    body = f"{serial:08d}"
    first = f"{kind}{region_code[:6]}{body}{organisation_check(body)}"
    return f"{first}{uscc.calc_check_digit(first)}"


def basic_code(task_type: str, office: int, main: int) -> str:
    """A basic code: region 99, type, office, main item, no sub-item."""
    return f"99{task_type}{office:02d}{main:03d}001"


def implementation_code(credit: str, level: int, basic: str) -> str:
    """31 signs: who, at which level, which basic item."""
    return f"{credit}{level}{basic}"

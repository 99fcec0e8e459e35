"""The checks of `identifiers` over millions of codes at once; the same verdicts, without the reasons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhengxiao.lib.identifiers import (
    CREDIT_ALPHABET,
    CREDIT_WEIGHTS,
    ORGANISATION_ALPHABET,
    ORGANISATION_WEIGHTS,
    PROVINCES,
    RESIDENT_CHECKS,
    RESIDENT_WEIGHTS,
)

Codes = Sequence[str] | NDArray[np.str_] | NDArray[np.object_]
Verdicts = NDArray[np.bool_]
Signs = NDArray[np.int64]

_OUTSIDE = -1


def _values(alphabet: str) -> NDArray[np.int64]:
    table = np.full(129, _OUTSIDE, dtype=np.int64)
    for value, sign in enumerate(alphabet):
        table[ord(sign)] = value
    return table


_CREDIT = _values(CREDIT_ALPHABET)
_ORGANISATION = _values(ORGANISATION_ALPHABET)
_DIGITS = _values("0123456789")
_RESIDENT_CHECK_VALUES = np.array([ord(sign) for sign in RESIDENT_CHECKS])
_ORGANISATION_CHECK_VALUES = np.array([ord(sign) for sign in "0X987654321"])
_PROVINCES = np.isin(np.arange(100), [int(code) for code in PROVINCES])
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87)
_FIRST_SIGNS = np.isin(np.arange(129), [ord(sign) for sign in "123456789ANY"])


def _signs(codes: Codes, length: int) -> tuple[Signs, Verdicts]:
    """Code points as a matrix (anything beyond ASCII is 128) and which rows have the length asked for.

    Lengths are counted before numpy sees the text: its fixed-width strings cut long codes and drop NULs.
    """
    count = len(codes)
    right = np.fromiter((len(code) == length for code in codes), dtype=bool, count=count)
    matrix = np.asarray(codes, dtype=f"U{length}").reshape(count).view(np.uint32).reshape(count, length)
    return np.minimum(matrix, 128).astype(np.int64), right


def credit_codes_ok(codes: Codes) -> Verdicts:
    """Per code whether `credit_code_fault` finds nothing."""
    if not len(codes):
        return np.zeros(0, dtype=bool)
    signs, right = _signs(codes, 18)
    values = _CREDIT[signs]
    right &= (values >= 0).all(axis=1) & _FIRST_SIGNS[signs[:, 0]]
    right &= (_DIGITS[signs[:, 2:8]] >= 0).all(axis=1)
    check = (31 - values[:, :17] @ np.array(CREDIT_WEIGHTS) % 31) % 31
    return np.asarray(right & (check == values[:, 17]))


def organisation_codes_ok(codes: Codes) -> Verdicts:
    """Per nine-sign code (no hyphen) whether `organisation_code_fault` finds nothing."""
    if not len(codes):
        return np.zeros(0, dtype=bool)
    signs, right = _signs(codes, 9)
    values = _ORGANISATION[signs]
    right &= (values >= 0).all(axis=1)
    total = values[:, :8] @ np.array(ORGANISATION_WEIGHTS)
    return np.asarray(right & (_ORGANISATION_CHECK_VALUES[total % 11] == signs[:, 8]))


def resident_ids_ok(codes: Codes) -> Verdicts:
    """Per number whether `resident_id_fault` (without a day of today) finds nothing."""
    if not len(codes):
        return np.zeros(0, dtype=bool)
    signs, right = _signs(codes, 18)
    digits = _DIGITS[signs[:, :17]]
    right &= (digits >= 0).all(axis=1)
    digits = np.maximum(digits, 0)
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1])
    month = digits[:, 10:12] @ np.array([10, 1])
    day = digits[:, 12:14] @ np.array([10, 1])
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _MONTH_DAYS[month] + ((month == 2) & leap)
    right &= _PROVINCES[digits[:, :2] @ np.array([10, 1])]
    right &= (year >= 1800) & (day >= 1) & (day <= last)
    check = _RESIDENT_CHECK_VALUES[digits @ np.array(RESIDENT_WEIGHTS) % 11]
    return np.asarray(right & (check == signs[:, 17]))


def implementation_codes_ok(codes: Codes) -> Verdicts:
    """Per code whether `implementation_code_fault` finds nothing."""
    if not len(codes):
        return np.zeros(0, dtype=bool)
    signs, right = _signs(codes, 31)
    right &= (signs[:, 18] >= ord("1")) & (signs[:, 18] <= ord("7"))
    right &= (_DIGITS[signs[:, 19:30]] >= 0).all(axis=1)
    right &= (_DIGITS[signs[:, 30]] >= 0) | (signs[:, 30] == ord("Y"))
    right[right] = credit_codes_ok([code[:18] for code, good in zip(codes, right, strict=True) if good])
    return right

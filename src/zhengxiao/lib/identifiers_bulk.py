"""The checks of `identifiers` over millions of codes at once; the same verdicts, without the reasons.

One table look-up per sign: a table holds sign × weight, and a sum out of all proportion for a sign outside the alphabet.
"""

from __future__ import annotations

import datetime as dt
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
from zhengxiao.lib.text_columns import Bools, Ints, TextColumn

_BAD = 1 << 12
"""Added for a sign outside its alphabet; no sum of lawful signs comes near it."""
Table = NDArray[np.int16]


def _table(alphabet: str, weight: int, modulus: int) -> Table:
    table = np.full(256, _BAD, dtype=np.int16)
    for value, sign in enumerate(alphabet):
        table[ord(sign)] = value * weight % modulus
    return table


def _signs(alphabet: str) -> Table:
    table = np.full(256, _BAD, dtype=np.int16)
    for sign in alphabet:
        table[ord(sign)] = 0
    return table


_CREDIT = [_table(CREDIT_ALPHABET, weight, 31) for weight in CREDIT_WEIGHTS]
_CREDIT[0] = np.maximum(_CREDIT[0], _signs("123456789ANY"))
for _place in range(2, 8):
    _CREDIT[_place] = np.maximum(_CREDIT[_place], _signs("0123456789"))
_CREDIT_CHECK = np.full(31, 0, dtype=np.uint8)
for _rest in range(31):
    _CREDIT_CHECK[_rest] = ord(CREDIT_ALPHABET[(31 - _rest) % 31])
_ORGANISATION = [_table(ORGANISATION_ALPHABET, weight, 11) for weight in ORGANISATION_WEIGHTS]
_ORGANISATION_CHECK = np.frombuffer(b"0X987654321", dtype=np.uint8)
_RESIDENT = [_table("0123456789", weight, 11) for weight in RESIDENT_WEIGHTS]
_RESIDENT_CHECK = np.frombuffer(RESIDENT_CHECKS.encode(), dtype=np.uint8)
_DIGIT = _table("0123456789", 1, 10)
_PROVINCES = np.isin(np.arange(100), [int(code) for code in PROVINCES])
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87, dtype=np.int64)


def _sum(column: TextColumn, starts: Ints, tables: list[Table]) -> NDArray[np.int32]:
    total = np.zeros(len(starts), dtype=np.int32)
    for place, table in enumerate(tables):
        total += table[column.data[starts + place]]
    return total


def _checked(
    column: TextColumn, size: int, tables: list[Table], modulus: int, checks: NDArray[np.uint8]
) -> tuple[Ints, Bools]:
    """The rows of the right size, and which of them are sound."""
    rows = np.flatnonzero(column.sizes == size)
    starts = column.starts[rows]
    total = _sum(column, starts, tables)
    sound = total < _BAD
    check = checks[total % modulus]
    sound &= check == column.data[starts + size - 1]
    return rows, np.asarray(sound)


def credit_code_faults(column: TextColumn) -> Ints:
    """Rows that are filled and are no credit code (`credit_code_fault` finds something)."""
    wrong = ~column.empty
    rows, sound = _checked(column, 18, _CREDIT, 31, _CREDIT_CHECK)
    wrong[rows] = ~sound
    return np.flatnonzero(wrong)


def organisation_code_faults(column: TextColumn) -> Ints:
    """Rows that are filled and are no organisation code, with or without the hyphen before the check sign."""
    wrong = ~column.empty
    rows, sound = _checked(column, 9, _ORGANISATION, 11, _ORGANISATION_CHECK)
    wrong[rows] = ~sound
    rows, sound = _checked(column, 10, _ORGANISATION, 11, _ORGANISATION_CHECK)
    wrong[rows] = ~(sound & (column.byte(8, rows) == ord("-")))
    return np.flatnonzero(wrong)


def resident_id_faults(column: TextColumn, among: Bools | None = None, *, on: dt.date | None = None) -> Ints:
    """Filled rows (of `among`) that are no resident identity number, or one born after `on`."""
    asked = ~column.empty if among is None else among & ~column.empty
    wrong = asked.copy()
    rows = np.flatnonzero(asked & (column.sizes == 18))
    starts = column.starts[rows]
    total = _sum(column, starts, _RESIDENT)
    sound = total < _BAD
    sound &= _RESIDENT_CHECK[total % 11] == column.data[starts + 17]
    province = _number(column, starts, 0, 2)
    year, month, day = (_number(column, starts, place, size) for place, size in ((6, 4), (10, 2), (12, 2)))
    sound &= _PROVINCES[np.clip(province, 0, 99)] & (year >= 1800) & days_exist(year, month, day)
    if on is not None:
        sound &= (year * 100 + month) * 100 + day <= (on.year * 100 + on.month) * 100 + on.day
    wrong[rows] = ~sound
    return np.flatnonzero(wrong)


def _number(column: TextColumn, starts: Ints, place: int, size: int) -> Ints:
    """The digits at a place as a number; nonsense, and no error, where they are none."""
    value = np.zeros(len(starts), dtype=np.int64)
    for step in range(size):
        value *= 10
        value += _DIGIT[column.data[starts + place + step]]
    return value


def days_exist(year: Ints, month: Ints, day: Ints) -> Bools:
    """Whether such a day exists."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _MONTH_DAYS[np.clip(month, 0, 99)] + ((month == 2) & leap)
    return np.asarray((day >= 1) & (day <= last))


def days_of(column: TextColumn, mark: str = "/") -> tuple[Ints, Bools, Bools]:
    """Days written `2026/03/04`: (as the number 20260304, filled but written otherwise, written so but no day)."""
    value = np.zeros(len(column), dtype=np.int64)
    strange = ~column.empty
    absent = np.zeros(len(column), dtype=bool)
    rows = np.flatnonzero(column.sizes == 10)
    starts = column.starts[rows]
    digits = [_DIGIT[column.data[starts + place]].astype(np.int32) for place in (0, 1, 2, 3, 5, 6, 8, 9)]
    shaped = (column.data[starts + 4] == ord(mark)) & (column.data[starts + 7] == ord(mark))
    for digit in digits:
        shaped &= digit < _BAD
    year = ((digits[0] * 10 + digits[1]) * 10 + digits[2]) * 10 + digits[3]
    month, day = digits[4] * 10 + digits[5], digits[6] * 10 + digits[7]
    exists = days_exist(year, month, day) & (year > 0)
    value[rows] = np.where(shaped & exists, (year * 100 + month) * 100 + day, 0)
    strange[rows] = ~shaped
    absent[rows] = shaped & ~exists
    return value, strange, absent


def implementation_code_faults(column: TextColumn) -> Ints:
    """Rows that are filled and are no implementation code (`implementation_code_fault` finds something)."""
    wrong = ~column.empty
    rows = np.flatnonzero(column.sizes == 31)
    starts = column.starts[rows]
    head = TextColumn(column.data, starts, starts + 18)
    level = column.data[starts + 18]
    sound = (level >= ord("1")) & (level <= ord("7")) & (_sum(column, starts + 19, [_DIGIT] * 11) < _BAD)
    last = column.data[starts + 30]
    sound &= (_DIGIT[last] < _BAD) | (last == ord("Y"))
    sound[credit_code_faults(head)] = False
    wrong[rows] = ~sound
    return np.flatnonzero(wrong)


def _ok(codes: Sequence[str], faults: Ints) -> Bools:
    """Per code whether it is filled and sound."""
    sound = np.array([bool(code) for code in codes], dtype=bool)
    sound[faults] = False
    return sound


def credit_codes_ok(codes: Sequence[str]) -> Bools:
    """Per code whether `credit_code_fault` finds nothing."""
    return _ok(codes, credit_code_faults(TextColumn.of(codes)))


def organisation_codes_ok(codes: Sequence[str]) -> Bools:
    """Per code whether `organisation_code_fault` finds nothing."""
    return _ok(codes, organisation_code_faults(TextColumn.of(codes)))


def resident_ids_ok(codes: Sequence[str]) -> Bools:
    """Per number whether `resident_id_fault` (without a day of today) finds nothing."""
    return _ok(codes, resident_id_faults(TextColumn.of(codes)))


def implementation_codes_ok(codes: Sequence[str]) -> Bools:
    """Per code whether `implementation_code_fault` finds nothing."""
    return _ok(codes, implementation_code_faults(TextColumn.of(codes)))

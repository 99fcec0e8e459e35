"""The field rules over whole columns: where the faults are, found at once; why, told cell by cell when somebody reads it.

The single record on a form is a table of one row: there is one implementation of every rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from zhengxiao.lib.identifiers import credit_code_fault, organisation_code_fault, resident_id_fault
from zhengxiao.lib.identifiers_bulk import (
    credit_code_faults,
    days_of,
    organisation_code_faults,
    resident_id_faults,
)
from zhengxiao.lib.personal_numbers import covered
from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.lib.text_columns import Bools, Ints, TextColumn
from zhengxiao.mechanisms.disclosures.fields import (
    ALWAYS,
    OTHER,
    RESIDENT_CARD,
    TABLES,
    Cross,
    CrossRule,
    FieldRule,
    Table,
)
from zhengxiao.mechanisms.disclosures.rules import Kind

MISSING = gettext_noop("必填项为空。")
TOO_LONG = gettext_noop("超过 {longest} 个字。")
NOT_IN_TABLE = gettext_noop("不在代码表中，可用：{choices}。")
DAY_FORM = gettext_noop("日期须写成 2026/03/04，用半角数字。")
NO_SUCH_DAY = gettext_noop("没有这一天。")
DAY_AHEAD = gettext_noop("日期晚于今天。")
MONEY_FORM = gettext_noop("金额须为不小于 0 的半角数字，单位万元，至多 6 位小数。")
BEFORE = gettext_noop("早于“{first}”。")
NOT_POSITIVE = gettext_noop("“{first}”含“{word}”时金额须大于 0。")
NOT_FILLED = gettext_noop("“{first}”含“{word}”时必填。")
CREDIT = gettext_noop("统一社会信用代码不合规。")
ORGANISATION = gettext_noop("组织机构代码不合规。")
RESIDENT = gettext_noop("公民身份号码不合规。")
SEPARATORS = str.maketrans({"；": ";", "，": ";", ",": ";"})

EXPLAIN: Mapping[str, Callable[[str], str | None]] = {
    CREDIT: credit_code_fault,
    ORGANISATION: organisation_code_fault,
    RESIDENT: resident_id_fault,
}
"""Reasons that are told more exactly once somebody looks at the cell."""


@dataclass(frozen=True, slots=True)
class Found:
    """All rows at fault by one rule in one column; `params` fill the reason."""

    rule: FieldRule
    reason: str
    rows: Ints
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def general(self) -> str:
        """The reason that all these rows share."""
        return self.reason.format(**self.params)

    def why(self, value: str) -> str:
        """The reason for one cell, as exact as the value allows, with Chinese parameters."""
        exact = EXPLAIN[self.reason](value) if self.reason in EXPLAIN else None
        return exact or self.general


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one cell. `value` is masked where the field is secret."""

    row: int
    name: str
    label: str
    value: str
    reason: str


Columns = Mapping[str, TextColumn]


def check(table: Table, columns: Columns, *, today: date) -> list[Found]:
    """Every fault of the columns given, by field and rule; rows count from 0. A column that is absent is not judged."""
    return _Check(table, columns, today).found()


@dataclass
class _Check:
    table: Table
    columns: Columns
    today: date
    days: dict[str, Ints] = field(default_factory=dict)
    masks: dict[str, dict[str, Bools]] = field(default_factory=dict)
    """Of columns that others depend on: which rows contain which word."""

    def found(self) -> list[Found]:
        all_found: list[Found] = []
        for rule in self.table.fields:
            column = self.columns.get(rule.name)
            if column is not None:
                all_found += [one for one in self._field(rule, column) if len(one.rows)]
        for cross in self.table.cross:
            if cross.first in self.columns and cross.second in self.columns:
                one = self._cross(cross)
                if len(one.rows):
                    all_found.append(one)
        return all_found

    def _field(self, rule: FieldRule, column: TextColumn) -> Iterator[Found]:
        if rule.need is not None:
            yield Found(rule, MISSING, self._missing(rule, column))
        if rule.longest:
            yield Found(rule, TOO_LONG, column.longer(rule.longest), {"longest": rule.longest})
        yield from getattr(self, f"_{rule.form.value}")(rule, column)

    def _missing(self, rule: FieldRule, column: TextColumn) -> Ints:
        rows = np.flatnonzero(column.empty)
        if rule.need is ALWAYS or not len(rows) or rule.need is None:
            return rows
        other = self.columns.get(rule.need.field)
        if other is None:
            return rows[:0]
        needed = np.zeros(len(column), dtype=bool)
        for value in rule.need.values:
            needed |= other.equal(value, rows)
        return np.flatnonzero(needed)

    def _text(self, rule: FieldRule, column: TextColumn) -> Iterator[Found]:
        return iter(())

    _long_text = _text

    def _choice(self, rule: FieldRule, column: TextColumn) -> Iterator[Found]:
        good = column.one_of(rule.choices) | column.empty
        if rule.other and not good.all():
            good |= column.begins(OTHER)
        yield Found(rule, NOT_IN_TABLE, np.flatnonzero(~good), _choices(rule))

    def _choices(self, rule: FieldRule, column: TextColumn) -> Iterator[Found]:
        """Single values are compared; each other combination is taken apart once."""
        good = np.array(column.empty)
        words = {word for cross in self.table.cross if cross.first == rule.name for word in cross.words}
        masks = {word: np.zeros(len(column), dtype=bool) for word in words}
        for value in rule.choices:
            same = column.equal(value)
            good |= same
            for word in words:
                if word in value:
                    masks[word] |= same
        known: dict[bytes, tuple[bool, tuple[str, ...]]] = {}
        for row in np.flatnonzero(~good).tolist():
            raw = column.raw(row)
            if raw not in known:
                text = raw.decode("utf-8", "replace")
                known[raw] = _several(rule, text), tuple(word for word in words if word in text)
            fine, contained = known[raw]
            good[row] = fine
            for word in contained:
                masks[word][row] = True
        self.masks[rule.name] = masks
        yield Found(rule, NOT_IN_TABLE, np.flatnonzero(~good), _choices(rule))

    def _day(self, rule: FieldRule, column: TextColumn) -> Iterator[Found]:
        value, strange, absent = days_of(column)
        self.days[rule.name] = value
        yield Found(rule, DAY_FORM, np.flatnonzero(strange))
        yield Found(rule, NO_SUCH_DAY, np.flatnonzero(absent))
        if rule.past:
            ahead = value > (self.today.year * 100 + self.today.month) * 100 + self.today.day
            yield Found(rule, DAY_AHEAD, np.flatnonzero(ahead))

    def _money(self, rule: FieldRule, column: TextColumn) -> Iterator[Found]:
        wrong, positive = sums_of(column)
        self.masks[rule.name] = {">0": positive, "wrong": wrong}
        yield Found(rule, MONEY_FORM, np.flatnonzero(wrong))

    def _credit_code(self, rule: FieldRule, column: TextColumn) -> Iterator[Found]:
        yield Found(rule, CREDIT, credit_code_faults(column))

    def _organisation_code(self, rule: FieldRule, column: TextColumn) -> Iterator[Found]:
        yield Found(rule, ORGANISATION, organisation_code_faults(column))

    def _id_number(self, rule: FieldRule, column: TextColumn) -> Iterator[Found]:
        kind = self.columns.get(rule.beside)
        if kind is not None and not column.empty.all():
            resident = kind.equal(RESIDENT_CARD, np.flatnonzero(~column.empty))
            yield Found(rule, RESIDENT, resident_id_faults(column, resident, on=self.today))

    def _cross(self, cross: CrossRule) -> Found:
        by_name = self.table.by_name
        first, second = by_name[cross.first], by_name[cross.second]
        if cross.rule is Cross.NOT_BEFORE:
            begin, end = self.days[first.name], self.days[second.name]
            return Found(second, BEFORE, np.flatnonzero((end > 0) & (end < begin)), {"first": first.label})
        named = np.zeros(len(self.columns[second.name]), dtype=bool)
        for word in cross.words:
            named |= self.masks[first.name][word]
        params = {"first": first.label, "word": "、".join(cross.words)}
        if cross.rule is Cross.POSITIVE:
            sums = self.masks[second.name]
            return Found(second, NOT_POSITIVE, np.flatnonzero(named & ~sums[">0"] & ~sums["wrong"]), params)
        return Found(second, NOT_FILLED, np.flatnonzero(named & self.columns[second.name].empty), params)


def _choices(rule: FieldRule) -> dict[str, object]:
    return {"choices": "、".join([*rule.choices, *([f"{OTHER}xx"] if rule.other else [])])}


def _several(rule: FieldRule, text: str) -> bool:
    """Whether each part of a combination stands in the table, none of them empty."""
    parts = [part.strip() for part in text.translate(SEPARATORS).split(";")]
    return all(
        part in rule.choices or (rule.other and part.startswith(OTHER) and len(part) > len(OTHER))
        for part in parts
    )


def sums_of(column: TextColumn) -> tuple[Bools, Bools]:
    """Sums of money: (filled but no plain decimal with at most six places, above zero)."""
    rows = np.flatnonzero(~column.empty)
    wrong = np.array(~column.empty)
    above = np.zeros(len(column), dtype=bool)
    rows = rows[column.sizes[rows] <= 24]
    starts, sizes = column.starts[rows], column.sizes[rows]
    good = np.ones(len(rows), dtype=bool)
    digits = np.zeros(len(rows), dtype=np.int64)
    dots = np.zeros(len(rows), dtype=np.int64)
    places = np.zeros(len(rows), dtype=np.int64)
    positive = np.zeros(len(rows), dtype=bool)
    last = np.zeros(len(rows), dtype=np.uint8)
    for place in range(int(sizes.max(initial=0))):
        inside = place < sizes
        sign = column.data[np.where(inside, starts + place, starts)]
        digit = (sign >= ord("0")) & (sign <= ord("9"))
        dot = sign == ord(".")
        good &= ~inside | digit | dot
        digits += inside & digit
        places += inside & digit & (dots > 0)
        dots += inside & dot
        positive |= inside & digit & (sign > ord("0"))
        last = np.where(inside, sign, last)
    good &= (digits > 0) & (dots <= 1) & (places <= 6) & (last != ord("."))
    good &= column.data[starts] != ord(".")
    wrong[rows] = ~good
    above[rows] = good & positive
    return wrong, above


def check_record(kind: Kind, record: Mapping[str, str], *, today: date) -> list[Fault]:
    """The faults of one record; fields it lacks count as empty."""
    table = TABLES[kind]
    columns = {rule.name: TextColumn.of([record.get(rule.name, "")]) for rule in table.fields}
    return list(faults_of(check(table, columns, today=today), columns))


def faults_of(found: list[Found], columns: Columns, *, first_row: int = 1) -> Iterator[Fault]:
    """Faults in the order of rows and columns, told in words; row numbers count from `first_row`."""
    if not found:
        return
    rows = np.concatenate([one.rows for one in found])
    which = np.concatenate([np.full(len(one.rows), number) for number, one in enumerate(found)])
    order = np.lexsort((which, rows))
    for row, number in zip(rows[order].tolist(), which[order].tolist(), strict=True):
        one = found[number]
        value = columns[one.rule.name].text(row)
        yield Fault(row + first_row, one.rule.name, one.rule.label, masked(one.rule, value), one.why(value))


LONGEST_SHOWN = 40
SHORTEST_NUMBER = 11
"""A telephone number; nothing shorter is looked through."""


def masked(rule: FieldRule, value: str) -> str:
    """A value as a list of faults may show it: long texts cut, numbers of persons never, in whatever column they stand."""
    if rule.secret and value:
        return f"{value[:2]}{'*' * min(max(len(value) - 4, 1), 16)}{value[-2:] if len(value) > 6 else ''}"
    plain = covered(value[: LONGEST_SHOWN * 2]) if len(value) >= SHORTEST_NUMBER else value
    return plain if len(value) <= LONGEST_SHOWN else f"{plain[:LONGEST_SHOWN]}…"

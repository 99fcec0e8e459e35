"""Pure: what a profile says. A profile maps one source's columns, formats, zones, states and limits to our
fields.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from zhengxiao.kernel.exchange.moments import MomentFormats, UnreadableMoment, term_text
from zhengxiao.lib.refusals import Refusal, gettext_noop


class MissingValue(Refusal):
    template = gettext_noop("必填项“{name}”为空。")


class UnknownValue(Refusal):
    template = gettext_noop("“{name}”的值“{value}”不在对照表中。")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in the file. `number` is the row a person would look for: the spreadsheet row of tables,
    the line of line formats, the event of an XES log. `fault` tells why the row cannot be used."""

    number: int
    values: Mapping[str, str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """All rows of one case (or item) under its id and revision in the source."""

    source_id: str
    revision: str
    rows: tuple[RawRow, ...]
    fault: str = ""

    @property
    def row_from(self) -> int:
        return min(row.number for row in self.rows)

    @property
    def row_to(self) -> int:
        return max(row.number for row in self.rows)


@dataclass(frozen=True, slots=True)
class Column:
    """Where the value of one field comes from: the first of `columns` that is not empty, else `default`; or a
    `constant`. `table` translates values; a value missing in a `strict` table is refused, otherwise kept."""

    columns: tuple[str, ...] = ()
    constant: str | None = None
    default: str = ""
    table: Mapping[str, str] | None = None
    strict: bool = True
    required: bool = False

    def read(self, name: str, row: Mapping[str, str]) -> str:
        """The value for `row`. Raises MissingValue and UnknownValue."""
        if self.constant is not None:
            return self.constant
        value = ""
        for column in self.columns:
            value = row.get(column, "").strip()
            if value:
                break
        if self.table is not None and (value or "" in self.table):
            known = self.table.get(value)
            if known is None and self.strict:
                raise UnknownValue(field=name, name=name, value=value[:60])
            value = value if known is None else known
        value = value or self.default
        if self.required and not value:
            raise MissingValue(field=name, name=name)
        return value


@dataclass(frozen=True, slots=True)
class LimitSource:
    """Where the promised limit comes from: one `term` for all, a `column` with term text, or the source's own `due`
    moment column. An empty value means: no limit, and therefore never on time nor late."""

    term: str = ""
    column: str = ""
    due: str = ""
    default_unit: str = ""


@dataclass(frozen=True, slots=True)
class EventLog:
    """How rows are events of one case: `milestones` translate activities to moments of the case's life."""

    case: str
    activity: str = ""
    moment: str = ""
    resource: str = ""
    lifecycle: str = ""
    adjacent: bool = False
    milestones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Profile:
    """One way in. See README.md for the TOML form."""

    name: str
    title: str
    kind: str
    system: str
    format: str
    columns: Mapping[str, Column]
    encoding: str = "auto"
    delimiter: str = ","
    sheet: str = ""
    header_row: int = 1
    calendar: str = "CN"
    moments: MomentFormats = field(default_factory=MomentFormats)
    states: Mapping[str, str] = field(default_factory=dict)
    limit: LimitSource = field(default_factory=LimitSource)
    events: EventLog | None = None
    options: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    fingerprint: str = ""

    @property
    def id_column(self) -> Column:
        return self.columns["source_id"]

    @property
    def used_columns(self) -> tuple[str, ...]:
        """Every source column this profile reads, sorted: what a unit's digest is taken over."""
        used = {column for source in self.columns.values() for column in source.columns}
        used |= {self.limit.column, self.limit.due}
        if self.events:
            log = self.events
            used |= {log.case, log.activity, log.moment, log.resource, log.lifecycle}
        return tuple(sorted(used - {""}))

    def value(self, name: str, row: RawRow) -> str:
        """The text of one field in one row; empty when the profile does not map it."""
        column = self.columns.get(name)
        return "" if column is None else column.read(name, row.values)

    def unit_value(self, name: str, unit: Unit) -> str:
        """The text of one field of a unit: from its first row that has one."""
        column = self.columns.get(name)
        if column is None:
            return ""
        refusal: Refusal | None = None
        for row in unit.rows:
            try:
                value = column.read(name, row.values)
            except MissingValue as missing:
                refusal = missing
                continue
            if value:
                return value
        if refusal is not None:
            raise refusal
        return ""

    def moment(self, value: str) -> datetime:
        """A moment as this source writes it, aware. Raises UnreadableMoment."""
        return self.moments.parse(value)

    def unit_moment(self, name: str, unit: Unit) -> datetime | None:
        """The moment in one field of a unit, or None when it is empty. Raises UnreadableMoment."""
        value = self.unit_value(name, unit)
        try:
            return self.moments.parse(value) if value else None
        except UnreadableMoment as refusal:
            refusal.field = name
            raise

    def unit_limit(self, unit: Unit) -> str | datetime | None:
        """The unit's limit: a term like `20wd`, the source's own due moment, or None for no limit.

        Raises UnreadableTerm, UnreadableMoment.
        """
        limit = self.limit
        if limit.due:
            value = _first(unit, limit.due)
            return self.moments.parse(value) if value else None
        if limit.column:
            return term_text(_first(unit, limit.column), limit.default_unit) or None
        return limit.term or None

    def state(self, value: str) -> str:
        """Our state for a source's state; `*` in the profile is the answer for all others. Raises
        UnknownValue.
        """
        known = self.states.get(value.strip(), self.states.get("*"))
        if known is None:
            raise UnknownValue(field="state", name="state", value=value[:60])
        return known

    def digest(self, unit: Unit) -> str:
        """A digest of all a unit says through this profile, the profile itself included."""
        used = self.used_columns
        summary = hashlib.blake2b(self.fingerprint.encode(), digest_size=16)
        for row in unit.rows:
            values = row.values
            line = "\x1f".join([values.get(column, "") for column in used])
            summary.update(line.encode("utf-8", "surrogatepass"))
            summary.update(b"\x1e")
        return summary.hexdigest()


def _first(unit: Unit, column: str) -> str:
    values: Sequence[str] = [row.values.get(column, "").strip() for row in unit.rows]
    return next((value for value in values if value), "")

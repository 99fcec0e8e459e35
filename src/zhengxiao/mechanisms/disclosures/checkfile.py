"""A whole file against the field rules, block by block in constant memory: for the command line, the page and the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.lib.spreadsheets import UPLOAD_LIMITS, Limits
from zhengxiao.lib.table_columns import Block, table_blocks
from zhengxiao.lib.text_columns import TextColumn
from zhengxiao.mechanisms.disclosures.checking import Fault, check, faults_of
from zhengxiao.mechanisms.disclosures.fields import ALWAYS, TABLES, Table
from zhengxiao.mechanisms.disclosures.rules import CODE_OF_KIND, Kind

COLUMN_ABSENT = gettext_noop("文件缺少此列。")
COLUMN_TWICE = gettext_noop("表头中此列出现了两次，只检查第一列。")
RAGGED = gettext_noop("单元格数与表头不符，可能有合并的单元格或多出的分隔符。")


class NotAPublicityTable(Refusal):
    template = gettext_noop("表头中没有双公示的列。第一行须为 XK_、CF_ 字段代码或其中文名称。")


class KindUnclear(Refusal):
    template = gettext_noop("表头既像行政许可又像行政处罚，请指明种类。")


@dataclass
class FileCheck:
    """One pass over a file. `faults()` streams; the counts are complete once it is exhausted.

    `kind` None: told by the header. Raises TableRefused when the file cannot be read, NotAPublicityTable, KindUnclear.
    """

    path: Path
    today: date
    kind: Kind | None = None
    sheet: str = ""
    encoding: str = "auto"
    limits: Limits = UPLOAD_LIMITS
    rows: int = 0
    cells: int = 0
    faulty_rows: int = 0
    unknown: tuple[str, ...] = ()
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(field, reason as stated by the rule) → faults."""

    def faults(self) -> Iterator[Fault]:
        """Every fault, in the order of the rows."""
        headed = False
        for block in table_blocks(self.path, encoding=self.encoding, sheet=self.sheet, limits=self.limits):
            table, columns = self._mapped(block)
            if not headed:
                yield from self._header_faults(table, block.header, columns)
                headed = True
            yield from self._block_faults(table, block, columns)
        if not headed and self.kind is None:
            raise NotAPublicityTable

    def _mapped(self, block: Block) -> tuple[Table, Mapping[str, TextColumn]]:
        if self.kind is None:
            self.kind = kind_of(block.header)
        table = TABLES[self.kind]
        names = names_of(block.header, table)
        columns: dict[str, TextColumn] = {}
        for name, column in zip(names, block.columns, strict=True):
            if name:
                columns.setdefault(name, column)
        self.unknown = tuple(
            head for head, name in zip(block.header, names, strict=True) if head and not name
        )
        return table, columns

    def _header_faults(
        self, table: Table, header: tuple[str, ...], columns: Mapping[str, TextColumn]
    ) -> Iterator[Fault]:
        names = Counter(name for name in names_of(header, table) if name)
        for rule in table.fields:
            reason = ""
            if rule.need is not None and rule.name not in columns:
                if rule.need is not ALWAYS and rule.need.field not in columns:
                    continue
                reason = COLUMN_ABSENT
            elif names[rule.name] > 1:
                reason = COLUMN_TWICE
            if reason:
                self.counts[rule.name, reason] += 1
                yield Fault(1, rule.name, rule.label, "", reason)

    def _block_faults(self, table: Table, block: Block, columns: Mapping[str, TextColumn]) -> Iterator[Fault]:
        found = check(table, columns, today=self.today)
        self.rows += len(block)
        self.cells += len(block) * len(columns)
        for one in found:
            self.counts[one.rule.name, one.general] += len(one.rows)
        wrong = np.zeros(len(block), dtype=bool)
        for rows in (block.ragged, *(one.rows for one in found)):
            wrong[rows] = True
        self.faulty_rows += int(wrong.sum())
        told = faults_of(found, columns, first_row=block.first_row)
        if not len(block.ragged):
            yield from told
            return
        self.counts["", RAGGED] += len(block.ragged)
        ragged = [Fault(int(row) + block.first_row, "", "", "", RAGGED) for row in block.ragged]
        yield from sorted([*ragged, *told], key=lambda fault: fault.row)

    @property
    def count(self) -> int:
        return sum(self.counts.values())


def kind_of(header: tuple[str, ...]) -> Kind:
    """Licences or penalties, by the columns. Raises NotAPublicityTable, KindUnclear."""
    upper = [head.upper() for head in header]
    found = {kind: sum(head.startswith(f"{code}_") for head in upper) for kind, code in CODE_OF_KIND.items()}
    if not any(found.values()):
        own = {kind: {rule.label for rule in table.fields} for kind, table in TABLES.items()}
        shared = set.intersection(*own.values())
        found = {kind: sum(head in own[kind] - shared for head in header) for kind in TABLES}
    best = max(found.values())
    if not best:
        raise NotAPublicityTable
    kinds = [kind for kind, count in found.items() if count == best]
    if len(kinds) > 1:
        raise KindUnclear
    return kinds[0]


def names_of(header: tuple[str, ...], table: Table) -> list[str]:
    """The field of each column, by code or Chinese name; empty for a column that belongs to no field."""
    by_label = {rule.label: rule.name for rule in table.fields}
    known = set(table.by_name)
    return [
        head.upper() if head.upper() in known else by_label.get(head.strip("*＊ "), "") for head in header
    ]

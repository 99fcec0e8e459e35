"""The engine: read → group → judge → parse → write, one transaction per batch, nothing lost and nothing
twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import DataError, IntegrityError, transaction

from zhengxiao.kernel.exchange.models import ImportRun, Rejection, RunState, SourceRecord
from zhengxiao.kernel.exchange.profile import Profile, Unit
from zhengxiao.kernel.exchange.targets import (
    ImportTarget,
    Outcome,
    Parsed,
    RowRefusal,
    RowRefusals,
    Verdict,
    row_refusal,
)
from zhengxiao.kernel.jobs.api import bulk_insert, row_maker
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop

T = TypeVar("T")
RAW_CHARACTERS = 256 * 1024
TRIES = 3


class RunTakenOver(Refusal):
    template = gettext_noop("该批次正由另一个进程继续导入，本进程停止。")


class RecordConflict(Exception):
    """Another run changed one of our source records between reading and writing."""


class StaleRevision(Refusal):
    template = gettext_noop("版本“{revision}”早于已导入的版本“{known}”，未覆盖。")


class DuplicateInFile(Refusal):
    template = gettext_noop("编号在同一文件中重复出现且内容不同，又没有版本可比。")


class NotStorable(Refusal):
    template = gettext_noop("数据不符合存储约束，未写入（{kind}）。")


class UnusableRow(Refusal):
    template = gettext_noop("{why}")


@dataclass(slots=True)
class Judged:
    """A unit on its way through the batch: what is known of it and what became of it."""

    place: int
    unit: Unit
    digest: str = ""
    known: SourceRecord | None = None
    value: Any = None
    verdict: Verdict | None = None
    subject_id: int | None = None
    refusals: tuple[RowRefusal, ...] = ()
    warnings: tuple[RowRefusal, ...] = ()
    twin: Judged | None = None
    repeated: bool = False

    def refuse(self, *refusals: RowRefusal) -> None:
        self.verdict = Verdict.REJECTED
        self.refusals = refusals


@dataclass(frozen=True, slots=True)
class Prepared:
    """What can be known of a unit without the database: its digest and, unless it was left for later, what it says."""

    digest: str
    parsed: bool
    value: Any = None
    refusals: tuple[RowRefusal, ...] = ()


@dataclass
class Batch:
    """All that is the same for every batch of a run."""

    run: ImportRun
    profile: Profile
    target: ImportTarget
    context: Any
    actor: Actor
    at: datetime
    seen: Any
    percent: Callable[[], int] = field(default=lambda: 0)
    parses_ahead: bool = True
    """Whether units are parsed before it is known that they are new; given up while a file brings nothing new."""

    def prepare(self, units: Sequence[Unit]) -> list[Prepared]:
        """The part of the work that needs no database, so that it can be done while the batch before is being written."""
        return [self._prepare_one(unit, parse=self.parses_ahead) for unit in units]

    def _prepare_one(self, unit: Unit, *, parse: bool) -> Prepared:
        if unit.fault:
            return Prepared("", parsed=False)
        digest = self.profile.digest(unit)
        if not parse:
            return Prepared(digest, parsed=False)
        try:
            return Prepared(digest, True, value=self.target.parse_unit(unit, self.profile, self.context))
        except RowRefusals as refusals:
            return Prepared(digest, True, refusals=refusals.refusals)
        except Refusal as refusal:
            return Prepared(digest, True, refusals=(row_refusal(refusal),))

    def do(self, units: Sequence[Unit], prepared: Sequence[Prepared]) -> None:
        """Bring one batch in: all of it, with its refusals, counts and offset, or nothing."""
        for attempt in range(TRIES):
            judged = self._judge(units, prepared)
            try:
                with transaction.atomic():
                    counts = self._write(judged)
                break
            except (RecordConflict, IntegrityError):
                if attempt == TRIES - 1:
                    raise
        self.run.__dict__.update(counts)
        self.parses_ahead = any(entry.verdict is not Verdict.UNCHANGED for entry in judged)
        self.seen.add(
            (entry.unit.source_id, entry.digest, entry.unit.revision)
            for entry in judged
            if entry.verdict is not Verdict.REJECTED
        )

    def pass_over(self, units: Sequence[Unit], first: int, rejected: set[int]) -> None:
        """Remember units that an interrupted run already brought in, so that repeats are judged the same."""
        self.seen.add(
            (unit.source_id, self.profile.digest(unit), unit.revision)
            for place, unit in enumerate(units, start=first)
            if place not in rejected
        )

    def _judge(self, units: Sequence[Unit], prepared: Sequence[Prepared]) -> list[Judged]:
        judged = [Judged(place=self.run.offset + n, unit=unit) for n, unit in enumerate(units)]
        records = self._records([unit.source_id for unit in units if unit.source_id])
        earlier = self.seen.known([unit.source_id for unit in units if unit.source_id])
        latest: dict[str, Judged] = {}
        for entry, known in zip(judged, prepared, strict=True):
            entry.twin = latest.get(entry.unit.source_id)
            self._judge_one(entry, known, records, earlier)
            if entry.verdict is None:
                latest[entry.unit.source_id] = entry
        return judged

    def _records(self, ids: list[str]) -> dict[str, SourceRecord]:
        found = SourceRecord.objects.filter(
            source_system=self.profile.system, kind=self.profile.kind, source_id__in=ids
        )
        return {record.source_id: record for record in found}

    def _judge_one(
        self,
        entry: Judged,
        prepared: Prepared,
        records: dict[str, SourceRecord],
        earlier: dict[str, tuple[str, str]],
    ) -> None:
        unit = entry.unit
        if unit.fault:
            entry.refuse(row_refusal(UnusableRow(why=unit.fault)))
            return
        entry.digest = prepared.digest
        entry.known = records.get(unit.source_id)
        digest = entry.known.digest if entry.known else ""
        revision = entry.known.revision if entry.known else ""
        entry.repeated = unit.source_id in earlier
        if entry.repeated:
            digest, revision = earlier[unit.source_id]
            if digest != entry.digest and not unit.revision:
                entry.refuse(row_refusal(DuplicateInFile(field="source_id")))
                return
        if digest == entry.digest:
            entry.verdict = Verdict.UNCHANGED
            return
        if digest and older(unit.revision, revision):
            entry.refuse(row_refusal(StaleRevision(field="revision", revision=unit.revision, known=revision)))
            return
        if not prepared.parsed:
            prepared = self._prepare_one(unit, parse=True)
        entry.value = prepared.value
        if prepared.refusals:
            entry.refuse(*prepared.refusals)
        else:
            # Later lines of the same batch are compared with this one.
            earlier[unit.source_id] = (entry.digest, unit.revision)

    def _write(self, judged: list[Judged]) -> dict[str, Any]:
        mark = transaction.savepoint() if self.run.dry_run else None
        self._write_waves(judged)
        if mark is not None:
            transaction.savepoint_rollback(mark)
        for entry in judged:
            # A repeat of a unit that was refused in this very batch is refused for the same reasons.
            if mark is not None and entry.repeated and entry.verdict is Verdict.ACCEPTED:
                # The first of the two was not kept, so the target could not know that this one is a change.
                entry.verdict = Verdict.UPDATED
            if entry.verdict is Verdict.UNCHANGED and entry.twin and entry.twin.verdict is Verdict.REJECTED:
                entry.refuse(*entry.twin.refusals)
        bulk_insert(Rejection, [row for entry in judged for row in self._rejections(entry)])
        return self._advance(judged)

    def _write_waves(self, judged: list[Judged]) -> None:
        """Units under one id in the same batch are written one after the other, in waves of distinct ids."""
        waiting = [entry for entry in judged if entry.verdict is None]
        written: dict[str, SourceRecord] = {}
        while waiting:
            ids: set[str] = set()
            wave: list[Judged] = []
            later: list[Judged] = []
            for entry in waiting:
                (later if entry.unit.source_id in ids else wave).append(entry)
                ids.add(entry.unit.source_id)
            for entry in wave:
                entry.known = written.get(entry.unit.source_id, entry.known)
            self._call_target(wave)
            self._remember(wave, written)
            waiting = later

    def _call_target(self, wave: list[Judged]) -> None:
        try:
            with transaction.atomic():
                self._take(wave, self._outcomes(wave))
        except (Refusal, RowRefusals, IntegrityError, DataError):
            # One of them is at fault: find out which by writing each alone.
            for entry in wave:
                try:
                    with transaction.atomic():
                        self._take([entry], self._outcomes([entry]))
                except RowRefusals as refusals:
                    entry.refuse(*refusals.refusals)
                except Refusal as refusal:
                    entry.refuse(row_refusal(refusal))
                except (IntegrityError, DataError) as error:
                    entry.refuse(row_refusal(NotStorable(kind=type(error).__name__)))

    def _outcomes(self, entries: list[Judged]) -> list[Outcome]:
        parsed = [Parsed(unit=entry.unit, value=entry.value) for entry in entries]
        existing = {entry.unit.source_id: entry.known.subject_id for entry in entries if entry.known}
        outcomes = self.target.write_batch(parsed, existing, self.context, self.actor, self.at)
        if len(outcomes) != len(entries):
            raise RuntimeError(
                f"target {self.target.kind!r} gave {len(outcomes)} outcomes for {len(entries)} units"
            )
        return outcomes

    def _take(self, entries: list[Judged], outcomes: list[Outcome]) -> None:
        for entry, outcome in zip(entries, outcomes, strict=True):
            entry.verdict, entry.subject_id = outcome.verdict, outcome.subject_id
            entry.refusals, entry.warnings = outcome.refusals, outcome.warnings
            if outcome.verdict in {Verdict.ACCEPTED, Verdict.UPDATED} and outcome.subject_id is None:
                raise RuntimeError(f"target {self.target.kind!r} took a unit without naming its subject")

    def _remember(self, wave: list[Judged], written: dict[str, SourceRecord]) -> None:
        fresh = []
        fresh_record = row_maker(SourceRecord)
        for entry in wave:
            if entry.verdict is Verdict.REJECTED:
                continue
            if entry.known is not None:
                self._renew(entry, entry.known)
                written[entry.unit.source_id] = entry.known
            elif entry.subject_id is not None:
                record = fresh_record(
                    kind=self.profile.kind,
                    source_system=self.profile.system,
                    source_id=entry.unit.source_id,
                    revision=entry.unit.revision,
                    digest=entry.digest,
                    subject_kind=self.target.subject_kind,
                    subject_id=entry.subject_id,
                    run_id=self.run.pk,
                )
                fresh.append(record)
                written[entry.unit.source_id] = record
        bulk_insert(SourceRecord, fresh)

    def _renew(self, entry: Judged, record: SourceRecord) -> None:
        held = SourceRecord.objects.filter(pk=record.pk, digest=record.digest)
        values = {"digest": entry.digest, "revision": entry.unit.revision, "run_id": self.run.pk}
        if held.update(**values) != 1:
            raise RecordConflict
        record.digest, record.revision = entry.digest, entry.unit.revision

    def _rejections(self, entry: Judged) -> Iterator[Rejection]:
        raw, cut = raw_rows(entry.unit) if entry.refusals else ([], False)
        for number, refusal in enumerate((*entry.refusals, *entry.warnings)):
            yield Rejection(
                run_id=self.run.pk,
                unit=entry.place,
                row_from=refusal.row or entry.unit.row_from,
                row_to=refusal.row or entry.unit.row_to,
                source_id=entry.unit.source_id[:200],
                field=refusal.field[:80],
                code=refusal.code[:80],
                reason=refusal.reason,
                warning=number >= len(entry.refusals),
                raw=raw if number == 0 else [],
                raw_cut=cut,
                at=self.at,
            )

    def _advance(self, judged: list[Judged]) -> dict[str, Any]:
        run = self.run
        cases = Counter(entry.verdict for entry in judged)
        rows: Counter[Verdict | None] = Counter()
        for entry in judged:
            rows[entry.verdict] += len(entry.unit.rows)
        values: dict[str, Any] = {"offset": run.offset + len(judged), "percent": self.percent()}
        values["read"] = run.read + len(judged)
        values["rows_read"] = run.rows_read + rows.total()
        for verdict in Verdict:
            values[verdict.value] = getattr(run, verdict.value) + cases[verdict]
            values[f"rows_{verdict.value}"] = getattr(run, f"rows_{verdict.value}") + rows[verdict]
        held = ImportRun.objects.filter(pk=run.pk, offset=run.offset, state=RunState.RUNNING)
        if held.update(**values) != 1:
            raise RunTakenOver
        return values


def raw_rows(unit: Unit) -> tuple[list[dict[str, Any]], bool]:
    """The rows of a unit for storing, and whether some had to be left out (over 256 k characters)."""
    rows: list[dict[str, Any]] = []
    size = 0
    for row in unit.rows:
        # Pairs, not an object: PostgreSQL would forget the order of the columns.
        entry = {"row": row.number, "values": [list(pair) for pair in row.values.items()]}
        size += len(json.dumps(entry))
        if size > RAW_CHARACTERS:
            return rows, True
        rows.append(entry)
    return rows, False


def older(revision: str, known: str) -> bool:
    """True when `revision` is certainly earlier than `known`: whole numbers by value, texts by their order."""
    if not revision or not known:
        return False
    if revision.isdecimal() and known.isdecimal():
        return int(revision) < int(known)
    return revision < known


def batches(units: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` units, the last one shorter."""
    iterator = iter(units)
    while batch := list(islice(iterator, size)):
        yield batch

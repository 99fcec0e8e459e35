"""Verbs: bring a file in, and ask for it to be brought in by the background."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from zhengxiao.kernel.exchange.engine import Batch, Prepared, RunTakenOver, batches
from zhengxiao.kernel.exchange.grouping import SeenIds, units
from zhengxiao.kernel.exchange.models import ImportRun, RunState
from zhengxiao.kernel.exchange.profile import Profile, Unit
from zhengxiao.kernel.exchange.profile_files import BadProfile, profile_load
from zhengxiao.kernel.exchange.readers import RowSource
from zhengxiao.kernel.exchange.targets import TARGETS, ImportTarget
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.lib.spreadsheets import Limits, TableRefused

# Files named on the command line come from an operator of the machine and may be long; uploads may not.
OPERATOR_LIMITS = Limits(max_bytes=16 << 30, max_ratio=200, memory=2 << 30, cpu_seconds=300, wall_seconds=300)


class UnknownTarget(Refusal):
    template = gettext_noop("没有名为“{kind}”的导入种类。")


class KindMismatch(Refusal):
    template = gettext_noop("配置“{profile}”用于导入“{kind}”，不是“{wanted}”。")


class UnreadableFile(Refusal):
    template = gettext_noop("文件无法打开：{why}")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run got: units and rows done, and the share of the file that was read."""

    units: int
    rows: int
    percent: int


def run_import(
    *,
    profile: Profile,
    path: Path,
    dry_run: bool,
    actor: Actor,
    at: datetime,
    on_progress: Callable[[Progress], object] | None = None,
    batch_size: int = 1000,
    limits: Limits = OPERATOR_LIMITS,
    run_id: int | None = None,
    now: Callable[[], datetime] | None = None,
) -> ImportRun:
    """Bring the file at `path` in through `profile`; returns the run with its counts (in units, rows beside them).

    Each batch is one transaction holding subjects, source records, refusals, counts and the offset. If the
    process is killed nothing is half done, and the same file with the same profile goes on where it
    stopped. A dry run does all but keep what the target wrote. `at` is the moment stamped on everything;
    `now` (the same moment unless given) on the end of the run.

    Raises UnknownTarget, BadProfile, UnreadableFile; a TableRefused while reading marks the run failed and
    is raised; RunTakenOver when another process continues the same run.
    """
    target = target_of(profile)
    context = target.prepare(profile, actor, at)
    digest = _digest_or_refuse(path)
    if run_id is None:
        run = _open_run(profile, name=path.name, digest=digest, dry_run=dry_run, actor=actor, at=at)
    else:
        run = _resume(run_id, profile, digest)
    source = RowSource(path, profile, limits)
    with closing(SeenIds()) as seen, _ending(run, now or (lambda: at)):
        batch = Batch(run=run, profile=profile, target=target, context=context, actor=actor, at=at, seen=seen)
        batch.percent = lambda: min(99, 100 * source.position // max(source.size, 1))
        _bring_in(batch, source, batch_size, on_progress)
    return run


@contextmanager
def _ending(run: ImportRun, now: Callable[[], datetime]) -> Iterator[None]:
    """However the work ends, the run says how: done, unreadable, or stopped and to be continued."""
    try:
        yield
    except RunTakenOver:
        raise
    except TableRefused as refusal:
        _close_run(run, RunState.FAILED, now(), refusal.text)
        raise
    except (UnicodeError, OSError) as error:
        unreadable = UnreadableFile(why=f"{type(error).__name__}: {error}")
        _close_run(run, RunState.FAILED, now(), unreadable.text)
        raise unreadable from error
    except BaseException as error:
        _close_run(run, RunState.STOPPED, now(), f"{type(error).__name__}: {error}"[:500])
        raise
    _close_run(run, RunState.DONE, now())


def _digest_or_refuse(path: Path) -> str:
    try:
        return file_digest(path)
    except OSError as error:
        raise UnreadableFile(why=error.strerror or str(error)) from error


def target_of(profile: Profile) -> ImportTarget:
    """The target a profile feeds, with the profile checked against it. Raises UnknownTarget, BadProfile."""
    if profile.kind not in TARGETS:
        raise UnknownTarget(kind=profile.kind)
    target = TARGETS[profile.kind]
    own = {"source_id", "revision"}
    for table, names, known in (
        ("columns", profile.columns, target.fields | own),
        ("options", profile.options, target.options),
    ):
        unknown = sorted(set(names) - known) if known - own else []
        if unknown:
            raise BadProfile(path=f"{table}.{unknown[0]}", why=gettext_noop("导入种类没有这一项"))
    return target


def profile_for(name: str, *, kind: str) -> Profile:
    """The profile `name`, refused when it is of another kind. Raises NoSuchProfile, BadProfile,
    KindMismatch.
    """
    profile = profile_load(name)
    if profile.kind != kind:
        raise KindMismatch(profile=profile.name, kind=profile.kind, wanted=kind)
    target_of(profile)
    return profile


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _bring_in(
    batch: Batch, source: RowSource, batch_size: int, on_progress: Callable[[Progress], object] | None
) -> None:
    stream = units(source, batch.profile)
    _skip_done(batch, stream, batch_size)
    run = batch.run

    def bring_in(group: list[Unit], prepared: Future[list[Prepared]]) -> None:
        batch.do(group, prepared.result())
        if on_progress is not None:
            on_progress(Progress(units=run.read, rows=run.rows_read, percent=run.percent))

    # One batch is parsed while the one before is written: parsing needs no database, and writing mostly waits for it.
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="zx-import-parse") as pool:
        waiting: tuple[list[Unit], Future[list[Prepared]]] | None = None
        groups = batches(stream, batch_size)
        while True:
            try:
                group = next(groups, None)
            except (TableRefused, UnicodeError, OSError):
                if waiting is not None:
                    bring_in(*waiting)  # what was readable before the fault comes in
                raise
            following = None if group is None else (group, pool.submit(batch.prepare, group))
            if waiting is not None:
                bring_in(*waiting)
            if following is None:
                return
            waiting = following


def _skip_done(batch: Batch, stream: Any, batch_size: int) -> None:
    place, run = 0, batch.run
    if not run.offset:
        return
    rejected = set(run.rejections.filter(warning=False).values_list("unit", flat=True))
    while place < run.offset:
        group = list(islice(stream, min(batch_size, run.offset - place)))
        if not group:
            return
        batch.pass_over(group, place, rejected)
        place += len(group)


def _open_run(
    profile: Profile, *, name: str, digest: str, dry_run: bool, actor: Actor, at: datetime
) -> ImportRun:
    """The unfinished run of the same file, profile and mode, or a new one."""
    with transaction.atomic():
        same = ImportRun.objects.filter(
            kind=profile.kind,
            source_system=profile.system,
            profile_digest=profile.fingerprint,
            file_digest=digest,
            dry_run=dry_run,
        )
        unfinished = same.filter(state__in=[RunState.RUNNING, RunState.STOPPED]).first()
        if unfinished is not None:
            return _resume(unfinished.pk, profile, digest)
        return ImportRun.objects.create(
            kind=profile.kind,
            source_system=profile.system,
            profile=profile.name,
            profile_digest=profile.fingerprint,
            file_name=name[:255],
            file_digest=digest,
            dry_run=dry_run,
            started_at=at,
            requested_by_id=actor.user_id,
            requested_by_name=actor.name,
        )


def _resume(run_id: int, profile: Profile, digest: str) -> ImportRun:
    same = ImportRun.objects.filter(pk=run_id, profile_digest=profile.fingerprint, file_digest=digest)
    if same.update(state=RunState.RUNNING, error="", finished_at=None) != 1:
        raise RunTakenOver
    return ImportRun.objects.get(pk=run_id)


def _close_run(run: ImportRun, state: RunState, at: datetime, error: str = "") -> None:
    values: dict[str, Any] = {"state": state, "error": error, "finished_at": at}
    if state is RunState.DONE:
        values["percent"] = 100
    held = ImportRun.objects.filter(pk=run.pk, offset=run.offset, state=RunState.RUNNING)
    if held.update(**values) == 1:
        run.__dict__.update(values)

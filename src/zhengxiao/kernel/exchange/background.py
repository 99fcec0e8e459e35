"""Uploads: a file handed in on a page is stored, a run is noted as waiting, and a job brings it in."""

from __future__ import annotations

from datetime import datetime
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.db import transaction

from zhengxiao.kernel.access.api import actor_for, require
from zhengxiao.kernel.exchange.models import ImportRun, RunState
from zhengxiao.kernel.exchange.profile_files import profile_load
from zhengxiao.kernel.exchange.services import Progress, run_import, target_of
from zhengxiao.kernel.files.api import FEEDS, FileNotClean, Scan, file_keep, file_path, file_take
from zhengxiao.kernel.jobs.api import JobRun, enqueue
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import NotPermitted, Refusal, gettext_noop
from zhengxiao.lib.spreadsheets import UPLOAD_LIMITS

JOB = "exchange.import"
MAX_UPLOAD = 50 << 20
_OPEN = (RunState.WAITING, RunState.RUNNING, RunState.STOPPED)


class RunNotContinuable(Refusal):
    template = gettext_noop("批次当前为“{state}”，不能继续。")


def import_request(
    *, stream: IO[bytes], name: str, profile_name: str, dry_run: bool, actor: Actor, at: datetime
) -> ImportRun:
    """Store an upload and ask the background to bring it in; returns the waiting run.

    Nothing is parsed here. Raises NotPermitted, the refusals of the profile and of `file_take`.
    """
    require(actor, "imports.run")
    profile = profile_load(profile_name)
    target_of(profile)
    taken = file_take(stream=stream, name=name, allowed=FEEDS, max_bytes=MAX_UPLOAD)
    with transaction.atomic():
        file = file_keep(taken=taken, actor=actor, at=at, subject_kind="import", label=profile.title)
        run = ImportRun.objects.create(
            kind=profile.kind,
            source_system=profile.system,
            profile=profile.name,
            profile_digest=profile.fingerprint,
            file_name=file.original_name,
            file_digest=file.digest,
            file=file,
            dry_run=dry_run,
            state=RunState.WAITING,
            started_at=at,
            requested_by_id=actor.user_id,
            requested_by_name=actor.name,
        )
        _ask(run, actor, at)
    return run


def import_continue(*, run_id: int, actor: Actor, at: datetime) -> ImportRun:
    """Ask the background to go on with a run that broke off. Raises NotPermitted, RunNotContinuable."""
    require(actor, "imports.run")
    with transaction.atomic():
        mine = ImportRun.objects.visible_to(actor, "imports.run").filter(pk=run_id)
        if not mine.exists():
            raise NotPermitted(action="继续导入")
        held = mine.filter(state=RunState.STOPPED, file__isnull=False)
        changed = held.update(state=RunState.WAITING, error="", finished_at=None)
        run = ImportRun.objects.get(pk=run_id)
        if changed != 1:
            raise RunNotContinuable(state=run.get_state_display())
        _ask(run, actor, at)
    return run


def import_job(args: dict[str, Any], job: JobRun) -> dict[str, Any]:
    """The job behind `import_request`. The rights are those the person has when it runs."""
    run = ImportRun.objects.select_related("file").get(pk=args["run"])
    if run.state not in _OPEN or run.file is None:
        return {"run": run.pk, "state": run.state}
    actor = _actor(run.requested_by_id, job.now())

    def report(progress: Progress) -> None:
        job.progress(progress.percent, 100)

    try:
        require(actor, "imports.run")
        if run.file.scan == Scan.REFUSED:
            raise FileNotClean
        run_import(
            profile=profile_load(run.profile),
            path=file_path(run.file),
            dry_run=run.dry_run,
            actor=actor,
            at=job.at,
            limits=UPLOAD_LIMITS,
            on_progress=report,
            run_id=run.pk,
            now=job.now,
        )
    except Refusal as refusal:
        # A refusal before the first row (rights gone, profile changed) must not leave the run waiting for
        # ever.
        waiting = ImportRun.objects.filter(pk=run.pk, state=RunState.WAITING)
        waiting.update(state=RunState.FAILED, error=refusal.text, finished_at=job.now())
        raise
    return {"run": run.pk}


def _ask(run: ImportRun, actor: Actor, at: datetime) -> None:
    # One lane per source system: its files come in one after the other, in the order they were handed in.
    job = enqueue(name=JOB, args={"run": run.pk}, at=at, actor=actor, lane=f"import:{run.source_system}")
    ImportRun.objects.filter(pk=run.pk).update(job_id=job.pk)
    run.job_id = job.pk


def _actor(user_id: int | None, at: datetime) -> Actor:
    if user_id is None:
        return SYSTEM
    return actor_for(get_user_model().objects.get(pk=user_id), at=at)

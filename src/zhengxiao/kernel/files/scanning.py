"""Quarantine: a scanner of the installation looks at every file; what it has not passed is not handed out.

The scanner is a command that gets the place of the file as its last word and answers by its exit code, as clamscan
and clamdscan do: 0 clean, 1 found something, anything else went wrong (tried again). Cases go on meanwhile.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from zhengxiao.kernel.files.facts import FILE
from zhengxiao.kernel.files.models import Scan, StoredFile
from zhengxiao.kernel.files.rules import FileRefused
from zhengxiao.kernel.files.services import path_of
from zhengxiao.kernel.jobs.api import JobRun, enqueue
from zhengxiao.kernel.timeline.api import Subject, changed, record
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import gettext_noop

RESCAN_JOB = "files.rescan"
BATCH = 100
Listener = Callable[[StoredFile, datetime], None]
_listeners: list[Listener] = []


class FileHeld(FileRefused):
    template = gettext_noop("文件正在查毒，通过后才能下载。办件照常办理，请稍后再试。")


class FileNotClean(FileRefused):
    template = gettext_noop("文件未通过查毒，不提供下载。请要求提交人重新提供。")


class NoScanner(FileRefused):
    template = gettext_noop("没有设置查毒命令（ZX_SCAN_COMMAND），无法查毒。")


class ScannerBroken(RuntimeError):
    """The scanner answered neither yes nor no; the job is tried again."""


def register_scan_listener(listener: Listener) -> None:
    """Be told, in the same transaction, of each file that did not pass. Called while apps start."""
    _listeners.append(listener)


def require_released(file: StoredFile) -> None:
    """Nothing leaves the house before the scanner has passed it. Raises FileHeld, FileNotClean.

    Without a scanner files count as unscanned; the setting ZX_UNSCANNED says whether they are handed out.
    """
    if file.scan == Scan.REFUSED:
        raise FileNotClean
    if file.scan == Scan.WAITING or (file.scan == Scan.UNSCANNED and settings.ZX_UNSCANNED == "hold"):
        raise FileHeld


def verdict_of(file: StoredFile) -> Scan:
    """What the scanner says now. Raises NoScanner, ScannerBroken."""
    if not settings.ZX_SCAN_COMMAND:
        raise NoScanner
    command = [*settings.ZX_SCAN_COMMAND, str(path_of(file.digest))]
    try:
        ended = subprocess.run(  # noqa: S603 - the operator's own command, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=settings.ZX_SCAN_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        raise ScannerBroken(f"no answer within {settings.ZX_SCAN_SECONDS} s") from slow
    except OSError as missing:
        raise ScannerBroken(f"cannot be run: {type(missing).__name__}") from missing
    if ended.returncode not in (0, 1):
        raise ScannerBroken(f"exit code {ended.returncode}")
    return Scan.REFUSED if ended.returncode else Scan.CLEAN


def file_scan(*, file: StoredFile, at: datetime) -> Scan:
    """Ask the scanner and store its word; listeners hear of a file that newly did not pass. Idempotent."""
    verdict = verdict_of(file)
    with transaction.atomic():
        is_new = (
            StoredFile.objects.filter(pk=file.pk).exclude(scan=verdict).update(scan=verdict, scanned_at=at)
        )
        if not is_new:
            StoredFile.objects.filter(pk=file.pk).update(scanned_at=at)
        file.scan, file.scanned_at = verdict, at
        _tell(file, verdict, at)
        if is_new and verdict == Scan.REFUSED:
            for listener in _listeners:
                listener(file, at)
    return verdict


def _tell(file: StoredFile, verdict: Scan, at: datetime) -> None:
    with translation.override("zh-hans"):
        told = {"verdict": str(verdict.label)}
    record(
        fact="files.scanned",
        subject=Subject(FILE, file.pk),
        actor=SYSTEM,
        at=at,
        data=told,
        rows=[changed(file, "scan", "scanned_at")],
    )


def scan_job(args: dict[str, Any], run: JobRun) -> dict[str, Any]:
    """One new file."""
    file = StoredFile.objects.filter(pk=int(args["file"])).first()
    return {"scan": file_scan(file=file, at=run.now()) if file else "gone"}


def rescan_request(*, actor: Actor, at: datetime) -> int:
    """Ask for all files to be scanned again, in the background; answers the job's id. Raises NoScanner."""
    if not settings.ZX_SCAN_COMMAND:
        raise NoScanner
    return enqueue(name=RESCAN_JOB, args={"before": at.isoformat()}, at=at, actor=actor, lane=RESCAN_JOB).pk


def rescan_job(args: dict[str, Any], run: JobRun) -> dict[str, Any]:
    """All files not scanned since the job was asked for, oldest first; a run that broke off goes on where it was."""
    before = datetime.fromisoformat(str(args["before"]))
    counts = {Scan.CLEAN.value: 0, Scan.REFUSED.value: 0}
    last = 0
    while True:
        files = list(
            StoredFile.objects.filter(pk__gt=last).exclude(scanned_at__gte=before).order_by("pk")[:BATCH]
        )
        if not files:
            return counts
        for file in files:
            counts[file_scan(file=file, at=run.now()).value] += 1
            last = file.pk
        run.progress(done=sum(counts.values()))

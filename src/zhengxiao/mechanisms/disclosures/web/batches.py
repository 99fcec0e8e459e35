"""Reporting in batches, the files of batches, checking a table, and reconciliation with the upper platform."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengxiao.kernel.access.api import allows, page
from zhengxiao.kernel.ui.api import Leaving, let_out, refusal_text
from zhengxiao.lib.refusals import Refusal
from zhengxiao.lib.spreadsheets import write_csv, write_xlsx
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.batches import batch_file, batch_report, judged, waiting
from zhengxiao.mechanisms.disclosures.checkfile import FileCheck
from zhengxiao.mechanisms.disclosures.models import ReportBatch
from zhengxiao.mechanisms.disclosures.queries import tells_persons, to_report
from zhengxiao.mechanisms.disclosures.receipts import match_again, only_ours, only_theirs
from zhengxiao.mechanisms.disclosures.rules import Kind
from zhengxiao.mechanisms.disclosures.web.base import Request
from zhengxiao.mechanisms.disclosures.web.forms import CheckForm
from zhengxiao.mechanisms.disclosures.words import KIND_WORDS

SHOWN = 200
MOST_BYTES = 20 << 20
RECENT = 30


@page(permissions.REPORT)
@require_safe
def batches(request: Request) -> HttpResponse:
    """What is ready and what is not, per office and kind; the batches of the last days."""
    groups = []
    for line in to_report(request.actor):
        kind = Kind(line["kind"])
        both = judged(waiting(request.actor, line["department_id"], kind)[:SHOWN], kind, request.moment)
        ready = sum(not faults for _row, faults in both)
        left = [(row, faults) for row, faults in both if faults]
        groups.append({**line, "kind_word": KIND_WORDS[kind], "ready": ready, "left": left})
    made = ReportBatch.objects.visible_to(request.actor, permissions.REPORT).select_related("department")
    context = {
        "groups": groups,
        "made": [(b, KIND_WORDS[b.kind]) for b in made.order_by("-made_at", "-pk")[:RECENT]],
    }
    return render(request, "disclosures/batches.html", context)


@page(permissions.REPORT)
@require_POST
def report(request: Request) -> HttpResponse:
    """Report what is ready of one office and kind."""
    department, kind = request.POST.get("department", ""), request.POST.get("kind", "")
    if not (department.isascii() and department.isdigit() and len(department) < 18 and kind in set(Kind)):
        raise Http404
    done = batch_report(
        department_id=int(department), kind=Kind(kind), actor=request.actor, at=request.moment
    )
    if done.batch is None:
        messages.warning(
            request, gettext("没有可以报送的记录，{left} 条还不齐。").format(left=len(done.left))
        )
    else:
        text = gettext("批次 {batch} 已报送 {count} 条，{left} 条还不齐。")
        messages.success(request, text.format(batch=done.batch.number, count=done.lines, left=len(done.left)))
    return redirect("disclosures:batches")


TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


@page(permissions.REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: Request, key: int, form: str) -> HttpResponse:
    """The file of a batch in the upper platform's columns; taking it is on record.

    A batch that tells names or numbers of persons needs a second person (kernel/exports).
    """
    batch = get_object_or_404(ReportBatch.objects.visible_to(request.actor, permissions.REPORT), pk=key)
    if form not in TYPES:
        raise Http404
    leaving = Leaving(
        name="disclosures.batch",
        title=gettext("双公示报送批次 {number}").format(number=batch.number),
        form=form,
        rows=batch.lines.count(),
        personal=gettext("行政相对人、证件号码") if tells_persons(batch) else "",
    )
    return let_out(request, leaving, lambda: _batch_file(request, key, form))


def _batch_file(request: Request, key: int, form: str) -> HttpResponse:
    told = batch_file(batch_id=key, actor=request.actor, at=request.moment)
    answer = HttpResponse(content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{told.batch.number}.{form}"'
    answer["Cache-Control"] = "no-store"
    stream: IO[bytes] = answer  # type: ignore[assignment]
    if form == "csv":
        write_csv(stream, told.headers, told.rows)
    elif form == "xlsx":
        with tempfile.TemporaryFile() as book:
            write_xlsx(book, told.batch.number, told.headers, told.rows)
            book.seek(0)
            answer.write(book.read())
    else:
        answer.write(
            json.dumps({"batch": told.batch.number, "records": list(told.records())}, ensure_ascii=False)
        )
    return answer


@page(permissions.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request) -> HttpResponse:
    """A table against the field rules; nothing of it is kept."""
    form = CheckForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "shown": SHOWN}
    if request.method == "POST" and form.is_valid():
        try:
            context |= _checked(form.cleaned_data["file"], timezone.localtime(request.moment).date())
        except Refusal as refusal:
            form.add_error("file", refusal_text(refusal))
    return render(request, "disclosures/check.html", context, status=422 if form.errors else 200)


class FileOverLimit(Refusal):
    template = gettext("文件超过 20 MB，请拆分，或由管理员用 zx check-publicity 检查。")


def _checked(upload: Any, today: date) -> dict[str, Any]:
    if upload.size > MOST_BYTES:
        raise FileOverLimit(field="file")
    with tempfile.NamedTemporaryFile(suffix=".table") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        checked = FileCheck(Path(kept.name), today)
        faults = [fault for number, fault in enumerate(checked.faults()) if number < SHOWN]
    return {"checked": checked, "faults": faults, "kind_word": KIND_WORDS[checked.kind or Kind.LICENCE]}


@page(permissions.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def reconcile(request: Request) -> HttpResponse:
    """What only one side has, by document number; POST ties answers to records that have come in since."""
    theirs, ours = only_theirs(request.actor), only_ours(request.actor)
    may_tie = allows(request.actor, permissions.REPORT)
    if request.method == "POST" and may_tie:
        tied = match_again(theirs[:1000], at=request.moment)
        messages.success(request, gettext("已对上 {count} 条。").format(count=tied))
        return redirect("disclosures:reconcile")
    context = {
        "theirs": Paginator(theirs.select_related("department").order_by("-at", "-pk"), 50).get_page(
            request.GET.get("theirs")
        ),
        "ours": Paginator(ours.select_related("department"), 50).get_page(request.GET.get("ours")),
        "kinds": KIND_WORDS,
        "may_tie": may_tie,
    }
    return render(request, "disclosures/reconcile.html", context)

"""The import console: the ledger of runs, handing a file in, following a run, its refusals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengxiao.kernel.access.api import allows, page
from zhengxiao.kernel.exchange.api import (
    MAX_UPLOAD,
    ImportRun,
    RunState,
    import_continue,
    import_request,
    profile_names,
    rejected_rows,
    rejections_of,
    warnings_of,
)
from zhengxiao.kernel.files.api import FEEDS
from zhengxiao.kernel.jobs.api import job_by_id, runner_alive
from zhengxiao.kernel.ui.api import (
    Column,
    Filter,
    Leaving,
    Ledger,
    ledger_view,
    let_out,
    page_or_fragment,
    refusal_text,
)
from zhengxiao.lib.refusals import Refusal
from zhengxiao.lib.spreadsheets import csv_chunks

SHOWN = 100

RUNS = Ledger(
    name="console.imports",
    title=_("数据导入"),
    columns=(
        Column("id", _("批次"), kind="number", sortable=True),
        Column("file_name", _("文件"), kind="link", sortable=True, url=lambda run: _url(run)),
        Column("profile", _("导入配置"), sortable=True),
        Column("state", _("状态"), value=lambda run: run.get_state_display(), sortable=True),
        Column("dry_run", _("方式"), value=lambda run: _("试导入") if run.dry_run else _("导入")),
        Column("read", _("读取"), kind="number", sortable=True),
        Column("accepted", _("新增"), kind="number", sortable=True),
        Column("updated", _("更新"), kind="number", sortable=True),
        Column("unchanged", _("未变"), kind="number", sortable=True),
        Column("rejected", _("拒收"), kind="number", sortable=True),
        Column("rows_read", _("读取行数"), kind="number", sortable=True, default=False),
        Column("source_system", _("来源系统"), sortable=True, default=False),
        Column("requested_by_name", _("提交人"), sortable=True),
        Column("started_at", _("开始时间"), kind="datetime", sortable=True),
    ),
    filters=(
        Filter("q", _("文件"), field="file_name", example=_("例如：许可事件")),
        Filter("state", _("状态"), kind="choice", field="state", choices=lambda actor: RunState.choices),
        Filter("dry", _("试导入"), kind="bool", field="dry_run"),
        Filter("started", _("开始时间"), kind="moment_range", field="started_at"),
    ),
    default_sort="-id",
    row_url=lambda run: _url(run),
    empty_title=_("还没有导入过数据"),
    empty_hint=_("上传部门系统导出的文件，先试导入，看过拒收原因再正式导入。"),
)


class UploadForm(forms.Form):
    """A file, how to read it, and whether to try first."""

    profile = forms.ChoiceField(label=_("导入配置"), help_text=_("说明来源系统的列、时间格式和时限"))
    file = forms.FileField(
        label=_("文件"), help_text=_("CSV、Excel、JSON 行或 XES 事件日志，可为 .gz，至多 50 MB")
    )
    dry_run = forms.BooleanField(label=_("先试导入：全部检查，不写入"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        profile = self.fields["profile"]
        assert isinstance(profile, forms.ChoiceField)  # noqa: S101 - declared above
        profile.choices = [("", _("请选择")), *((name, _now(title)) for name, title in profile_names())]
        self.fields["file"].widget.attrs["accept"] = ",".join(FEEDS)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            raise forms.ValidationError(_now("文件超过 50 MB，请拆分后再传，或请系统管理员用命令行导入。"))
        return file


@page("imports.view")
def runs_page(request: HttpRequest) -> HttpResponse | FileResponse:
    extra = {
        "may_run": allows(request.actor, "imports.run"),  # type: ignore[attr-defined]
        "alive": runner_alive(at=request.moment),  # type: ignore[attr-defined]
    }
    runs = ImportRun.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return ledger_view(request, RUNS, runs, extra=extra, template="console/imports.html")


@page("imports.run")
def upload_page(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_url(_request(request, form.cleaned_data)))
        except Refusal as refusal:
            form.add_error("file", refusal_text(refusal))
    status = 422 if form.errors else 200
    return render(request, "console/imports_new.html", {"form": form}, status=status)


@page("imports.view")
@require_safe
def run_page(request: HttpRequest, run_id: int) -> HttpResponse:
    run = _run(request, run_id)
    context = {
        "run": run,
        "open": run.state in {RunState.WAITING, RunState.RUNNING},
        "waiting": run.state == RunState.WAITING,
        "alive": runner_alive(at=request.moment),  # type: ignore[attr-defined]
        "job": job_by_id(run.job_id) if run.job_id else None,
        "counts": _counts(run),
        "rejections": rejections_of(run)[:SHOWN],
        "warnings": warnings_of(run)[:SHOWN],
        "shown": SHOWN,
        "may_continue": run.state == RunState.STOPPED and run.file_id and _may_run(request),
    }
    return page_or_fragment(request, "console/imports_run.html", "console/_imports_run.html", context)


@require_POST
@page("imports.run")
def continue_run(request: HttpRequest, run_id: int) -> HttpResponse:
    _run(request, run_id, "imports.run")
    import_continue(run_id=run_id, actor=request.actor, at=request.moment)  # type: ignore[attr-defined]
    messages.success(request, _now("已交给后台继续导入。"))
    return redirect("console:import", run_id)


@page("imports.view")
@require_http_methods(["GET", "HEAD", "POST"])
def rejects_file(request: HttpRequest, run_id: int) -> HttpResponse:
    """Refused rows as they came, with whatever the source wrote of persons: a second person lets them out."""
    run = _run(request, run_id)
    leaving = Leaving(
        name="imports.rejects",
        title=_now("导入批次 {id} 的拒收记录").format(id=run.pk),
        form="csv",
        rows=run.rows_rejected,
        personal=_now("源文件的全部列") if run.rows_rejected else "",
    )
    return let_out(request, leaving, lambda: _rejects(run))


def _rejects(run: ImportRun) -> Any:
    answer = StreamingHttpResponse(csv_chunks(*rejected_rows(run)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejected-{run.pk}.csv"'
    return answer


def _request(request: HttpRequest, given: dict[str, Any]) -> ImportRun:
    return import_request(
        stream=given["file"],
        name=given["file"].name,
        profile_name=given["profile"],
        dry_run=given["dry_run"],
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.moment,  # type: ignore[attr-defined]
    )


def _run(request: HttpRequest, run_id: int, action: str = "imports.view") -> ImportRun:
    reached = ImportRun.objects.visible_to(request.actor, action)  # type: ignore[attr-defined]
    run = reached.filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run


def _may_run(request: HttpRequest) -> bool:
    return allows(request.actor, "imports.run")  # type: ignore[attr-defined]


def _url(run: ImportRun) -> str:
    return reverse("console:import", args=[run.pk])


def _counts(run: ImportRun) -> list[tuple[Any, int, int]]:
    """(label, units, rows), in the order read = accepted + updated + unchanged + rejected."""
    names = (
        ("read", _("读取")),
        ("accepted", _("新增")),
        ("updated", _("更新")),
        ("unchanged", _("未变")),
        ("rejected", _("拒收")),
    )
    return [(label, getattr(run, name), getattr(run, f"rows_{name}")) for name, label in names]

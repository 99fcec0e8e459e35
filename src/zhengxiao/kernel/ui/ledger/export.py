"""A ledger as a file: exactly the rows the conditions select and the columns chosen."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zhengxiao.kernel.ui.leaving import Leaving
from zhengxiao.kernel.ui.ledger.rows import bounded_count, lines, plain
from zhengxiao.kernel.ui.ledger.state import State
from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.lib.spreadsheets import write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 2 * 1024 * 1024
CHUNK = 2000


class TooManyToExport(Refusal):
    template = gettext_noop(
        "选出的记录超过 {limit} 条，一次导不出。请先用筛选缩小范围，例如按月或按部门导出。"
    )


class TooManyToPrint(Refusal):
    template = gettext_noop("选出的记录超过 {limit} 条，不宜打印。请先用筛选缩小范围，或导出 Excel。")


def export_limit() -> int:
    """The most rows of one file: setting ZX_EXPORT_ROWS."""
    return int(getattr(settings, "ZX_EXPORT_ROWS", 100_000))


def print_limit() -> int:
    """The most rows of one printed page: setting ZX_PRINT_ROWS."""
    return int(getattr(settings, "ZX_PRINT_ROWS", 2_000))


def leaving_of(state: State, rows: QuerySet[Any]) -> Leaving:
    """What the gate is told of this file. Raises TooManyToExport, TooManyToPrint."""
    limit = print_limit() if state.output == "print" else export_limit()
    count = bounded_count(rows, limit)
    if count > limit:
        raise TooManyToPrint(limit=limit) if state.output == "print" else TooManyToExport(limit=limit)
    return Leaving(
        name=state.ledger.name,
        title=str(state.ledger.title),
        form=state.output,
        rows=count,
        conditions=" · ".join(chosen.words for chosen in state.chosen),
        columns="、".join(str(column.label) for column in state.columns),
        personal="、".join(str(column.label) for column in state.unmasked),
    )


def exported(state: State, rows: QuerySet[Any], at: datetime) -> HttpResponse:
    """The file, built on disk beyond 2 MB; `leaving_of` has counted its rows."""
    title = str(state.ledger.title)
    headers = [str(column.label) for column in state.columns]
    stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # FileResponse closes it
    try:
        if state.output == "xlsx":
            write_xlsx(stream, title, headers, _values(state, rows, at))
        else:
            write_csv(stream, headers, _values(state, rows, at))
    except BaseException:
        stream.close()
        raise
    stream.seek(0)
    name = f"{title}_{timezone.localtime(at):%Y%m%d-%H%M}.{state.output}"
    kind = XLSX if state.output == "xlsx" else "text/csv; charset=utf-8"
    answer = FileResponse(stream, as_attachment=True, filename=name, content_type=kind)
    return cast(HttpResponse, answer)  # a streaming answer; views and guards pass it on like any other


def printed(request: HttpRequest, state: State, rows: QuerySet[Any], at: datetime) -> HttpResponse:
    """A plain table of all selected rows; `leaving_of` has counted them."""
    context = {
        "ledger": state.ledger,
        "state": state,
        "lines": lines(state, rows, at),
        "count": bounded_count(rows, print_limit()),
        "at": at,
    }
    return render(request, "ui/ledger_print.html", context)


def _values(state: State, rows: QuerySet[Any], at: datetime) -> Iterator[list[Any]]:
    for line in lines(state, rows.iterator(chunk_size=CHUNK), at):
        yield [plain(cell) for cell in line.cells]

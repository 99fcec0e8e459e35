"""The face of exports: what other packages may import."""

from __future__ import annotations

from zhengxiao.kernel.exports.facts import KIND
from zhengxiao.kernel.exports.ledger import EXPORTS, form_words, why_words
from zhengxiao.kernel.exports.models import ExportRequest, RequestState
from zhengxiao.kernel.exports.permissions import DECIDE
from zhengxiao.kernel.exports.queries import exports_for, exports_to_fetch, exports_waiting
from zhengxiao.kernel.exports.services import export_ask, export_fetch, export_move, exports_lapse
from zhengxiao.kernel.exports.workflow import FETCH, WORKFLOW

__all__ = [
    "DECIDE",
    "EXPORTS",
    "FETCH",
    "KIND",
    "WORKFLOW",
    "ExportRequest",
    "RequestState",
    "export_ask",
    "export_fetch",
    "export_move",
    "exports_for",
    "exports_lapse",
    "exports_to_fetch",
    "exports_waiting",
    "form_words",
    "why_words",
]

"""The face of the interface kernel."""

from __future__ import annotations

from zhengxiao.kernel.ui.answers import (
    BadAddress,
    message_response,
    page_or_fragment,
    refusal_response,
    refusal_text,
    wants_fragment,
)
from zhengxiao.kernel.ui.ledger.declare import Column, Filter, Ledger
from zhengxiao.kernel.ui.ledger.export import TooManyToExport, TooManyToPrint
from zhengxiao.kernel.ui.ledger.prefix import begins_with
from zhengxiao.kernel.ui.ledger.view import ledger_view
from zhengxiao.kernel.ui.moment import Clock, FastClock, FixedClock, WallClock, request_clock
from zhengxiao.kernel.ui.navigation import NavEntry, SearchTarget, register_nav, register_search
from zhengxiao.kernel.ui.strip import DayCell, DayKind, cells_of
from zhengxiao.kernel.ui.words import LIGHT_WORDS, ROLE_LABELS

__all__ = [
    "LIGHT_WORDS",
    "ROLE_LABELS",
    "BadAddress",
    "Clock",
    "Column",
    "DayCell",
    "DayKind",
    "FastClock",
    "Filter",
    "FixedClock",
    "Ledger",
    "NavEntry",
    "SearchTarget",
    "TooManyToExport",
    "TooManyToPrint",
    "WallClock",
    "begins_with",
    "cells_of",
    "ledger_view",
    "message_response",
    "page_or_fragment",
    "refusal_response",
    "refusal_text",
    "register_nav",
    "register_search",
    "request_clock",
    "wants_fragment",
]

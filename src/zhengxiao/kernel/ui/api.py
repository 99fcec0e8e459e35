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
from zhengxiao.kernel.ui.leaving import (
    ASK,
    FETCH,
    Leaving,
    asks_at_the_gate,
    let_out,
    register_gate,
)
from zhengxiao.kernel.ui.ledger.declare import Column, Filter, Ledger
from zhengxiao.kernel.ui.ledger.export import TooManyToExport, TooManyToPrint
from zhengxiao.kernel.ui.ledger.prefix import begins_with
from zhengxiao.kernel.ui.ledger.rows import applied
from zhengxiao.kernel.ui.ledger.view import ledger_view
from zhengxiao.kernel.ui.moment import Clock, FastClock, FixedClock, WallClock, request_clock
from zhengxiao.kernel.ui.moving import MoveForm, Offer, focus_first, form_field, offers_of
from zhengxiao.kernel.ui.navigation import NavEntry, SearchTarget, register_nav, register_search
from zhengxiao.kernel.ui.places import (
    Behind,
    Finder,
    Found,
    Panel,
    Waiting,
    WaitingWork,
    behind_of,
    exactly_elsewhere,
    found_elsewhere,
    panels_of,
    register_behind,
    register_finder,
    register_panel,
    register_waiting,
    waiting_for,
)
from zhengxiao.kernel.ui.resources import (
    Attachment,
    Many,
    Resource,
    Verb,
    close_resources,
    register_resource,
    resources,
)
from zhengxiao.kernel.ui.strip import DayCell, DayKind, cells_of
from zhengxiao.kernel.ui.words import LIGHT_WORDS, ROLE_LABELS

__all__ = [
    "ASK",
    "FETCH",
    "LIGHT_WORDS",
    "ROLE_LABELS",
    "Attachment",
    "BadAddress",
    "Behind",
    "Clock",
    "Column",
    "DayCell",
    "DayKind",
    "FastClock",
    "Filter",
    "Finder",
    "FixedClock",
    "Found",
    "Leaving",
    "Ledger",
    "Many",
    "MoveForm",
    "NavEntry",
    "Offer",
    "Panel",
    "Resource",
    "SearchTarget",
    "TooManyToExport",
    "TooManyToPrint",
    "Verb",
    "Waiting",
    "WaitingWork",
    "WallClock",
    "applied",
    "asks_at_the_gate",
    "begins_with",
    "behind_of",
    "cells_of",
    "close_resources",
    "exactly_elsewhere",
    "focus_first",
    "form_field",
    "found_elsewhere",
    "ledger_view",
    "let_out",
    "message_response",
    "offers_of",
    "page_or_fragment",
    "panels_of",
    "refusal_response",
    "refusal_text",
    "register_behind",
    "register_finder",
    "register_gate",
    "register_nav",
    "register_panel",
    "register_resource",
    "register_search",
    "register_waiting",
    "request_clock",
    "resources",
    "waiting_for",
    "wants_fragment",
]

"""The pure part of the calendar, in one place: terms, day tables and what is counted on them. No Django, no
database.
"""

from __future__ import annotations

from zhengxiao.kernel.calendar.days import (
    NATIONAL_SESSIONS,
    DayLine,
    DayMark,
    Reason,
    Session,
    joined,
    overlay,
)
from zhengxiao.kernel.calendar.moments import in_session_many, local_days, work_many
from zhengxiao.kernel.calendar.table import DayTable, build_table
from zhengxiao.kernel.calendar.terms import (
    DateOutOfReach,
    Due,
    NaiveMoment,
    Pause,
    PauseBackwards,
    Term,
    TermOutOfRange,
    TermUnreadable,
    Unit,
)

__all__ = [
    "NATIONAL_SESSIONS",
    "DateOutOfReach",
    "DayLine",
    "DayMark",
    "DayTable",
    "Due",
    "NaiveMoment",
    "Pause",
    "PauseBackwards",
    "Reason",
    "Session",
    "Term",
    "TermOutOfRange",
    "TermUnreadable",
    "Unit",
    "build_table",
    "in_session_many",
    "joined",
    "local_days",
    "overlay",
    "work_many",
]

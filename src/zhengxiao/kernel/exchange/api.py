"""The face of data exchange; other packages import only this."""

from __future__ import annotations

from zhengxiao.kernel.exchange.background import (
    MAX_UPLOAD,
    RunNotContinuable,
    import_continue,
    import_request,
)
from zhengxiao.kernel.exchange.engine import RunTakenOver
from zhengxiao.kernel.exchange.models import ImportRun, Rejection, RunState, SourceRecord
from zhengxiao.kernel.exchange.moments import (
    MomentFormats,
    UnreadableMoment,
    UnreadableTerm,
    term_text,
)
from zhengxiao.kernel.exchange.profile import (
    Column,
    EventLog,
    LimitSource,
    MissingValue,
    Profile,
    RawRow,
    Unit,
    UnknownValue,
)
from zhengxiao.kernel.exchange.profile_files import (
    BadProfile,
    NoSuchProfile,
    profile_from,
    profile_load,
    profile_names,
    profile_read,
    register_profiles,
)
from zhengxiao.kernel.exchange.queries import (
    rejected_rows,
    rejections_of,
    run_counts,
    sources_of,
    subject_of,
    warnings_of,
)
from zhengxiao.kernel.exchange.services import (
    OPERATOR_LIMITS,
    KindMismatch,
    Progress,
    UnknownTarget,
    UnreadableFile,
    profile_for,
    run_import,
)
from zhengxiao.kernel.exchange.targets import (
    ImportTarget,
    Outcome,
    Parsed,
    RowRefusal,
    RowRefusals,
    Verdict,
    close_registry,
    register_target,
    row_refusal,
)

__all__ = [
    "MAX_UPLOAD",
    "OPERATOR_LIMITS",
    "BadProfile",
    "Column",
    "EventLog",
    "ImportRun",
    "ImportTarget",
    "KindMismatch",
    "LimitSource",
    "MissingValue",
    "MomentFormats",
    "NoSuchProfile",
    "Outcome",
    "Parsed",
    "Profile",
    "Progress",
    "RawRow",
    "Rejection",
    "RowRefusal",
    "RowRefusals",
    "RunNotContinuable",
    "RunState",
    "RunTakenOver",
    "SourceRecord",
    "Unit",
    "UnknownTarget",
    "UnknownValue",
    "UnreadableFile",
    "UnreadableMoment",
    "UnreadableTerm",
    "Verdict",
    "close_registry",
    "import_continue",
    "import_request",
    "profile_for",
    "profile_from",
    "profile_load",
    "profile_names",
    "profile_read",
    "register_profiles",
    "register_target",
    "rejected_rows",
    "rejections_of",
    "row_refusal",
    "run_counts",
    "run_import",
    "sources_of",
    "subject_of",
    "term_text",
    "warnings_of",
]

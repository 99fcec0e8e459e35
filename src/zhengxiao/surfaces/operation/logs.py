"""Log lines without people: one JSON object per line, with the request they belong to.

What a visitor typed never gets here: lines of the framework lose their arguments (paths, hosts), errors keep
their type and places but not their message (a database quotes values in it), and whatever still looks like the
number of a person or a phone is blotted out.
"""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path
from typing import Any

import structlog
from structlog.contextvars import merge_contextvars
from structlog.typing import EventDict, WrappedLogger

NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15}|(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?![0-9A-Za-z])"
)
"""Resident numbers (18 or 15 places) and mobile numbers, also written with spaces or dashes."""
BLOT = "***"
KEPT = {"request_id", "timestamp", "logger", "level"}
FRAMES = 12


def blotted(text: str) -> str:
    """The text without numbers of persons and phones."""
    return NUMBER.sub(BLOT, text)


def blot(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Every text of the line, blotted; those we wrote ourselves stay."""
    for key, value in event.items():
        if key not in KEPT and isinstance(value, str):
            event[key] = blotted(value)
    return event


def without_arguments(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A line of the framework: what kind of event and which status, not which address or host it was about."""
    record: logging.LogRecord | None = event.get("_record")
    if record is None or not record.name.startswith("django"):
        return event
    if record.name.startswith("django.security"):
        event["event"] = record.name
    elif record.args or getattr(record, "status_code", None):
        words = str(record.msg).replace("%s", "…")
        event["event"] = words if any(letter.isalpha() for letter in words) else record.name
    status = getattr(record, "status_code", None)
    if status is not None:
        event["status"] = status
    return event


def error_places(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Type and places of an error. Its message stays out: it may quote what somebody entered."""
    given = event.pop("exc_info", None)
    event.pop("exc_text", None)
    event.pop("stack_info", None)
    record: logging.LogRecord | None = event.get("_record")
    if not isinstance(given, tuple) and record is not None:
        given = record.exc_info
    error = given[1] if isinstance(given, tuple) else given if isinstance(given, BaseException) else None
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        event["error"] = type(error).__qualname__
        event["places"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-3:])


SHARED: list[Any] = [
    merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
CLEANED: list[Any] = [
    without_arguments,
    error_places,
    blot,
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
]


def json_formatter() -> logging.Formatter:
    """For production: one JSON object per line."""
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=[*CLEANED, render])


def text_formatter() -> logging.Formatter:
    """For a person at a terminal: the same fields, as words."""
    render = structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "logger", "event"])
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=[*CLEANED, render])


def configure() -> None:
    """Lines written through structlog take the same way as those of the standard library."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logging_settings(*, log_format: str, level: str) -> dict[str, Any]:
    """Django's LOGGING. As JSON every request is a line; as text only what reaches `level`."""
    formatter = "json_formatter" if log_format == "json" else "text_formatter"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.{formatter}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would print what was cleaned above once more.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # A refused address is an ordinary request line; only errors of ours are told twice.
            "django.request": {"level": "ERROR"},
            "zhengxiao.requests": {"level": "INFO" if log_format == "json" else level},
        },
    }

"""Limits and steps in words. A step of a process is a bare name, or one with a limit: `{"name": "审核", "term": "3wd"}`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from zhengxiao.backbone.catalogue.limits import Limit, limit_from_text
from zhengxiao.kernel.calendar.api import Term, amount_in_words

_WITH_LIMIT = re.compile(r"(.+?)\s*[：:]\s*(.+)")


def limit_words(limit: Limit) -> str:
    """ "20 个工作日", "即时办结", "无", or empty when not stated, in the language in force; `limit_from_text` reads it."""
    if limit.term is None:
        return gettext("无") if limit.none else ""
    return amount_in_words(limit.term.amount, limit.term.unit) if limit.term.amount else gettext("即时办结")


def step_names(steps: Iterable[Any]) -> tuple[str, ...]:
    """The names alone, for comparing what two offices do."""
    return tuple(str(step.get("name", "")) if isinstance(step, dict) else str(step) for step in steps)


def step_words(steps: Iterable[Any]) -> tuple[str, ...]:
    """Each step as people write it: "受理", "审核：3 个工作日"; `steps_from_words` reads it."""
    return tuple(_words(step) for step in steps)


def _words(step: Any) -> str:
    if not isinstance(step, dict):
        return str(step)
    name, term = str(step.get("name", "")), str(step.get("term") or "")
    return f"{name}：{limit_words(Limit(Term.parse(term)))}" if term else name


def steps_from_words(lines: Iterable[str], before: Iterable[Any] = ()) -> tuple[Any, ...]:
    """The steps as they are stored; a line that says what one of `before` says is that step, whatever stands in it.

    Refuses LimitUnreadable: what stands behind a colon that a person typed is a limit.
    """
    steps = tuple(before)
    known = dict(zip(step_words(steps), steps, strict=True))
    return tuple(known[line] if line in known else _step(line) for line in lines)


def _step(line: str) -> Any:
    found = _WITH_LIMIT.fullmatch(line)
    if found is None:
        return line
    limit = limit_from_text(found[2])
    return {"name": found[1], "term": str(limit.term)} if limit.term else found[1]

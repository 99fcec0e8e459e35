"""The timeline of a case for people: newest first, codes in words, what clocks did beside a move folded away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, pgettext

from zhengxiao.backbone.cases.sheets import term_words
from zhengxiao.backbone.cases.words import METHODS, STEP_OUTCOMES
from zhengxiao.kernel.calendar.api import Term, TermUnreadable
from zhengxiao.kernel.timeline.api import Entry, actor_name, entry_label, entry_text

WARNINGS = ("clock.warned", "clock.breached")
BESIDE_A_MOVE = ("clock.started", "clock.paused", "clock.resumed", "clock.stopped", "clock.extended")


def story(entries: Sequence[Entry], *, everything: bool = False) -> list[dict[str, Any]]:
    """What happened, newest first. Clock entries written by a move are left out unless `everything` is asked for;
    the calculation sheets tell them."""
    moves = {entry.at for entry in entries if entry.fact.startswith("cases.")}
    shown = [
        entry for entry in entries if everything or not (entry.fact in BESIDE_A_MOVE and entry.at in moves)
    ]
    return [_told(entry) for entry in reversed(shown)]


TOLD_TO_THE_PUBLIC = frozenset(
    f"cases.{name}"
    for name in (
        "received", "supplement_asked", "supplement_filed", "lapsed", "accepted", "deemed_accepted", "refused",
        "not_required", "suspended", "resumed", "extended", "decided", "terminated", "withdrawn", "corrected",
        "delivered", "archived", "material_filed", "code_issued",
    )
) | frozenset(f"clock.{name}" for name in ("started", "paused", "resumed", "stopped", "extended", "due_moved"))  # fmt: skip
"""Facts whose words an applicant reads in full: they name no person of the office. Of all others only the name is told."""


def public_story(entries: Sequence[Entry], offices: Mapping[int, str]) -> list[dict[str, Any]]:
    """Every entry of a case for its applicant, newest first: when, what, which office; never who in it."""
    found = []
    for entry in reversed(entries):
        words = _told(entry)["text"] if entry.fact in TOLD_TO_THE_PUBLIC else ""
        label = entry_label(entry)
        office = offices.get(entry.unit_id or 0, "")
        found.append(
            {
                "at": entry.at,
                "label": label,
                "text": "" if words == label else words,
                "office": office,
                "entry": entry,
            }
        )
    return found


def _told(entry: Entry) -> dict[str, Any]:
    entry.data = {key: _worded(key, value) for key, value in entry.told.items()}
    label, text = entry_label(entry), entry_text(entry)
    warns = entry.fact in WARNINGS
    return {
        "at": entry.at,
        "label": "" if warns or label in text else label,
        "text": text,
        "actor_name": actor_name(entry),
        "light": str(entry.data.get("level", "")) if warns else "",
        "light_words": label,
    }


def _term(value: str) -> str:
    try:
        return term_words(Term.parse(value))
    except TermUnreadable:
        return value


def _table(words: Mapping[str, Any]) -> Callable[[str], str]:
    return lambda value: str(words.get(value, value))


_WORDED: dict[str, Callable[[str], str]] = {
    "term": _term,
    "promised": _term,
    "statutory": _term,
    "used": _term,
    "outcome": _table(STEP_OUTCOMES),
    "method": _table(METHODS),
    "clock": gettext,
    "kind": gettext,
    "ground": gettext,
    "result_name": lambda value: pgettext("状态", value),
}


def _worded(key: str, value: Any) -> Any:
    """A stored code in words; everything else as it is."""
    return _WORDED[key](value) if key in _WORDED and isinstance(value, str) and value else value

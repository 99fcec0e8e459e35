"""States and kinds of items. Longer rules stand beside: vocabulary, limits, elements, content. No Django."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class VersionState(StrEnum):
    """The life of a version; whether a published one is in force is read from its dates."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class Kind(StrEnum):
    """办件类型: done on the spot, or within a promised limit."""

    INSTANT = "instant"
    PROMISED = "promised"


class ClaimState(StrEnum):
    """认领: asked for, taken over, or declined with a reason."""

    TO_CLAIM = "to_claim"
    CLAIMED = "claimed"
    DECLINED = "declined"


class Standing(StrEnum):
    """How a version stands on a day, computed from its state and dates."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    COMING = "coming"
    IN_FORCE = "in_force"
    ENDED = "ended"


def standing(state: str, valid_from: date | None, valid_to: date | None, on: date) -> Standing:
    """Where a version stands on the day `on`; validity is half-open [valid_from, valid_to)."""
    if state in (VersionState.DRAFT, VersionState.IN_REVIEW):
        return Standing(state)
    if valid_to is not None and valid_to <= on:
        return Standing.ENDED
    return Standing.COMING if valid_from is not None and valid_from > on else Standing.IN_FORCE

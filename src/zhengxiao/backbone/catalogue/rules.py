"""Pure decisions about items. (Filled step by step; the vocabularies come first.)"""

from __future__ import annotations

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
    TO_CLAIM = "to_claim"
    CLAIMED = "claimed"
    DECLINED = "declined"

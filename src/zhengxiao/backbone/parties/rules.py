"""Pure decisions about parties."""

from __future__ import annotations

from enum import StrEnum


class PartyKind(StrEnum):
    """Who applies. Natural persons first; the rest are organisations."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    INDIVIDUAL_BUSINESS = "individual_business"
    INSTITUTION = "institution"
    SOCIAL_ORG = "social_org"
    AGENCY = "agency"
    OTHER = "other"

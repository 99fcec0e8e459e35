"""Persons and organisations that ask for something, with identifying data sealed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from zhengxiao.backbone.parties.rules import KIND_LABELS, PartyKind, shown_name
from zhengxiao.kernel.access.api import ScopedQuerySet, ScopeFields

PARTY_SCOPE = ScopeFields(region="region_id", department=None, unit=None, person=None)


class PartyQuerySet(ScopedQuerySet["Party"]):
    """Parties of the regions the actor works for."""

    scope_fields = PARTY_SCOPE
    view_action = "parties.view"


class Party(models.Model):
    """An applicant. Identity and contact data are sealed; the masked forms beside them are what pages show.

    `id_index` and `contact_phone_index` are keyed blind indexes: they find the same number again without showing it.
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=300)
    credit_code = models.CharField(max_length=18, blank=True)
    id_type = models.CharField(max_length=20, blank=True)
    id_sealed = models.TextField(blank=True)
    id_index = models.CharField(max_length=64, blank=True)
    id_masked = models.CharField(max_length=60, blank=True)
    contact_name_sealed = models.TextField(blank=True)
    contact_name_masked = models.CharField(max_length=100, blank=True)
    contact_phone_sealed = models.TextField(blank=True)
    contact_phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    contact_phone_masked = models.CharField(max_length=40, blank=True)
    region = models.ForeignKey(
        "orgs.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="parties"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    warnings = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="party_credit_code_once"
            ),
            models.UniqueConstraint(
                fields=["id_type", "id_index"], condition=~Q(id_index=""), name="party_id_once"
            ),
            models.CheckConstraint(
                name="party_kind_known", condition=Q(kind__in=[kind.value for kind in PartyKind])
            ),
        ]
        indexes = [models.Index(fields=["name"], name="party_name")]

    def __str__(self) -> str:
        return self.masked_name

    @property
    def masked_name(self) -> str:
        """The name as lists show it: persons masked, organisations in full."""
        return shown_name(self.kind, self.name)

    @property
    def kind_label(self) -> str:
        return KIND_LABELS[self.kind]


class Look(models.Model):
    """One full value shown to one person: who, what of whom, why, about which matter. Never changed.

    `hidden_until`: a lawful exemption keeps it from the person concerned until that day.
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="looks")
    what = models.CharField(max_length=40)
    purpose = models.CharField(max_length=20)
    note = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    user_name = models.CharField(max_length=100)
    unit = models.ForeignKey("orgs.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    hidden_until = models.DateField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["user", "at"], name="party_look_by_user")]


class LookTurn(models.Model):
    """Counts the looks of a person, so that two at once cannot both be the last one allowed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.PROTECT)
    number = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)

"""Items in two tiers (basic directory, implementation list), their versions, materials and claims."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from zhengxiao.backbone.catalogue.content import stored_limit
from zhengxiao.backbone.catalogue.limits import Limit
from zhengxiao.backbone.catalogue.rules import ClaimState, Kind, VersionState
from zhengxiao.kernel.access.api import ScopeFields, scope_q
from zhengxiao.lib.actors import Actor

SHOWN_STATES = (VersionState.PUBLISHED.value, VersionState.RETIRED.value)
OPEN_STATES = (VersionState.DRAFT.value, VersionState.IN_REVIEW.value)
ITEM_SCOPE = ScopeFields(
    region="region_id", department="unit__department_id", unit="unit_id", person="created_by_id"
)
VERSION_SCOPE = ScopeFields(
    region="item__region_id",
    department="item__unit__department_id",
    unit="item__unit_id",
    person="changed_by_id",
)
CLAIM_SCOPE = ScopeFields(
    region="unit__region_id", department="unit__department_id", unit="unit_id", person="decided_by_id"
)


class BasicItem(models.Model):
    """One entry of the basic directory (基本目录): the record all levels have to agree with."""

    code = models.CharField(max_length=40, unique=True)
    scheme = models.CharField(max_length=32, default="basic_12")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField(max_length=1000)
    sub_name = models.CharField(max_length=1000, blank=True)
    task_type = models.CharField(max_length=2)
    levels = models.CharField(max_length=7, blank=True)
    """Digits of the levels that exercise it (1 nation … 7 several), for example "34"."""
    legal_basis = models.TextField(blank=True)
    process_steps = models.JSONField(default=list, blank=True)
    statutory_amount = models.PositiveIntegerField(null=True, blank=True)
    statutory_unit = models.CharField(max_length=3, blank=True)
    statutory_none = models.BooleanField(default=False)
    material_names = models.JSONField(default=list, blank=True)
    form_ref = models.CharField(max_length=500, blank=True)
    edition = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(default=1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=255, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="basicitem_validity_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ItemQuerySet(models.QuerySet["Item"]):
    """Items by who may see them: everybody those that were ever published, the others by post."""

    def visible_to(self, actor: Actor, action: str = "catalogue.view") -> ItemQuerySet:
        reached = scope_q(actor, action, ITEM_SCOPE)
        # An empty condition is "everything"; OR-ing something to it would narrow it.
        if action != "catalogue.view" or not reached:
            return self.filter(reached)
        shown = ItemVersion.objects.filter(item=OuterRef("pk"), state__in=SHOWN_STATES)
        return self.filter(reached | Q(Exists(shown)))


class Item(models.Model):
    """One entry of an implementation list (实施清单): what one department of one region offers."""

    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="items")
    region = models.ForeignKey("orgs.Region", on_delete=models.PROTECT, related_name="items")
    basic = models.ForeignKey(
        BasicItem, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    code = models.CharField(max_length=80, unique=True)
    """The code the item is known by, in its scheme: implementation code, handling code or a local one."""
    scheme = models.CharField(max_length=32)
    implementation_code = models.CharField(max_length=31, blank=True, db_index=True)
    handling_serial = models.CharField(max_length=8, blank=True)
    local_catalog_code = models.CharField(max_length=50, blank=True)
    local_task_code = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=1, blank=True)
    main_name = models.CharField(max_length=500, blank=True)
    """The main item it is listed under, where the source names one."""
    source = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["unit", "region"], name="item_unit_region")]

    def __str__(self) -> str:
        return self.code


class ItemVersionQuerySet(models.QuerySet["ItemVersion"]):
    """Versions by validity and by who may see them."""

    def visible_to(self, actor: Actor, action: str = "catalogue.view") -> ItemVersionQuerySet:
        """Published versions for everybody, drafts and those in review by post; other actions by post alone."""
        reached = scope_q(actor, action, VERSION_SCOPE)
        if action != "catalogue.view" or not reached:
            return self.filter(reached)
        return self.filter(reached | Q(state__in=SHOWN_STATES))

    def in_force(self, on: dt.date) -> ItemVersionQuerySet:
        """The versions valid on the day `on`; by construction at most one of each item."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=on), state__in=SHOWN_STATES, valid_from__lte=on
        )


class ItemVersion(models.Model):
    """What an item promises from `valid_from` until before `valid_to`. Once published it never changes."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default=VersionState.DRAFT.value)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    name = models.CharField(max_length=1000)
    sub_name = models.CharField(max_length=1000, blank=True)
    task_type = models.CharField(max_length=2)
    kind = models.CharField(max_length=10, blank=True)
    legal_basis = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    process_steps = models.JSONField(default=list, blank=True)
    process_text = models.TextField(blank=True)
    statutory_amount = models.PositiveIntegerField(null=True, blank=True)
    statutory_unit = models.CharField(max_length=3, blank=True)
    statutory_none = models.BooleanField(default=False)
    promised_amount = models.PositiveIntegerField(null=True, blank=True)
    promised_unit = models.CharField(max_length=3, blank=True)
    form_ref = models.CharField(max_length=500, blank=True)
    visits = models.PositiveSmallIntegerField(null=True, blank=True)
    visits_reason = models.TextField(blank=True)
    has_fee = models.BooleanField(null=True, blank=True)
    fee_basis = models.TextField(blank=True)
    fee_standard = models.TextField(blank=True)
    location = models.TextField(blank=True)
    office_hours = models.TextField(blank=True)
    consult_phone = models.CharField(max_length=200, blank=True)
    complaint_phone = models.CharField(max_length=200, blank=True)
    result_name = models.CharField(max_length=500, blank=True)
    service_objects = models.JSONField(default=list, blank=True)
    themes = models.JSONField(default=list, blank=True)
    handle_forms = models.JSONField(default=list, blank=True)
    co_departments = models.TextField(blank=True)
    is_online = models.BooleanField(null=True, blank=True)
    online_url = models.CharField(max_length=2000, blank=True)
    online_depth = models.CharField(max_length=20, blank=True)
    is_nearby = models.BooleanField(null=True, blank=True)
    is_express = models.BooleanField(null=True, blank=True)
    is_bookable = models.BooleanField(null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    """What the source said beyond the fields above, kept by its own names."""

    warnings = models.JSONField(default=list, blank=True)
    """Faults accepted on import: rows of {"code", "field", "text", "params"}."""
    digest = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()
    authors = models.JSONField(default=list, blank=True)
    """Ids of all who drafted, revised or submitted this version; none of them may approve it."""
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.TextField(blank=True)

    objects = ItemVersionQuerySet.as_manager()

    class Meta:
        ordering = ["item_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="itemversion_number_once"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=OPEN_STATES),
                name="itemversion_one_draft_per_item",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state=VersionState.PUBLISHED.value, valid_to__isnull=True),
                name="itemversion_one_open_ended_per_item",
            ),
            models.CheckConstraint(
                name="itemversion_state_known", condition=Q(state__in=[state.value for state in VersionState])
            ),
            models.CheckConstraint(
                name="itemversion_kind_known", condition=Q(kind__in=["", *(kind.value for kind in Kind)])
            ),
            models.CheckConstraint(
                name="itemversion_shown_has_valid_from",
                condition=Q(state__in=OPEN_STATES) | Q(valid_from__isnull=False),
            ),
            models.CheckConstraint(
                name="itemversion_validity_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="itemversion_instant_promises_nothing",
                condition=~Q(kind=Kind.INSTANT.value) | Q(promised_amount=0),
            ),
            models.CheckConstraint(
                name="itemversion_none_has_no_amount",
                condition=Q(statutory_none=False) | Q(statutory_amount__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "valid_from", "valid_to"], name="itemversion_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    @property
    def unit_id(self) -> int:
        """The department the version belongs to; facts are filed under it."""
        return self.item.unit_id

    @property
    def statutory(self) -> Limit:
        return stored_limit(self.statutory_amount, self.statutory_unit, none=self.statutory_none)

    @property
    def promised(self) -> Limit:
        return stored_limit(self.promised_amount, self.promised_unit)


class ItemMaterial(models.Model):
    """One document an applicant hands in, in the order of the guide."""

    version = models.ForeignKey(ItemVersion, on_delete=models.CASCADE, related_name="materials")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=1000)
    necessity = models.CharField(max_length=12, default="required")
    document_kind = models.CharField(max_length=40, blank=True)
    medium = models.CharField(max_length=40, blank=True)
    copies = models.PositiveSmallIntegerField(null=True, blank=True)
    specification = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=200, blank=True)
    legal_basis = models.TextField(blank=True)
    standard = models.TextField(blank=True)
    form_ref = models.CharField(max_length=500, blank=True)
    sample_ref = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="itemmaterial_position_once"),
        ]


class ItemClaimQuerySet(models.QuerySet["ItemClaim"]):
    """Claims by who may see or decide them."""

    def visible_to(self, actor: Actor, action: str = "catalogue.view") -> ItemClaimQuerySet:
        return self.filter(scope_q(actor, action, CLAIM_SCOPE))


class ItemClaim(models.Model):
    """Whether a department takes an entry of the basic directory over into its own list (认领)."""

    basic = models.ForeignKey(BasicItem, on_delete=models.PROTECT, related_name="claims")
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="item_claims")
    state = models.CharField(max_length=10, default=ClaimState.TO_CLAIM.value)
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="claims")
    reason = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ItemClaimQuerySet.as_manager()

    class Meta:
        ordering = ["basic_id", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["basic", "unit"], name="itemclaim_once"),
            models.CheckConstraint(
                name="itemclaim_state_known", condition=Q(state__in=[state.value for state in ClaimState])
            ),
            models.CheckConstraint(
                name="itemclaim_declined_has_reason",
                condition=~Q(state=ClaimState.DECLINED.value) | ~Q(reason=""),
            ),
        ]

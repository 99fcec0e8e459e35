"""Where government works: regions, units, and who holds which post there from when to when."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.orgs.rules import CODE_SHAPES, UNIT_CODE_PATTERN, Level, UnitKind
from zhengxiao.lib.actors import Role

LEVELS = [
    (Level.NATION.value, _("国家级")),
    (Level.PROVINCE.value, _("省级")),
    (Level.CITY.value, _("市级")),
    (Level.COUNTY.value, _("县级")),
    (Level.TOWN.value, _("乡级")),
    (Level.VILLAGE.value, _("村级")),
]
KINDS = [
    (UnitKind.DEPARTMENT.value, _("部门")),
    (UnitKind.SECTION.value, _("科室")),
    (UnitKind.WINDOW.value, _("窗口")),
    (UnitKind.CENTRE.value, _("政务服务中心")),
]
ROLES = [
    (Role.CITIZEN.value, _("办事群众")),
    (Role.WINDOW_CLERK.value, _("窗口人员")),
    (Role.APPROVER.value, _("审批人员")),
    (Role.DEPARTMENT_HEAD.value, _("部门负责人")),
    (Role.SUPERVISOR.value, _("监督人员")),
    (Role.LEADER.value, _("领导")),
    (Role.AUDITOR.value, _("审计员")),
    (Role.SYSTEM_ADMIN.value, _("系统管理员")),
    (Role.SECURITY_ADMIN.value, _("安全管理员")),
    (Role.SYSTEM_CLIENT.value, _("系统客户端")),
]


class Region(models.Model):
    """An administrative division. `path` holds the significant digits of the chain, `/44/4401/440103/`."""

    code = models.CharField(_("区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=64)
    level = models.PositiveSmallIntegerField(_("层级"), choices=LEVELS)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级区划"),
    )
    path = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("行政区划")
        verbose_name_plural = _("行政区划")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                # One alternative per level: the digits below the level are zeros, its own group is not.
                condition=Q(
                    *[Q(level=level.value, code__regex=shape) for level, shape in CODE_SHAPES.items()],
                    _connector=Q.OR,
                ),
                name="orgs_region_level_matches_code",
            ),
            models.CheckConstraint(
                condition=Q(path__startswith="/") & Q(path__endswith="/"), name="orgs_region_path_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A department, section, window or service centre. `path` holds the chain's codes, `/A01/A01-W1/`."""

    code = models.CharField(_("机构编码"), max_length=32, unique=True)
    name = models.CharField(_("机构名称"), max_length=128)
    short_name = models.CharField(_("简称"), max_length=32)
    kind = models.CharField(_("类别"), max_length=16, choices=KINDS)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="units", verbose_name=_("行政区划")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级机构"),
    )
    # Null only between the two statements that create a department, which is its own department.
    department = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="members", verbose_name=_("所属部门")
    )
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    path = models.CharField(max_length=255, unique=True)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("机构")
        verbose_name_plural = _("机构")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=UNIT_CODE_PATTERN), name="orgs_unit_code_shape"),
            # Paths are compared by prefix, and SQLite compares without regard to case.
            models.UniqueConstraint(Lower("code"), name="orgs_unit_code_any_case"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in UnitKind]), name="orgs_unit_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[UnitKind.DEPARTMENT.value, UnitKind.CENTRE.value])
                | Q(department__isnull=False),
                name="orgs_unit_part_has_a_department",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name


class ValidQuerySet(models.QuerySet):
    """Rows with a half-open period [valid_from, valid_to)."""

    def valid_on(self, on: date) -> ValidQuerySet:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


class Post(models.Model):
    """A person holds a role at a unit. Never deleted: a post that ends gets `valid_to`, its first day without
    force.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts", verbose_name=_("人员")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts", verbose_name=_("机构"))
    role = models.CharField(_("岗位角色"), max_length=24, choices=ROLES)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        ordering = ["valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="orgs_post_role_known"
            ),
            models.CheckConstraint(
                # An empty period is a post taken back before its first day.
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="orgs_post_period_in_order",
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(valid_to__isnull=True),
                name="orgs_post_open_once",
            ),
        ]
        indexes = [models.Index(fields=["unit", "role"], name="orgs_post_unit_role")]


class Delegation(models.Model):
    """Somebody acts for the holder of a post for a while. It has force only while the holder still holds the
    post.
    """

    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="delegations_given",
        verbose_name=_("委托人"),
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="delegations_held",
        verbose_name=_("受托人"),
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="delegations", verbose_name=_("机构")
    )
    role = models.CharField(_("岗位角色"), max_length=24, choices=ROLES)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"))
    ground = models.CharField(_("委托依据"), max_length=255)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位委托")
        verbose_name_plural = _("岗位委托")
        ordering = ["valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="orgs_delegation_role_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="orgs_delegation_period_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(from_user=F("to_user")), name="orgs_delegation_not_to_oneself"
            ),
            models.CheckConstraint(condition=~Q(ground=""), name="orgs_delegation_has_a_ground"),
        ]

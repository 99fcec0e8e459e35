"""A district with a department, its section and window, and a supervisor beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction

from zhengxiao.kernel.timeline.api import Entry, Subject, record
from zhengxiao.lib.actors import SYSTEM, Role

User = get_user_model()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # Monday 2 March 2026, 12:00 in China


@dataclass
class District:
    """Units by name and people by the post they hold."""

    units: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)

    def person(self, name: str, **options: Any) -> Any:
        self.people[name] = User.objects.create(
            username=name, display_name=f"王示例{len(self.people)}", joined_at=LONG_AGO, **options
        )
        return self.people[name]

    def post(self, name: str, unit: str, role: Role, valid_to: date | None = None) -> None:
        apps.get_model("orgs.Post").objects.create(
            user=self.people.get(name) or self.person(name),
            unit=self.units[unit],
            role=role.value,
            valid_from=date(2020, 1, 1),
            valid_to=valid_to,
            assigned_at=LONG_AGO,
        )

    def clock(self, owner: str | None = "clerk", unit: str = "window") -> Any:
        rule = apps.get_model("clock.ClockRule").objects.get_or_create(
            code="test.promised",
            version=1,
            defaults={
                "label": "承诺时限",
                "kind": "promised",
                "legal_ground": "示例依据",
                "policy": "two_limits",
                "valid_from": date(2020, 1, 1),
            },
        )[0]
        return apps.get_model("clock.Clock").objects.create(
            subject_kind="sample",
            subject_id=7,
            kind="promised",
            label="承诺时限",
            rule=rule,
            term_amount=5,
            term_unit="wd",
            region="CN",
            owner_unit=self.units[unit],
            owner=self.people[owner] if owner else None,
            started_at=LONG_AGO,
        )


@pytest.fixture
def district(db: None) -> District:
    made = District()
    region_model, unit_model = apps.get_model("orgs.Region"), apps.get_model("orgs.Unit")
    province = region_model.objects.create(
        code="440000000000", name="示例省", level=2, path="/44/", created_at=LONG_AGO
    )
    city = region_model.objects.create(
        code="440100000000", name="示例市", level=3, path="/44/4401/", parent=province, created_at=LONG_AGO
    )
    parent = None
    for name, kind, region in (
        ("department", "department", city),
        ("section", "section", city),
        ("window", "window", city),
        ("bureau", "department", city),
        ("provincial", "department", province),
    ):
        inside = name in {"section", "window"}
        path = f"{parent.path}{name.upper()}/" if inside and parent else f"/{name.upper()}/"
        unit = unit_model.objects.create(
            code=name.upper(),
            name=name,
            short_name=name,
            kind=kind,
            region=region,
            parent=parent if inside else None,
            department=made.units.get("department") if inside else None,
            path=path,
            created_at=LONG_AGO,
        )
        if not inside:
            unit_model.objects.filter(pk=unit.pk).update(department=unit)
        made.units[name] = parent = unit
    made.post("clerk", "window", Role.WINDOW_CLERK)
    made.post("colleague", "window", Role.WINDOW_CLERK)
    made.post("chief", "window", Role.APPROVER)
    made.post("section_approver", "section", Role.APPROVER)
    made.post("head", "department", Role.DEPARTMENT_HEAD)
    made.post("supervisor", "bureau", Role.SUPERVISOR)
    made.post("provincial_supervisor", "provincial", Role.SUPERVISOR)
    made.post("former_head", "department", Role.DEPARTMENT_HEAD, valid_to=date(2026, 3, 2))
    return made


Tell = Callable[..., Entry]


@pytest.fixture
def tell() -> Tell:
    def say(fact: str, clock: Any, *, at: datetime = NOON, actor: Any = SYSTEM, **data: Any) -> Entry:
        with transaction.atomic():
            return record(
                fact=fact,
                subject=Subject(clock.subject_kind, clock.subject_id),
                actor=actor,
                at=at,
                unit_id=clock.owner_unit_id,
                data={"clock": clock.label, "clock_id": clock.pk, "due_on": date(2026, 3, 4), **data},
            )

    return say

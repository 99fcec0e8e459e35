"""An item in force and cases on it, for the tests of every package above. Not imported by the product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.services import Intake, MaterialIn, case_move, case_receive
from zhengxiao.backbone.catalogue.api import Item, ItemVersion
from zhengxiao.kernel.access.testing import SampleOrg, sample_org
from zhengxiao.kernel.calendar.api import install_shipped
from zhengxiao.lib.actors import Actor, Role


@dataclass(frozen=True, slots=True)
class CaseWorld:
    """The sample organisation with one item (statutory 20, promised 10 working days) in force since 2025."""

    org: SampleOrg
    item: Item
    version: ItemVersion

    @property
    def clerk(self) -> Actor:
        return self.org.actor(Role.WINDOW_CLERK)

    @property
    def approver(self) -> Actor:
        return self.org.actor(Role.APPROVER)

    @property
    def head(self) -> Actor:
        return self.org.actor(Role.DEPARTMENT_HEAD)

    def receive(self, *, at: datetime, **changes: Any) -> Case:
        """A case received at the market office's window."""
        values: dict[str, Any] = {
            "item_id": self.item.pk,
            "applicant_name": "示例建设有限公司",
            "unit_id": self.org.section.pk,
            "window_id": self.org.window.pk,
            "materials": (MaterialIn("申请表"),),
            **changes,
        }
        return case_receive(intake=Intake(**values), actor=self.clerk, at=at)

    def move(
        self,
        case: Case,
        transition: str,
        *,
        at: datetime,
        actor: Actor | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Case:
        """One move; by the window clerk at the gate and at delivery, by the approver between them."""
        by_clerk = {
            "accept",
            "ask_supplement",
            "file_supplement",
            "lapse",
            "refuse",
            "not_required",
            "deliver",
            "withdraw",
        }
        who = actor or (self.clerk if transition in by_clerk else self.approver)
        return case_move(case_id=case.pk, transition=transition, actor=who, at=at, data=data)

    def accepted(self, *, at: datetime, **changes: Any) -> Case:
        case = self.receive(at=at, **changes)
        return self.move(case, "accept", at=at + timedelta(minutes=5))


def item_in_force(
    org: SampleOrg,
    *,
    code: str = "11990000MB00000001399010200100101",
    statutory: int | None = 20,
    promised: int | None = 10,
    unit: str = "wd",
    kind: str = "promised",
    process_steps: list[dict[str, str]] | None = None,
) -> tuple[Item, ItemVersion]:
    """A published item of the market office, written directly: tests of cases do not retell the catalogue's review."""
    item = Item.objects.create(
        unit=org.market, region=org.district_a, code=code, scheme="local", created_at=org.at
    )
    version = ItemVersion.objects.create(
        item=item,
        number=1,
        state="published",
        valid_from=date(2025, 1, 1),
        name="建筑工程施工许可证核发",
        task_type="01",
        kind=kind,
        statutory_amount=statutory,
        statutory_unit=unit if statutory is not None else "",
        statutory_none=statutory is None,
        promised_amount=promised,
        promised_unit=unit if promised is not None else "",
        process_steps=process_steps or [],
        changed_at=org.at,
    )
    return item, version


def case_world(**item: Any) -> CaseWorld:
    """Make organisation, calendar and item in an empty test database."""
    org = sample_org()
    install_shipped(at=org.at)
    made, version = item_in_force(org, **item)
    return CaseWorld(org, made, version)

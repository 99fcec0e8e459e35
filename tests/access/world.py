"""Two cities with cases in every state at every place, and people at every distance from them.

Places of a case, as seen from the window W1 of the market office of district A, city 9901:

    H  here: this window          W  another window of the same office      D  another office of the district
    R  the same office of district B, same city                             C  another city
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.test import Client

from zhengxiao.backbone.cases.api import Case, Intake, MaterialIn, case_move, case_receive
from zhengxiao.backbone.catalogue.api import Item, ItemVersion
from zhengxiao.backbone.catalogue.models import BasicItem, ItemClaim
from zhengxiao.backbone.parties.models import Party
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.access.testing import AT, SINCE, SampleOrg, sample_org
from zhengxiao.kernel.calendar.api import install_shipped
from zhengxiao.kernel.clock.api import Clock
from zhengxiao.kernel.exchange.api import ImportRun
from zhengxiao.kernel.exchange.models import Rejection
from zhengxiao.kernel.identity.api import NewUser, User, users_bulk_create
from zhengxiao.kernel.notices.models import Notice
from zhengxiao.kernel.orgs.api import (
    NewPost,
    NewRegion,
    NewUnit,
    Region,
    Unit,
    posts_bulk_create,
    regions_bulk_create,
    units_bulk_create,
)
from zhengxiao.kernel.timeline.models import Entry
from zhengxiao.kernel.webhooks.api import Message, WebhookTarget
from zhengxiao.lib.actors import SYSTEM, Actor, Role

RECEIVED = AT
NOW = AT + timedelta(hours=6)
"""Wednesday 2026-03-04 16:00 Shanghai: everything below was received that morning."""
LATER = AT + timedelta(days=120)

PLACES = "HWDRC"
SEATS = {
    "H": ("A-MARKET", "A-MARKET-S1", "A-MARKET-W1"),
    "W": ("A-MARKET", "A-MARKET-S1", "A-MARKET-W2"),
    "D": ("A-HOUSING", "A-HOUSING-S1", "A-HOUSING-W1"),
    "R": ("B-MARKET", "B-MARKET-S1", "B-MARKET-W1"),
    "C": ("C-MARKET", "C-MARKET-S1", "C-MARKET-W1"),
}
PEOPLE = (*(role.value for role in Role), "clerk-beside", "clerk-housing", "head-housing", "clerk-b")
PEOPLE = (*PEOPLE, "supervisor-b", "two-posts", "no-post", "visitor")

SUPPLEMENT = {"items": "缺少施工合同", "document_no": "示补〔2026〕1 号"}
PROCEDURE = {
    "kind": "expert_review",
    "reason": "需专家评审",
    "expected_days": "5",
    "notice_no": "示特〔2026〕1 号",
}
GRANT = {"result_no": "示许准〔2026〕1 号", "certificate_no": "示证 1"}
EXTENSION = {"amount": "5", "reason": "需补充勘验"}
WAYS: dict[str, tuple[tuple[str, dict[str, str]], ...]] = {
    "received": (),
    "supplementing": (("ask_supplement", SUPPLEMENT),),
    "accepted": (("accept", {}),),
    "asked": (("accept", {}), ("request_extension", EXTENSION)),
    "reviewing": (("accept", {}), ("start_review", {})),
    "suspended": (("accept", {}), ("suspend", PROCEDURE)),
    "granted": (("accept", {}), ("grant", GRANT)),
    "delivered": (("accept", {}), ("grant", GRANT), ("deliver", {"method": "window"})),
}


@dataclass
class World:
    """What was laid out. `cases` by (place, how far it got); `people` by name, the visitor is None."""

    org: SampleOrg
    units: Mapping[str, Unit]
    people: Mapping[str, User | None]
    clients: dict[str, Client] = field(default_factory=dict)
    cases: dict[tuple[str, str], Case] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    versions: dict[tuple[str, str], ItemVersion] = field(default_factory=dict)
    claims: dict[str, ItemClaim] = field(default_factory=dict)
    runs: dict[str, ImportRun] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    basic: Any = None

    def actor(self, who: str, *, at: datetime = NOW) -> Actor:
        user = self.people[who]
        return actor_for(user, at=at) if user is not None else Actor(user_id=None, name="访客")

    def department(self, place: str) -> Unit:
        return self.units[SEATS[place][0]]

    def receive(self, place: str, *, at: datetime = RECEIVED, **changes: Any) -> Case:
        _department, section, window = SEATS[place]
        values: dict[str, Any] = {
            "item_id": self.versions[place, "published"].item_id,
            "applicant_name": f"示例{place}处建设有限公司",
            "unit_id": self.units[section].pk,
            "window_id": self.units[window].pk,
            "materials": (MaterialIn("申请表"),),
            **changes,
        }
        return case_receive(intake=Intake(**values), actor=SYSTEM, at=at)


def build() -> World:
    """Everything, in an empty database."""
    org = sample_org()
    install_shipped(at=org.at)
    units = {**org.units, **_more_units()}
    world = World(org, MappingProxyType(units), MappingProxyType(_people(org, units)))
    for who, user in world.people.items():
        world.clients[who] = Client()
        if user is not None:
            world.clients[who].force_login(user)
    _items(world)
    for place in PLACES:
        for state, way in WAYS.items():
            world.cases[place, state] = _lived(world, place, way)
        accepted = world.cases[place, "accepted"]
        world.clocks[place] = Clock.objects.filter(subject_kind="case", subject_id=accepted.pk).order_by(
            "pk"
        )[0]
    _imports(world)
    _notices(world)
    return world


def _more_units() -> dict[str, Unit]:
    regions_bulk_create(
        [
            NewRegion("990200000000", "示例二市", "990000000000"),
            NewRegion("990202000000", "示例丙区", "990200000000"),
        ],
        actor=SYSTEM,
        at=AT,
    )
    return dict(
        units_bulk_create(
            [
                NewUnit("A-MARKET-W2", "甲区市场监管局二号窗口", "window", "990102000000", "A-MARKET"),
                NewUnit(
                    "C-MARKET", "示例丙区市场监管局", "department", "990202000000", short_name="丙区市监局"
                ),
                NewUnit("C-MARKET-S1", "丙区市监局审批科", "section", "990202000000", "C-MARKET"),
                NewUnit("C-MARKET-W1", "丙区市监局窗口", "window", "990202000000", "C-MARKET"),
            ],
            actor=SYSTEM,
            at=AT,
        )
    )


def _people(org: SampleOrg, units: Mapping[str, Unit]) -> dict[str, User | None]:
    """The sample people; one who is clerk here and head of the office next door; one without any post."""
    both, nobody = users_bulk_create(
        [NewUser("two-posts", "郑示例"), NewUser("no-post", "冯示例")], password=None, actor=SYSTEM, at=AT
    )
    posts_bulk_create(
        [
            NewPost(both.pk, units["A-MARKET-W1"].pk, Role.WINDOW_CLERK, SINCE),
            NewPost(both.pk, units["A-HOUSING"].pk, Role.DEPARTMENT_HEAD, SINCE),
        ],
        actor=SYSTEM,
        at=AT,
    )
    named: dict[str, User | None] = {role.value: user for role, user in org.users.items()}
    named |= {name: org.neighbours[name] for name in PEOPLE if name in org.neighbours}
    named |= {"two-posts": both, "no-post": nobody, "visitor": None}
    return named


def _items(world: World) -> None:
    """Per office an item in force, one that is only a draft, one in review; one basic entry; claims."""
    world.basic = BasicItem.objects.create(
        code="000100001000", name="示例许可", task_type="01", valid_from=date(2025, 1, 1), changed_at=AT
    )
    for number, place in enumerate("HDRC", start=1):
        department = world.department(place)
        region = Region.objects.get(pk=department.region_id)
        for step, state in enumerate(("published", "draft", "in_review"), start=1):
            item = Item.objects.create(
                unit=department,
                region=region,
                code=f"11990000MB00000{number}{step}990102001001",
                scheme="local",
                created_at=AT,
                basic=world.basic,
            )
            world.versions[place, state] = ItemVersion.objects.create(
                item=item,
                number=1,
                state=state,
                valid_from=date(2025, 1, 1) if state == "published" else None,
                name=f"示例{place}{state}许可",
                task_type="01",
                kind="promised",
                statutory_amount=20,
                statutory_unit="wd",
                promised_amount=10,
                promised_unit="wd",
                changed_at=AT,
            )
        world.claims[place] = ItemClaim.objects.create(basic=world.basic, unit=department, asked_at=AT)
        Party.objects.create(
            kind="enterprise",
            name=f"示例{place}处建设有限公司",
            region_id=department.region_id,
            created_at=AT,
        )
    world.versions |= {
        ("W", state): world.versions["H", state] for state in ("published", "draft", "in_review")
    }


def _lived(world: World, place: str, way: tuple[tuple[str, dict[str, str]], ...]) -> Case:
    case = world.receive(place)
    for minutes, (transition, data) in enumerate(way, start=5):
        actor = SYSTEM
        case = case_move(
            case_id=case.pk,
            transition=transition,
            actor=actor,
            at=RECEIVED + timedelta(minutes=minutes),
            data=data,
        )
    return Case.objects.get(pk=case.pk)


def _imports(world: World) -> None:
    """One run asked for by the supervisor of each district, one from the command line; each refused a row."""
    for name, who in (("own", "supervisor"), ("other", "supervisor-b"), ("operator", None)):
        run = ImportRun.objects.create(
            kind="cases",
            source_system=f"source-{name}",
            profile="permit-table",
            profile_digest="0" * 64,
            file_name=f"{name}.csv",
            file_digest=name.ljust(64, "0"),
            state="stopped",
            read=1,
            rejected=1,
            rows_read=1,
            rows_rejected=1,
            started_at=AT,
            requested_by=world.people[who] if who else None,
        )
        world.runs[name] = run
        Rejection.objects.create(
            run=run,
            unit=1,
            row_from=2,
            row_to=2,
            code="missing",
            reason="缺少收件时间",
            raw=[{"row": 2, "values": [["申请人", f"拒收{name}王示例"]]}],
            at=AT,
        )


def _notices(world: World) -> None:
    entry = Entry.objects.order_by("pk")[0]
    for who in ("window_clerk", "clerk-b"):
        user = world.people[who]
        assert user is not None
        world.notices[who] = Notice.objects.create(
            recipient=user, fact="clock.warned", entry=entry, title=f"告{who}", level="red", created_at=AT
        )


def way_out(world: World, state: str) -> tuple[WebhookTarget, Message]:
    """A target that the system administrator proposed, and an event it could not take."""
    target = WebhookTarget.objects.create(
        name="示例交换平台",
        owner=world.units["A-MARKET"],
        user=world.people["auditor"],
        url="https://example.com/hook",
        facts=["cases.accepted"],
        state=state,
        proposed_by=world.people["system_admin"],
        proposed_at=AT,
        active_since=AT if state == "active" else None,
    )
    case = world.cases[PLACES[0], "accepted"]
    message = Message.objects.create(
        target=target,
        entry=Entry.objects.filter(subject_kind="case", subject_id=case.pk).order_by("pk")[0],
        fact="cases.accepted",
        subject_kind="case",
        subject_id=case.pk,
        subject_name=case.number,
        state="dead",
        created_at=AT,
        not_before=AT,
    )
    return target, message

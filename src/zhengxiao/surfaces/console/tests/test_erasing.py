"""The page of erasing: a look first, then for good; never while the case runs; numbers typed are kept nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.backbone.parties.api import NewParty, Party, party_find_or_create
from zhengxiao.kernel.proof.api import verify
from zhengxiao.kernel.timeline.api import Entry, PersonalPart
from zhengxiao.lib.actors import SYSTEM, Role

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
GROUND = "本人申请 示申〔2026〕1 号"
NUMBER = "11010519491231002X"


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> CaseWorld:
    settings.HOME, settings.CHECKPOINT_DIR, settings.ZX_MOMENT = (
        tmp_path / "home",
        "",
        AT + timedelta(hours=1),
    )
    return case_world()


@pytest.fixture
def admin(world: CaseWorld) -> Client:
    client = Client()
    client.force_login(world.org.users[Role.SECURITY_ADMIN])
    return client


def asked(client: Client, **said: str) -> Any:
    return client.post(reverse("console:erase"), {"ground": GROUND, **said})


def test_the_page_tells_how_much_there_is_and_erases_only_when_it_is_said_again(
    world: CaseWorld, admin: Client
) -> None:
    case = world.accepted(at=AT, applicant_name="示例甲", summary="示例摘要")
    world.move(case, "withdraw", at=AT + timedelta(minutes=9), data={"reason": "不办了"})
    looked = asked(admin, kind="case", number=case.number)
    assert "处个人信息" in looked.content.decode()
    assert "示例甲" not in looked.content.decode()
    assert Case.objects.get(pk=case.pk).applicant_name == "示例甲"
    done = asked(admin, kind="case", number=case.number, sure="on")
    assert done.status_code == 302
    assert Case.objects.get(pk=case.pk).applicant_name == ""
    assert not PersonalPart.objects.filter(entry__subject_kind="case", entry__subject_id=case.pk).exists()
    assert GROUND in admin.get(reverse("console:erase")).content.decode()
    again = asked(admin, kind="case", number=case.number, sure="on")
    assert (again.status_code, "没有可清除的个人信息" in again.content.decode()) == (422, True)


def test_what_is_still_needed_unknown_or_without_ground_is_refused_by_name(
    world: CaseWorld, admin: Client
) -> None:
    case = world.accepted(at=AT, applicant_name="示例甲")
    before = Entry.objects.count()
    for said, words in (
        ({"kind": "case", "number": case.number}, "办件尚未办结"),
        ({"kind": "case", "number": "示例-1"}, "没有编号为“示例-1”的办件"),
        ({"kind": "nothing", "number": "1"}, ""),
        ({"kind": "case", "number": case.number, "ground": " "}, ""),
    ):
        answer = asked(admin, sure="on", **said)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), said
    assert Entry.objects.count() == before


def test_an_applicant_is_found_by_a_number_that_is_kept_nowhere(world: CaseWorld, admin: Client) -> None:
    party = party_find_or_create(
        party=NewParty(kind="person", name="示例乙", id_type="resident", id_number=NUMBER),
        actor=SYSTEM,
        at=AT,
    )
    case = world.accepted(at=AT, applicant_name="示例乙")
    Case.objects.filter(pk=case.pk).update(party=party)
    refused = asked(admin, kind="party", number=NUMBER, sure="on")
    assert "还有未办结的办件" in refused.content.decode()
    Case.objects.filter(pk=case.pk).update(party=None)
    assert asked(admin, kind="party", number=NUMBER, sure="on").status_code == 302
    gone = Party.objects.get(pk=party.pk)
    assert (gone.name, gone.id_sealed, gone.id_index, gone.id_masked) == ("", "", "", "")
    entry = Entry.objects.get(fact="proof.personal_erased")
    assert NUMBER not in f"{entry.data}{entry.rows}"
    assert asked(admin, kind="party", number=NUMBER).status_code == 422, "nobody has that number any more"


def test_history_is_sound_afterwards(world: CaseWorld, admin: Client) -> None:
    case = world.accepted(at=AT, applicant_name="示例甲")
    world.move(case, "withdraw", at=AT + timedelta(minutes=9), data={"reason": "不办了"})
    asked(admin, kind="case", number=case.number, sure="on")
    assert [one for one in verify(at=AT + timedelta(hours=1)).findings if one.kind != "entry_unplaced"] == []

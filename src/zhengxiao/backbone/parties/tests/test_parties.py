"""Parties are found again without showing their numbers, and a look at a number is on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.backbone.parties import api, rules
from zhengxiao.backbone.parties.models import Party
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.identity.api import user_create
from zhengxiao.kernel.orgs.api import post_assign, region_create, unit_create
from zhengxiao.lib.actors import SYSTEM, Actor, Role

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
RESIDENT = "11010519491231002X"
FIRM = "91310115MA1K3BTP2B"


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (rules.mask_name, "王示例", "王**"),
        (rules.mask_name, "王例", "王*"),
        (rules.mask_name, "王", "*"),
        (rules.mask_name, "", ""),
        (rules.mask_phone, "13800000000", "138****0000"),
        (rules.mask_phone, "02012345678", "020****5678"),
        (rules.mask_phone, "12345", "***45"),
        (rules.mask_phone, "", ""),
        (rules.mask_id, RESIDENT, "110*************2X"),
        (rules.mask_id, "E1234567", "*******7"),
    ],
)
def test_masks_show_no_more_than_agreed(mask: Any, text: str, shown: str) -> None:
    assert mask(text) == shown


@given(st.text("0123456789X", min_size=9, max_size=30))
def test_a_masked_number_never_shows_more_than_five_signs(number: str) -> None:
    masked = rules.mask_id(number)
    assert len(masked) == len(number)
    assert masked.count("*") == len(number) - 5


def test_organisations_are_told_apart_by_their_credit_code() -> None:
    codes = [FIRM, "92511301MA1K3BTP2B", "11440100007482620J", "121200004013590816", "53100000", "Y1"]
    assert [rules.kind_of_credit_code(code).value for code in codes] == [
        "enterprise",
        "individual_business",
        "agency",
        "institution",
        "social_org",
        "other",
    ]


def person(**values: Any) -> api.NewParty:
    return api.NewParty(
        **{"name": "王示例", "id_number": RESIDENT, "contact_phone": "138-0000-0000", **values}
    )


@pytest.mark.django_db
def test_a_person_is_stored_sealed_and_found_again_by_the_number_in_any_spelling() -> None:
    first = api.party_find_or_create(party=person(contact_name="王示例"), actor=SYSTEM, at=AT)
    again = api.party_find_or_create(
        party=person(id_number=" １１０１０５19491231002x "), actor=SYSTEM, at=AT
    )
    assert first.pk == again.pk
    stored = Party.objects.filter(pk=first.pk).values().get()
    assert all(RESIDENT not in str(value) and "13800000000" not in str(value) for value in stored.values())
    assert (first.kind, first.id_masked, first.contact_phone_masked, first.masked_name) == (
        "person",
        "110*************2X",
        "138****0000",
        "王**",
    )


@pytest.mark.django_db
def test_the_same_number_of_another_document_is_another_person() -> None:
    one = api.party_find_or_create(
        party=person(id_type="passport", id_number="E12345678"), actor=SYSTEM, at=AT
    )
    two = api.party_find_or_create(
        party=person(id_type="hk_macao", id_number="E12345678"), actor=SYSTEM, at=AT
    )
    assert one.pk != two.pk


@pytest.mark.django_db
def test_people_without_a_number_are_never_taken_for_one_another_but_firms_are_found_by_name() -> None:
    people = api.parties_find_or_create([api.NewParty("王示例"), api.NewParty("王示例")], actor=SYSTEM, at=AT)
    assert people[0].pk != people[1].pk
    firm = api.NewParty("示例建设有限公司", kind="enterprise")
    firms = api.parties_find_or_create([firm, firm], actor=SYSTEM, at=AT)
    again = api.parties_find_or_create([firm], actor=SYSTEM, at=AT)
    assert firms[0].pk == firms[1].pk == again[0].pk


@pytest.mark.django_db
def test_a_faulty_number_is_refused_on_entry_and_a_warning_on_import() -> None:
    faulty = api.NewParty("示例建设有限公司", credit_code="91310115MA1K3BTP2C")
    with pytest.raises(api.PartyNumberFaulty):
        api.party_find_or_create(party=faulty, actor=SYSTEM, at=AT)
    (party,) = api.parties_find_or_create([faulty], actor=SYSTEM, at=AT)
    assert party.warnings == [{"field": "credit_code", "text": "统一社会信用代码的校验位不符。"}]


@pytest.mark.django_db
def test_a_nameless_party_and_an_unknown_kind_are_refused() -> None:
    with pytest.raises(api.PartyNameMissing):
        api.party_find_or_create(party=api.NewParty(" "), actor=SYSTEM, at=AT)
    with pytest.raises(api.PartyKindUnknown):
        api.party_find_or_create(party=api.NewParty("甲", kind="ghost"), actor=SYSTEM, at=AT)


@dataclass
class Town:
    region_id: int
    other_id: int
    clerk: Actor
    auditor: Actor


@pytest.fixture
def town(db: Any) -> Town:
    regions = [
        region_create(code=code, name=name, actor=SYSTEM, at=AT)
        for code, name in (("511602000000", "示例区"), ("511603000000", "邻区"))
    ]
    unit = unit_create(
        code="H01", name="示例区住建局", kind="department", region_code="511602000000", actor=SYSTEM, at=AT
    )
    actors = []
    for name, role in (("clerk", Role.WINDOW_CLERK), ("auditor", Role.AUDITOR)):
        user = user_create(username=name, display_name="李示例", password=None, actor=SYSTEM, at=AT)
        post_assign(
            user_id=user.pk, unit_id=unit.pk, role=role, valid_from=date(2026, 1, 1), actor=SYSTEM, at=AT
        )
        actors.append(actor_for(user, at=AT))
    return Town(regions[0].pk, regions[1].pk, actors[0], actors[1])


def test_a_clerk_sees_parties_of_the_own_region_and_finds_them_by_number_or_phone(town: Town) -> None:
    mine = api.party_find_or_create(party=person(region_id=town.region_id), actor=town.clerk, at=AT)
    api.party_find_or_create(
        party=api.NewParty("李示例", region_id=town.other_id, contact_phone="13900000000"),
        actor=SYSTEM,
        at=AT,
    )
    assert list(Party.objects.visible_to(town.clerk)) == [mine]
    assert Party.objects.visible_to(town.auditor).count() == 2
    assert list(api.parties_matching("示例", actor=town.clerk)) == [mine]
    for text in (RESIDENT, RESIDENT.lower(), "138 0000 0000"):
        assert list(api.parties_numbered(text, actor=town.clerk)) == [mine]
        assert not api.parties_numbered(text, actor=town.auditor).exists()
    for text in ("13900000000", "1380000", RESIDENT[:-1], RESIDENT[:6], "%", " "):
        assert not api.parties_numbered(text, actor=town.clerk).exists()
    for text in (RESIDENT, "13800000000", "1380000", " "):
        assert not api.parties_matching(text, actor=town.clerk).exists()

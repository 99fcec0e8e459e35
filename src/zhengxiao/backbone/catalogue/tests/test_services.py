"""The life of a version, who may move it, and what is in force on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from zhengxiao.backbone.catalogue import api, refusals
from zhengxiao.backbone.catalogue.content import Material, VersionContent
from zhengxiao.backbone.catalogue.models import BasicItem, Item, ItemClaim, ItemVersion
from zhengxiao.backbone.catalogue.services import ItemCodes
from zhengxiao.backbone.catalogue.tests.conftest import AT, TODAY, District
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.kernel.workflow.api import MoveNotLawful, lawful_moves
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import NotPermitted, StaleState

pytestmark = pytest.mark.django_db
CODE = "11511301008778183N4000123008000"


def drafted(district: District, content: VersionContent, code: str = CODE, who: str = "head") -> ItemVersion:
    return api.item_create(
        unit=district.housing,
        region=district.region,
        codes=ItemCodes(code=code),
        content=content,
        reason="新设事项",
        actor=district.actors[who],
        at=AT,
    )


def published(district: District, content: VersionContent, valid_from: date | None = None) -> ItemVersion:
    version = api.version_submit(version=drafted(district, content), actor=district.actors["head"], at=AT)
    return api.version_publish(
        version=version, valid_from=valid_from, actor=district.actors["supervisor"], at=AT
    )


def test_a_draft_is_submitted_and_another_person_publishes_it(
    district: District, content: VersionContent
) -> None:
    version = published(district, content)
    assert (version.state, version.valid_from, version.valid_to) == ("published", TODAY, None)
    assert version.reviewed_by_id == district.users["supervisor"].pk
    assert api.version_in_force(version.item_id, TODAY) == version
    facts = [entry.fact for entry in Entry.objects.order_by("pk") if entry.fact.startswith("catalogue.")]
    assert facts == [
        "catalogue.item_entered",
        "catalogue.item_drafted",
        "catalogue.item_submitted",
        "catalogue.item_published",
    ]


def test_nobody_approves_or_returns_a_version_they_drafted_revised_or_submitted(
    district: District, content: VersionContent
) -> None:
    supervisor = district.actors["supervisor"]
    for hand in ("draft", "revise", "submit"):
        version = drafted(district, content, code=f"{CODE}{['draft', 'revise', 'submit'].index(hand):02}")
        # A person who is head and supervisor at once.
        both = Actor(supervisor.user_id, "王示例", (*supervisor.grants, *district.actors["head"].grants))
        if hand == "draft":
            ItemVersion.objects.filter(pk=version.pk).update(authors=[supervisor.user_id])
            version.refresh_from_db()
        if hand == "revise":
            version = api.draft_revise(version=version, content=content, reason="补正", actor=both, at=AT)
            version = api.draft_revise(
                version=version, content=content, reason="再改", actor=district.actors["head_two"], at=AT
            )
        api.version_submit(
            version=version, actor=both if hand == "submit" else district.actors["head"], at=AT
        )
        with pytest.raises(refusals.OwnDraft):
            api.version_publish(version=version, actor=both, at=AT)
        with pytest.raises(refusals.OwnDraft):
            api.version_return(version=version, note="不行", actor=both, at=AT)
        version.refresh_from_db()
        assert version.state == "in_review"


def test_a_returned_version_is_a_draft_again_with_the_reason(
    district: District, content: VersionContent
) -> None:
    version = api.version_submit(version=drafted(district, content), actor=district.actors["head"], at=AT)
    api.version_return(version=version, note="依据条款有误", actor=district.actors["supervisor"], at=AT)
    version.refresh_from_db()
    assert (version.state, version.review_note) == ("draft", "依据条款有误")
    assert Entry.objects.get(fact="catalogue.item_returned").data["note"] == "依据条款有误"


def test_a_change_is_a_new_version_and_the_old_one_ends_the_day_it_begins(
    district: District, content: VersionContent
) -> None:
    first = published(district, content, valid_from=date(2026, 1, 5))
    shorter = replace(content, promised_amount=3)
    second = api.item_draft(
        item=first.item, content=shorter, reason="压缩时限", actor=district.actors["head"], at=AT
    )
    api.version_submit(version=second, actor=district.actors["head"], at=AT)
    start = TODAY + timedelta(days=10)
    api.version_publish(version=second, valid_from=start, actor=district.actors["supervisor"], at=AT)
    first.refresh_from_db()
    assert (second.number, first.valid_to) == (2, start)
    assert api.version_in_force(first.item_id, start - timedelta(days=1)) == first
    assert api.version_in_force(first.item_id, start) == second
    assert api.version_in_force(first.item_id, date(2026, 1, 4)) is None


def test_every_day_has_at_most_one_version_in_force_whatever_is_published(
    district: District, content: VersionContent
) -> None:
    version = published(district, content, valid_from=date(2026, 1, 5))
    for days in (0, 0, 5, 9):
        draft = api.item_draft(
            item=version.item, content=content, reason="调整", actor=district.actors["head"], at=AT
        )
        api.version_submit(version=draft, actor=district.actors["head"], at=AT)
        start = TODAY + timedelta(days=days)
        api.version_publish(version=draft, valid_from=start, actor=district.actors["supervisor"], at=AT)
    for offset in range(-60, 30):
        day = TODAY + timedelta(days=offset)
        assert api.versions_in_force(day).filter(item=version.item).count() == (day >= date(2026, 1, 5))


def test_a_version_cannot_begin_before_the_one_in_force_did(
    district: District, content: VersionContent
) -> None:
    first = published(district, content)
    draft = api.item_draft(
        item=first.item, content=content, reason="调整", actor=district.actors["head"], at=AT
    )
    api.version_submit(version=draft, actor=district.actors["head"], at=AT)
    with pytest.raises(refusals.ValidityOverlaps):
        api.version_publish(
            version=draft, valid_from=TODAY - timedelta(days=1), actor=district.actors["supervisor"], at=AT
        )
    first.refresh_from_db()
    assert first.valid_to is None


def test_a_refused_publication_leaves_the_version_before_in_force(
    district: District, content: VersionContent
) -> None:
    first = published(district, content)
    draft = api.item_draft(
        item=first.item, content=content, reason="调整", actor=district.actors["head"], at=AT
    )
    with pytest.raises(MoveNotLawful):
        api.version_publish(version=draft, actor=district.actors["supervisor"], at=AT)
    first.refresh_from_db()
    assert first.valid_to is None


def test_a_retired_item_has_no_version_in_force_from_that_day(
    district: District, content: VersionContent
) -> None:
    version = published(district, content)
    end = TODAY + timedelta(days=30)
    api.version_retire(
        version=version, note="依据废止", valid_to=end, actor=district.actors["supervisor"], at=AT
    )
    assert api.version_in_force(version.item_id, end - timedelta(days=1)) == version
    assert api.version_in_force(version.item_id, end) is None


def test_a_published_version_cannot_be_rewritten(district: District, content: VersionContent) -> None:
    version = published(district, content)
    with pytest.raises(refusals.NotADraft):
        api.draft_revise(version=version, content=content, reason="改", actor=district.actors["head"], at=AT)


def test_two_people_revising_one_draft_do_not_overwrite_each_other(
    district: District, content: VersionContent
) -> None:
    mine = drafted(district, content)
    theirs = ItemVersion.objects.get(pk=mine.pk)
    api.draft_revise(
        version=theirs,
        content=replace(content, visits=1),
        reason="次数",
        actor=district.actors["head_two"],
        at=AT,
    )
    with pytest.raises(StaleState):
        api.draft_revise(
            version=mine,
            content=replace(content, visits=2),
            reason="次数",
            actor=district.actors["head"],
            at=AT,
        )


def test_an_item_has_one_draft_at_a_time(district: District, content: VersionContent) -> None:
    version = drafted(district, content)
    with pytest.raises(refusals.DraftOpen):
        api.item_draft(
            item=version.item, content=content, reason="又一个", actor=district.actors["head"], at=AT
        )


@pytest.mark.parametrize(
    "code", ["91441500196720244T3442199806003", "12345", "511A0138000000-511602000000-000-X-1-00"]
)
def test_a_wrong_code_is_refused_on_entry(district: District, content: VersionContent, code: str) -> None:
    with pytest.raises(refusals.CodeFaulty):
        drafted(district, content, code=code)


def test_a_promise_longer_than_the_law_allows_is_not_submitted(
    district: District, content: VersionContent
) -> None:
    version = drafted(district, replace(content, promised_amount=1, promised_unit="m"))
    with pytest.raises(refusals.ContentFaulty) as refused:
        api.version_submit(version=version, actor=district.actors["head"], at=AT)
    assert "承诺时限长于法定时限" in refused.value.text


def test_a_code_is_used_by_one_item_only(district: District, content: VersionContent) -> None:
    drafted(district, content)
    with pytest.raises(refusals.CodeTaken):
        drafted(district, content)


@pytest.mark.parametrize("who", ["clerk", "supervisor", "auditor", "other_head"])
def test_only_the_departments_own_head_drafts(district: District, content: VersionContent, who: str) -> None:
    with pytest.raises(NotPermitted):
        drafted(district, content, who=who)


@pytest.mark.parametrize("who", ["clerk", "head_two", "auditor", "other_head"])
def test_only_a_supervisor_publishes(district: District, content: VersionContent, who: str) -> None:
    version = api.version_submit(version=drafted(district, content), actor=district.actors["head"], at=AT)
    with pytest.raises(NotPermitted):
        api.version_publish(version=version, actor=district.actors[who], at=AT)


def test_drafts_are_seen_by_their_department_and_above_published_ones_by_everybody(
    district: District, content: VersionContent
) -> None:
    version = drafted(district, content)
    visitor = Actor(None, "访客")

    def seen(actor: Actor) -> bool:
        rows = ItemVersion.objects.visible_to(actor).filter(pk=version.pk).exists()
        assert rows == Item.objects.visible_to(actor).filter(pk=version.item_id).exists()
        return bool(rows)

    assert [seen(district.actors[who]) for who in ("clerk", "head", "supervisor", "auditor")] == [True] * 4
    assert [seen(district.actors["other_head"]), seen(visitor)] == [False, False]
    api.version_submit(version=version, actor=district.actors["head"], at=AT)
    api.version_publish(version=version, actor=district.actors["supervisor"], at=AT)
    assert [seen(district.actors["other_head"]), seen(visitor)] == [True, True]


def test_the_database_itself_refuses_what_the_verbs_would(
    district: District, content: VersionContent
) -> None:
    version = published(district, content)
    row = {"item": version.item, "name": "甲", "task_type": "01", "changed_at": AT}
    for wrong in (
        {"number": 1},
        {"number": 2, "state": "published", "valid_from": TODAY},
        {"number": 2, "state": "published"},
        {"number": 2, "state": "nonsense"},
        {"number": 2, "kind": "instant", "promised_amount": 3},
        {"number": 2, "statutory_none": True, "statutory_amount": 3},
        {"number": 2, "valid_from": TODAY, "valid_to": TODAY - timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemVersion.objects.create(**{**row, **wrong})


def test_the_moves_offered_are_the_lawful_ones_with_reasons(
    district: District, content: VersionContent
) -> None:
    version = drafted(district, replace(content, promised_amount=30))
    (submit,) = lawful_moves(workflow="item_version", obj=version, actor=district.actors["head"], at=AT)
    assert (submit.transition.name, submit.allowed) == ("submit", False)
    assert "长于法定时限" in submit.why_not.text


def test_materials_come_back_in_order_and_content_survives_the_round_trip(
    district: District, content: VersionContent
) -> None:
    full = replace(
        content, materials=(Material("申请表"), Material("身份证明", copies=2)), service_objects=("自然人",)
    )
    version = ItemVersion.objects.get(pk=drafted(district, full).pk)
    assert api.version_content(version) == full
    assert version.digest == full.digest()


def _basic(district: District, code: str = "000123008000") -> BasicItem:
    return api.basic_item_record(
        code=code,
        values={"name": "施工许可核发", "task_type": "01", "material_names": ["申请表"]},
        valid_from=TODAY,
        reason="2026 年版",
        actor=district.actors["supervisor"],
        at=AT,
    )


def test_a_department_claims_or_declines_and_the_rate_counts_only_what_should_be_claimed(
    district: District, content: VersionContent
) -> None:
    supervisor, head = district.actors["supervisor"], district.actors["head"]
    version = published(district, content)
    claims = [
        api.claim_ask(basic=_basic(district, code), unit=district.housing, actor=supervisor, at=AT)
        for code in ("000123008000", "000123009000", "000123010000")
    ]
    api.claim_take(claim=claims[0], item=version.item, actor=head, at=AT)
    api.claim_decline(claim=claims[1], reason="本级无此权限", actor=head, at=AT)
    rate = api.claim_rate(ItemClaim.objects.all())
    assert (rate.numerator, rate.denominator) == (1, 2)
    assert Item.objects.get(pk=version.item_id).basic_id == claims[0].basic_id
    with pytest.raises(refusals.ClaimDecided):
        api.claim_take(claim=claims[1], actor=head, at=AT)
    with pytest.raises(refusals.ReasonMissing):
        api.claim_decline(claim=claims[2], reason=" ", actor=head, at=AT)
    with pytest.raises(NotPermitted):
        api.claim_take(claim=claims[2], actor=district.actors["other_head"], at=AT)
    assert api.claim_rate(ItemClaim.objects.none()).value is None


def test_changing_a_basic_entry_raises_its_revision(district: District) -> None:
    _basic(district)
    assert _basic(district).revision == 2


def test_differences_between_the_directory_and_a_list_are_found(
    district: District, content: VersionContent
) -> None:
    basic = _basic(district)
    version = published(district, replace(content, name="建设施工许可"))
    Item.objects.filter(pk=version.item_id).update(basic=basic)
    (found,) = api.comparisons(api.comparable_versions(district.actors["supervisor"], TODAY))
    assert [row.element for row in found.faults] == ["name", "materials"]
    assert api.unified_rate([found]).value == 0.0
    assert not list(api.comparable_versions(district.actors["other_head"], TODAY))
    assert len(api.comparable_versions(SYSTEM, TODAY)) == 1

"""Pages per role: who sees what, and the whole review by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from zhengxiao.backbone.catalogue import api
from zhengxiao.backbone.catalogue.content import Material, VersionContent
from zhengxiao.backbone.catalogue.models import BasicItem, Item, ItemClaim, ItemVersion
from zhengxiao.backbone.catalogue.services import ItemCodes
from zhengxiao.backbone.catalogue.tests.conftest import AT, TODAY, District

pytestmark = pytest.mark.django_db
CODE = "11511301008778183N4000123008000"


@pytest.fixture(autouse=True)
def monday(settings: object) -> None:
    settings.ZX_MOMENT = AT  # type: ignore[attr-defined]


@pytest.fixture
def version(district: District, content: VersionContent) -> ItemVersion:
    draft = api.item_create(
        unit=district.housing,
        region=district.region,
        codes=ItemCodes(code=CODE),
        content=replace(content, materials=(Material("申请表", copies=2),)),
        reason="新设事项",
        actor=district.actors["head"],
        at=AT,
    )
    api.version_submit(version=draft, actor=district.actors["head"], at=AT)
    return api.version_publish(version=draft, actor=district.actors["supervisor"], at=AT)


def browser(district: District, who: str) -> Client:
    client = Client()
    if who:
        client.force_login(district.users[who])
    return client


def form_of(client: Client, url: str, **values: str) -> dict[str, object]:
    form = client.get(url).context["form"]
    shown = {bound.name: bound.value() for bound in form}
    lines = {name: "\n".join(shown[name]) for name in ("materials", "process_steps")}
    given = {name: "" if value is None else value for name, value in {**shown, **lines}.items()}
    seen = client.get(url).context.get("version")
    return {**given, **({"seen": seen.digest} if seen else {}), **values}


PAGES = {
    "items": (200, 200, 200, 200, 200, 200),
    "item": (200, 200, 200, 200, 200, 200),
    "compare": (200, 200, 200, 200, 200, 200),
    "versions": (302, 200, 200, 200, 200, 200),
    "unified": (302, 200, 200, 200, 200, 200),
    "basic": (302, 200, 200, 200, 200, 200),
    "claims": (302, 200, 200, 200, 200, 200),
    "item-new": (302, 403, 200, 200, 403, 403),
    "item-draft": (302, 403, 200, 404, 403, 403),
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_answers_each_role_as_its_policy_says(
    district: District, version: ItemVersion, name: str
) -> None:
    arguments = [version.item_id] if name in ("item", "item-draft", "compare") else []
    url = reverse(f"catalogue:{'item-compare' if name == 'compare' else name}", args=arguments)
    roles = ("", "clerk", "head", "other_head", "supervisor", "auditor")
    assert tuple(browser(district, who).get(url).status_code for who in roles) == PAGES[name]


def test_a_draft_page_is_not_there_for_strangers(
    district: District, version: ItemVersion, content: VersionContent
) -> None:
    api.item_draft(item=version.item, content=content, reason="压缩", actor=district.actors["head"], at=AT)
    url = reverse("catalogue:item", args=[version.item_id]) + "?version=2"
    answers = [
        browser(district, who).get(url).status_code for who in ("", "other_head", "clerk", "supervisor")
    ]
    assert answers == [404, 404, 200, 200]


def test_a_change_goes_from_draft_form_to_publication_by_two_people(
    district: District, version: ItemVersion
) -> None:
    head, supervisor = browser(district, "head"), browser(district, "supervisor")
    url = reverse("catalogue:item-draft", args=[version.item_id])
    answer = head.post(
        url, form_of(head, url, promised="3个工作日", materials="申请表\n身份证明", reason="减时限")
    )
    assert answer.status_code == 302, answer.context["form"].errors
    draft = ItemVersion.objects.get(number=2)
    assert [(row.name, row.copies) for row in draft.materials.all()] == [("申请表", 2), ("身份证明", None)]
    edit = reverse("catalogue:draft-edit", args=[draft.pk])
    assert head.post(edit, form_of(head, edit, visits="1")).status_code == 302
    assert head.post(reverse("catalogue:version-move", args=[draft.pk, "submit"])).status_code == 302
    approve = reverse("catalogue:version-move", args=[draft.pk, "approve"])
    assert head.post(approve).status_code == 403
    assert supervisor.post(approve, {"valid_from": "2026-03-09", "note": "同意"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.promised_amount, draft.visits, str(draft.valid_from)) == (
        "published",
        3,
        1,
        "2026-03-09",
    )
    page = supervisor.get(reverse("catalogue:item-compare", args=[version.item_id])).content.decode()
    assert "有改动" in page
    assert "3 个工作日" in page


def test_a_faulty_form_keeps_what_was_typed_and_says_what_to_do(
    district: District, version: ItemVersion
) -> None:
    head = browser(district, "head")
    url = reverse("catalogue:item-draft", args=[version.item_id])
    page = head.post(
        url, form_of(head, url, promised="尽快", conditions="打了很多字", reason="改")
    ).content.decode()
    assert "看不懂时限“尽快”" in page
    assert "打了很多字" in page
    assert ItemVersion.objects.count() == 1


def test_a_new_item_with_a_wrong_code_is_refused_at_the_field(
    district: District, version: ItemVersion
) -> None:
    head = browser(district, "head")
    url = reverse("catalogue:item-new")
    values = {
        "unit": str(district.housing.pk),
        "name": "新事项",
        "task_type": "01",
        "kind": "promised",
        "reason": "新设",
    }
    answer = head.post(url, {**values, "code": "91441500196720244T3442199806003"})
    assert answer.context["form"].errors["code"]
    assert head.post(url, {**values, "code": f"{CODE}01"}).status_code == 302
    assert Item.objects.count() == 2


def test_a_stale_edit_form_does_not_overwrite_the_newer_draft(
    district: District, version: ItemVersion
) -> None:
    head, colleague = browser(district, "head"), browser(district, "head_two")
    url = reverse("catalogue:item-draft", args=[version.item_id])
    head.post(url, form_of(head, url, reason="起草"))
    edit = reverse("catalogue:draft-edit", args=[ItemVersion.objects.get(number=2).pk])
    mine = form_of(head, edit, visits="1")
    colleague.post(edit, form_of(colleague, edit, visits="2"))
    assert "刚被他人更新" in head.post(edit, mine).content.decode()
    assert ItemVersion.objects.get(number=2).visits == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=施工", 1),
        ("q=不存在", 0),
        ("type=01", 1),
        ("type=20", 0),
        ("kind=promised", 1),
        ("limit_missing=1", 0),
        ("warned=1", 0),
        ("deviating=1", 0),
    ],
)
def test_the_ledger_filters_by_what_people_ask_for(
    district: District, version: ItemVersion, query: str, found: int
) -> None:
    answer = browser(district, "supervisor").get(f"{reverse('catalogue:items')}?{query}")
    assert answer.context["shown"].count == found


def test_the_ledger_exports_what_it_shows(district: District, version: ItemVersion) -> None:
    answer = browser(district, "supervisor").get(f"{reverse('catalogue:items')}?export=csv")
    assert "施工许可核发" in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_a_supervisor_asks_and_the_department_claims_on_the_pages(
    district: District, version: ItemVersion
) -> None:
    basic = BasicItem.objects.create(
        code="000123008000", name="施工许可核发", task_type="01", valid_from=TODAY, changed_at=AT
    )
    supervisor, head, other = (browser(district, who) for who in ("supervisor", "head", "other_head"))
    page = reverse("catalogue:basic-item", args=[basic.pk])
    for unit in (district.housing, district.health):
        assert supervisor.post(page, {"unit": str(unit.pk)}).status_code == 302
    mine, theirs = (ItemClaim.objects.get(unit=unit) for unit in (district.housing, district.health))
    url = reverse("catalogue:claim", args=[mine.pk])
    assert other.get(url).status_code == 404
    assert head.post(url, {"act": "take", "item": str(version.item_id)}).status_code == 302
    refused = other.post(reverse("catalogue:claim", args=[theirs.pk]), {"act": "decline", "reason": ""})
    assert refused.context["form"].errors["reason"]
    other.post(reverse("catalogue:claim", args=[theirs.pk]), {"act": "decline", "reason": "无此权限"})
    assert sorted(ItemClaim.objects.values_list("state", flat=True)) == ["claimed", "declined"]
    assert "应认领 1 项，已认领 1 项" in supervisor.get(reverse("catalogue:basic")).content.decode()
    assert head.post(page, {"unit": str(district.health.pk)}).status_code == 403


def test_the_item_page_costs_a_fixed_number_of_queries(
    district: District, version: ItemVersion, django_assert_max_num_queries: object
) -> None:
    client = browser(district, "supervisor")
    url = reverse("catalogue:item", args=[version.item_id])
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        client.get(url)


@pytest.mark.parametrize(
    ("address", "linked"), [("https://example.org/apply", True), ("javascript:alert(1)", False)]
)
def test_only_a_web_address_becomes_a_link(
    district: District, version: ItemVersion, address: str, linked: bool
) -> None:
    ItemVersion.objects.filter(pk=version.pk).update(online_url=address)
    page = browser(district, "").get(reverse("catalogue:item", args=[version.item_id])).content.decode()
    assert (f'href="{address}"' in page) == linked

from __future__ import annotations

import csv
import io
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from python_calamine import CalamineWorkbook

from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.ui.api import Column, Filter, Ledger, begins_with
from zhengxiao.kernel.ui.ledger import rows
from zhengxiao.kernel.ui.ledger import view as ledger_views
from zhengxiao.kernel.ui.models import SavedView
from zhengxiao.kernel.ui.tests.conftest import MONDAY

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("zhengxiao.kernel.ui.tests.urls"),
    pytest.mark.usefixtures("people"),
]


def listed(window: Client, query: str = "") -> list[str]:
    """Usernames in the order of the page."""
    answer = window.get(f"/people/{query}")
    assert answer.status_code == 200, answer.content.decode()
    return [line.cells[0].value for line in answer.context["shown"].lines]


def body(answer: Any) -> bytes:
    """The whole file; closed as a server does."""
    with closing(answer):
        return b"".join(answer)


def test_rows_come_in_the_default_order(window: Client) -> None:
    assert listed(window) == ["a1", "b2", "c3", "reader"]


def test_a_head_sorts_and_a_second_click_turns_around(window: Client) -> None:
    assert listed(window, "?sort=joined_at") == ["c3", "b2", "a1", "reader"]
    assert listed(window, "?sort=-joined_at") == ["reader", "a1", "b2", "c3"]
    heads = window.get("/people/?sort=joined_at").context["shown"].heads
    assert [(head.label, head.direction) for head in heads if head.direction] == [("开户", "asc")]
    assert [head.url for head in heads if head.label == "开户"] == ["?sort=-joined_at"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=示例", ["a1", "c3", "reader"]),
        ("?active=0", ["c3"]),
        ("?active=1", ["a1", "b2", "reader"]),
        ("?language=en", ["b2"]),
        ("?joined_from=2026-11-15", ["a1", "reader"]),
        ("?joined_to=2026-11-14", ["b2", "c3"]),
        ("?joined_from=2026-11-14&joined_to=2026-11-14", ["b2"]),
        ("?q=示例&active=1&language=zh-hans", ["a1", "reader"]),
        ("?q=&language=&joined_from=", ["a1", "b2", "c3", "reader"]),
    ],
)
def test_filters_narrow_the_rows(query: str, expected: list[str], window: Client) -> None:
    assert listed(window, query) == expected


def test_a_day_begins_at_midnight_of_the_office(window: Client) -> None:
    """16:30 UTC of the 14th is already Sunday the 15th in Shanghai."""
    User.objects.create(
        username="z9", display_name="夜", joined_at=datetime(2026, 11, 14, 16, 30, tzinfo=UTC)
    )
    assert "z9" in listed(window, "?joined_from=2026-11-15")
    assert "z9" not in listed(window, "?joined_to=2026-11-14")


def test_a_filter_may_ask_for_the_moment(window: Client, settings: Settings) -> None:
    settings.ZX_MOMENT = MONDAY
    assert listed(window, "?old=1") == ["a1", "b2", "c3"]


def test_conditions_are_said_in_words_and_each_can_be_taken_back(window: Client) -> None:
    chips = window.get("/people/?q=王&language=zh-hans&sort=username").context["shown"].chips
    assert [chip.words for chip in chips] == ["姓名含“王”", "中文"]
    assert chips[0].url == "?language=zh-hans&sort=username"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("?colour=red", "colour"),
        ("?language=fr", "fr"),
        ("?active=2", "active"),
        ("?joined_from=morgen", "morgen"),
        ("?joined_from=2026-02-30", "2026-02-30"),
        ("?sort=light", "sort"),
        ("?page=0", "page"),
        ("?page=²", "page"),
        ("?size=7", "size"),
        ("?cols=secret", "secret"),
        ("?export=pdf", "export"),
        ("?view=x", "view"),
    ],
)
def test_what_the_ledger_does_not_know_is_refused_by_name(query: str, named: str, window: Client) -> None:
    answer = window.get(f"/people/{query}")
    assert answer.status_code == 400
    assert named in answer.content.decode()


def test_pages_follow_each_other_without_gap(window: Client) -> None:
    User.objects.bulk_create(
        User(username=f"n{n:03}", display_name="同名", joined_at=MONDAY) for n in range(120)
    )
    seen = [name for page in (1, 2, 3) for name in listed(window, f"?sort=-joined_at&page={page}")]
    assert len(seen) == len(set(seen)) == 124
    pages = window.get("/people/?page=2").context["shown"].pages
    assert pages.words == "第 51–100 条，共 124 条"
    assert (pages.previous_url, pages.next_url) == ("?page=1", "?page=3")
    assert len(listed(window, "?size=100")) == 100


def test_counting_stops_at_the_cap(window: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_views, "COUNT_CAP", 3)
    shown = window.get("/people/").context["shown"]
    assert shown.pages.total_words == "3 条以上"
    assert shown.count == 4
    answer = window.get("/people/?page=2")
    assert "翻得太远了" in answer.content.decode()
    assert rows.COUNT_CAP == 10_000


def test_htmx_gets_the_ledger_alone(window: Client) -> None:
    answer = window.get("/people/?q=王", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert text.lstrip().startswith("<div")
    assert "<html" not in text
    assert 'hx-swap-oob="true"' in text
    assert "HX-Request" in answer["Vary"]


def test_the_address_shown_after_a_filter_has_no_empty_parameters(window: Client) -> None:
    answer = window.get("/people/?&q=王&active=&language=", headers={"HX-Request": "true"})
    assert answer["HX-Push-Url"] == "/people/?q=%E7%8E%8B"


def test_columns_are_chosen_by_the_reader(window: Client) -> None:
    assert "手机" not in [head.label for head in window.get("/people/").context["shown"].heads]
    heads = window.get("/people/?cols=phone_masked&cols=username").context["shown"].heads
    assert [head.label for head in heads] == ["用户名", "手机"]


def test_csv_holds_exactly_what_is_shown_and_no_formula(window: Client, settings: Settings) -> None:
    settings.ZX_MOMENT = MONDAY
    answer = window.get(
        "/people/?export=csv&active=1&cols=display_name&cols=light&cols=length&cols=joined_at"
    )
    raw = body(answer)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(raw.decode("utf-8-sig")))) == [
        ["姓名", "灯", "字数", "开户"],
        ["王示例", "超期 · 超 1 日", "3000", "2026-11-15 10:00:00"],
        ["'=1+1", "超期 · 超 1 日", "4000", "2026-11-14 10:00:00"],
        ["读者示例", "正常", "4000", "2026-11-16 10:00:00"],
    ]
    assert "2026" in answer["Content-Disposition"]


def test_excel_keeps_a_formula_as_text(window: Client) -> None:
    raw = body(window.get("/people/?export=xlsx&language=en"))
    [heads, row] = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()
    assert heads[:2] == ["用户名", "姓名"]
    assert row[:2] == ["b2", "=1+1"]
    assert row[3] == 4000


def test_an_export_beyond_the_limit_is_refused_in_words(window: Client, settings: Settings) -> None:
    settings.ZX_EXPORT_ROWS = 3
    answer = window.get("/people/?export=csv")
    assert answer.status_code == 422
    assert "超过 3 条" in answer.content.decode()
    assert body(window.get("/people/?export=csv&active=1")).count(b"\r\n") == 4


def test_the_print_page_holds_all_rows_the_conditions_and_the_moment(
    window: Client, settings: Settings
) -> None:
    settings.ZX_MOMENT = MONDAY
    text = window.get("/people/?print=1&q=示例").content.decode()
    assert "姓名含“示例”" in text
    assert "数据截至 2026-11-16 10:00" in text
    assert text.count("<tr>") == 4
    settings.ZX_PRINT_ROWS = 2
    assert window.get("/people/?print=1").status_code == 422


def test_a_view_is_saved_opened_and_dropped(window: Client) -> None:
    kept = {"act": "keep", "name": "在用的", "query": "active=1&sort=-username&page=4", "is_default": "1"}
    answer = window.post("/people/?view=all", kept)
    view = SavedView.objects.get()
    assert view.query == "active=1&sort=-username"
    assert answer["Location"] == f"/people/?active=1&sort=-username&view={view.pk}"
    assert window.get("/people/")["Location"] == answer["Location"]
    assert listed(window, f"?{view.query}&view={view.pk}") == ["reader", "b2", "a1"]
    assert listed(window, "?view=all") == ["a1", "b2", "c3", "reader"]
    window.post("/people/", {"act": "drop", "view": view.pk})
    assert not SavedView.objects.exists()


def test_the_same_name_replaces_and_only_one_view_opens_by_itself(window: Client) -> None:
    for name, query in (("甲", "active=1"), ("乙", "active=0"), ("甲", "q=王")):
        window.post("/people/", {"act": "keep", "name": name, "query": query, "is_default": "1"})
    assert list(SavedView.objects.values_list("name", "query", "is_default").order_by("query")) == [
        ("乙", "active=0", False),
        ("甲", "q=%E7%8E%8B", True),
    ]


@pytest.mark.parametrize(
    ("name", "query", "status"), [("", "", 422), ("长" * 41, "", 422), ("甲", "x=1", 400)]
)
def test_a_view_without_name_or_with_strange_conditions_is_refused(
    name: str, query: str, status: int, window: Client
) -> None:
    assert window.post("/people/", {"act": "keep", "name": name, "query": query}).status_code == status
    assert not SavedView.objects.exists()


def test_nobody_sees_or_drops_the_view_of_another(window: Client, client: Client) -> None:
    other = User.objects.get(username="a1")
    view = SavedView.objects.create(user=other, ledger="tests.people", name="私", query="", saved_at=MONDAY)
    assert window.get("/people/").context["shown"].views == []
    assert window.post("/people/", {"act": "drop", "view": view.pk}).status_code == 422
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_a_page_asks_the_database_a_fixed_number_of_times(
    window: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, user, posts of the actor, saved views, keys, rows."""
    window.get("/people/?view=all")
    with django_assert_num_queries(6):
        window.get("/people/?view=all", headers={"HX-Request": "true"})


@pytest.mark.parametrize(
    ("text", "found"), [("a", True), ("a1", True), ("A1", False), ("1", False), ("a%", False), ("_1", False)]
)
def test_a_search_by_beginning_takes_the_text_as_it_is_written(
    text: str, found: bool, window: Client
) -> None:
    assert User.objects.filter(begins_with("username", text), username="a1").exists() == found


def test_a_search_by_beginning_reads_an_index(window: Client) -> None:
    plan = User.objects.filter(begins_with("username", "a1")).order_by().explain()
    if connection.vendor == "sqlite":  # PostgreSQL reads a table as small as this one whole
        assert "USING INDEX" in plan


def test_the_page_of_a_row_stands_in_the_first_column(window: Client) -> None:
    assert '<a href="/people/a1/">a1</a>' in window.get("/people/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"filters": (Filter("page", "页", field="x"),)},
        {"filters": (Filter("a", "甲", field="x"), Filter("a", "乙", field="y"))},
        {"filters": (Filter("a", "甲", kind="choice", field="x"),)},
        {"filters": (Filter("a", "甲"),)},
        {"default_sort": "-nothing"},
        {"columns": (Column("a", "甲"), Column("a", "乙"))},
    ],
)
def test_a_ledger_that_contradicts_itself_does_not_start(wrong: dict[str, object]) -> None:
    declared: dict[str, object] = {"name": "x", "title": "误", "columns": (Column("a", "甲"),), **wrong}
    with pytest.raises(ValueError, match="ledger x"):
        Ledger(**declared)  # type: ignore[arg-type]

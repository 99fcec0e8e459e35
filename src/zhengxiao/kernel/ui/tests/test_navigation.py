from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from zhengxiao.kernel.ui import navigation
from zhengxiao.kernel.ui.api import NavEntry, SearchTarget, register_nav, register_search
from zhengxiao.kernel.ui.checks import navigation_addresses_exist
from zhengxiao.lib.actors import Actor, Grant, Role
from zhengxiao.lib.registry import Registry

pytestmark = pytest.mark.urls("zhengxiao.kernel.ui.tests.urls")
AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
NOBODY = Actor(user_id=7, name="无岗示例")
ADMIN = Actor(
    user_id=8,
    name="管理示例",
    grants=(Grant(Role.SYSTEM_ADMIN, 1, frozenset({1}), frozenset({1}), frozenset({1})),),
)


@pytest.fixture(autouse=True)
def empty_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_entries", Registry("navigation entry"))
    monkeypatch.setattr(navigation, "_search", Registry("search target"))


def test_entries_stand_by_verb_and_order() -> None:
    register_nav(NavEntry("设置", "人员", "people", order=1))
    register_nav(NavEntry("办", "二", "plain", order=20))
    register_nav(NavEntry("办", "一", "portal:home", order=10))
    groups = navigation.nav_for(NOBODY, path="/", at=AT)
    assert [(g.verb, [str(line.label) for line in g.lines]) for g in groups] == [
        ("办", ["一", "二"]),
        ("设置", ["人员"]),
    ]


def test_an_entry_is_only_shown_to_those_who_may() -> None:
    register_nav(NavEntry("设置", "人员", "people", action="identity.manage"))
    assert navigation.nav_for(NOBODY, path="/", at=AT) == []
    assert len(navigation.nav_for(ADMIN, path="/", at=AT)) == 1


def test_the_longest_matching_address_is_where_we_are() -> None:
    register_nav(NavEntry("办", "首页", "portal:home"))
    register_nav(NavEntry("办", "人员", "people"))
    [group] = navigation.nav_for(NOBODY, path="/people/3/", at=AT)
    assert [line.label for line in group.lines if line.current] == ["人员"]


def test_a_count_is_asked_for_this_actor_at_this_moment() -> None:
    register_nav(NavEntry("办", "人员", "people", count=lambda actor, at: (actor.user_id or 0) * at.day))
    [group] = navigation.nav_for(NOBODY, path="/", at=AT)
    assert group.lines[0].count == 140


def test_an_unknown_verb_and_a_second_entry_are_refused() -> None:
    with pytest.raises(ValueError, match="none of"):
        register_nav(NavEntry("做", "人员", "people"))  # type: ignore[arg-type]
    register_nav(NavEntry("办", "人员", "people"))
    with pytest.raises(RuntimeError, match="twice"):
        register_nav(NavEntry("督", "人员", "people"))


def test_an_entry_without_address_is_not_shown_but_reported() -> None:
    register_nav(NavEntry("办", "缺页", "cases:nowhere"))
    assert navigation.nav_for(NOBODY, path="/", at=AT) == []
    assert [found.id for found in navigation_addresses_exist(None)] == ["ui.W001"]


@pytest.mark.django_db
def test_the_page_shows_navigation_count_and_search(window: Client) -> None:
    register_nav(NavEntry("办", "我的待办", "people", count=lambda actor, at: 1234))
    register_search(SearchTarget("people", "搜索办件"))
    text = window.get("/people/").content.decode()
    assert "我的待办" in text
    assert "1,234" in text
    assert 'aria-current="page"' in text
    assert 'role="search" action="/people/"' in text

"""Places for mechanisms: what registered is asked, scoped answers are shown, nothing shows as nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zhengxiao.kernel.ui import places
from zhengxiao.kernel.ui.api import (
    Finder,
    Found,
    Panel,
    Waiting,
    WaitingWork,
    exactly_elsewhere,
    found_elsewhere,
    panels_of,
    register_finder,
    register_panel,
    register_waiting,
    waiting_for,
)
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.registry import Registry

AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
SEEING, BLIND = Actor(1, "看示例"), Actor(2, "盲示例")


@pytest.fixture(autouse=True)
def own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_panels", "_waiting", "_finders"):
        monkeypatch.setattr(places, name, Registry(name))


def test_panels_of_a_kind_stand_in_order_and_only_where_the_provider_has_something_to_show():
    def cards(subject_id: int, actor: Actor, at: datetime) -> Panel | None:
        return Panel("x/cards.html", {"n": subject_id}, order=20) if actor == SEEING else None

    register_panel("case", "cards", cards)
    register_panel("case", "first", lambda subject_id, actor, at: Panel("x/first.html", order=10))
    register_panel("item", "other", lambda subject_id, actor, at: Panel("x/item.html"))
    assert [panel.template for panel in panels_of("case", 7, actor=SEEING, at=AT)] == [
        "x/first.html",
        "x/cards.html",
    ]
    assert [panel.template for panel in panels_of("case", 7, actor=BLIND, at=AT)] == ["x/first.html"]
    assert panels_of("party", 7, actor=SEEING, at=AT) == []


def test_a_panel_is_declared_once():
    register_panel("case", "cards", lambda subject_id, actor, at: None)
    with pytest.raises(RuntimeError, match="twice"):
        register_panel("case", "cards", lambda subject_id, actor, at: None)


def test_the_desk_lists_only_mechanisms_with_waiting_work():
    def some(actor: Actor, at: datetime, limit: int) -> WaitingWork:
        lines = tuple(Waiting("说明", f"第 {n} 张", f"/{n}/") for n in range(3))
        return WaitingWork(lines[:limit], 3)

    register_waiting("some", "红黄牌", some)
    register_waiting("none", "督办单", lambda actor, at, limit: WaitingWork((), 0))
    (line,) = waiting_for(SEEING, AT, limit=2)
    assert (line[0], len(line[1].lines), line[1].total) == ("红黄牌", 2, 3)


def test_the_search_box_finds_what_mechanisms_number_and_goes_straight_to_a_whole_number():
    register_finder(
        "cards",
        Finder(
            "红黄牌",
            lambda actor, at, text, limit: [Found(text, "/c/")] if actor == SEEING else [],
            lambda actor, text: "/c/1/" if text == "K1" else None,
        ),
    )
    assert found_elsewhere(SEEING, AT, "K") == [("红黄牌", [Found("K", "/c/")])]
    assert found_elsewhere(BLIND, AT, "K") == []
    assert exactly_elsewhere(SEEING, "K1") == "/c/1/"
    assert exactly_elsewhere(SEEING, "K2") is None

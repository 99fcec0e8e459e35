"""`move` and what it offers, on a small workflow of its own over a model of this test."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zhengxiao.kernel.timeline.api import Entry, Fact
from zhengxiao.kernel.workflow import declarations, services
from zhengxiao.kernel.workflow.api import (
    Field,
    FieldKind,
    FieldMalformed,
    Group,
    MoveNotLawful,
    NeedsField,
    State,
    Transition,
    UnknownInput,
    Workflow,
    clean,
    diagram,
    document,
    lawful_moves,
    move,
    register,
)
from zhengxiao.lib.actors import SYSTEM, Actor, Grant, Role
from zhengxiao.lib.refusals import NotPermitted, Refusal, StaleState
from zhengxiao.lib.registry import Registry

AT = datetime(2026, 3, 2, tzinfo=UTC)


class Blocked(Refusal):
    template = "有未结事项。"


class Papers:
    """Stands for a model's manager: rows in memory with the conditional update that `move` relies on."""

    def __init__(self) -> None:
        self.states: dict[int, str] = {}
        self.visible = True

    def visible_to(self, actor: Actor, action: str) -> Papers:
        return self if self.visible else Papers()

    def filter(self, **conditions) -> Chosen:
        return Chosen(self, conditions)


class Chosen:
    def __init__(self, rows: Papers, conditions: dict) -> None:
        self.rows, self.conditions = rows, conditions

    def exists(self) -> bool:
        return self.conditions["pk"] in self.rows.states

    def update(self, **columns) -> int:
        if self.rows.states.get(self.conditions["pk"]) != self.conditions["state"]:
            return 0
        self.rows.states[self.conditions["pk"]] = columns["state"]
        return 1


class Paper:
    _default_manager = Papers()

    def __init__(self, state: str = "draft") -> None:
        self.pk, self.state, self.blocked = 1, state, False
        self._default_manager.states[1] = state


def no_block(context) -> None:
    if context.obj.blocked:
        raise Blocked


def fails(context) -> None:
    raise Blocked


FLOW = Workflow(
    name="paper", label="示例流程", model=lambda: Paper, subject_kind="paper", initial="draft",
    states=(State("draft", "草稿", Group.OPEN), State("sent", "已送", Group.WAITING), State("done", "办结", Group.DONE)),
    transitions=(
        Transition("send", "送出", ("draft",), "sent", "papers.send", "paper.sent", guards=(no_block,),
                   needs=(Field("note", "说明"), Field("days", "天数", FieldKind.NUMBER, required=False, maximum=30))),
        Transition("note", "备注", ("draft", "sent"), None, "papers.send", "paper.sent"),
        Transition("break", "失败", ("draft",), "sent", "papers.send", "paper.sent", effects=(fails,)),
        Transition("finish", "办结", ("sent",), "done", "papers.finish", "paper.sent", law="示例法"),
        Transition("lapse", "过期", ("sent",), "done", "papers.finish", "paper.sent", by_system=True),
    ),
)  # fmt: skip
CLERK = Actor(None, "李示例", (Grant(Role.WINDOW_CLERK, 1, frozenset({1}), frozenset({1}), frozenset({1})),))
STRANGER = Actor(None, "周示例")


@pytest.fixture(autouse=True)
def own_workflow(monkeypatch):
    flows: Registry[Workflow] = Registry("workflow")
    monkeypatch.setattr(declarations, "workflows", flows)
    monkeypatch.setattr(services, "workflows", flows)
    register(FLOW)
    facts: Registry[Fact] = Registry("fact")
    facts.add("paper.sent", Fact("paper.sent", "送", "送", "paper"))
    monkeypatch.setattr("zhengxiao.kernel.timeline.services.facts", facts)

    def require(actor: Actor, action: str) -> None:
        if action != "papers.send" or not actor.grants:
            raise NotPermitted(action=action)

    monkeypatch.setattr(services, "require", require)
    Papers.visible = True
    Paper._default_manager.visible = True


def take(obj: Paper, name: str, actor: Actor = CLERK, **data):
    return move(workflow="paper", transition=name, obj=obj, actor=actor, at=AT, data=data)


@pytest.mark.django_db
def test_a_move_writes_the_state_and_its_fact():
    obj = take(Paper(), "send", note="好", days="3")
    assert obj.state == Paper._default_manager.states[1] == "sent"
    assert Entry.objects.get().data == {"from_state": "draft", "to_state": "sent"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [
        ("send", {}, NeedsField),
        ("send", {"note": "  "}, NeedsField),
        ("send", {"note": "x", "days": "31"}, FieldMalformed),
        ("send", {"note": "x", "days": "-1"}, FieldMalformed),
        ("send", {"note": "x", "days": "9" * 5000}, FieldMalformed),
        ("send", {"note": "a\x00b"}, FieldMalformed),
        ("send", {"note": "x" * 201}, FieldMalformed),
        ("send", {"note": "x", "state": "done"}, UnknownInput),
        ("finish", {}, NotPermitted),
        ("break", {}, Blocked),
    ],
)
def test_a_refused_move_leaves_row_object_and_timeline_as_they_were(name, data, refusal):
    obj = Paper()
    with pytest.raises(refusal):
        take(obj, name, **data)
    assert obj.state == "draft"
    assert not Entry.objects.exists()
    if name != "break":  # the stand-in has no transactions
        assert Paper._default_manager.states[1] == "draft"


@pytest.mark.django_db
def test_guards_scope_state_and_the_platforms_own_steps_are_refused_by_name():
    obj = Paper()
    obj.blocked = True
    with pytest.raises(Blocked):
        take(obj, "send", note="x")
    with pytest.raises(NotPermitted):
        take(obj, "send", STRANGER, note="x")
    Paper._default_manager.visible = False
    with pytest.raises(NotPermitted):
        take(Paper(), "send", note="x")
    Paper._default_manager.visible = True
    with pytest.raises(MoveNotLawful):
        take(Paper("sent"), "send", note="x")
    with pytest.raises(NotPermitted):
        take(Paper("sent"), "lapse")
    assert take(Paper("sent"), "lapse", SYSTEM).state == "done"


@pytest.mark.django_db
def test_the_second_of_two_movers_is_refused_as_stale():
    first = Paper()
    second = Paper()
    take(first, "send", note="x")
    with pytest.raises(StaleState):
        take(second, "send", note="x")
    assert (second.state, Entry.objects.count()) == ("draft", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "sent", "done"])
@pytest.mark.parametrize("actor", [CLERK, STRANGER, SYSTEM])
@pytest.mark.parametrize("blocked", [False, True])
def test_what_is_offered_is_what_a_move_then_allows(state, actor, blocked):
    obj = Paper(state)
    obj.blocked = blocked
    offered = {
        item.transition.name: item for item in lawful_moves(workflow="paper", obj=obj, actor=actor, at=AT)
    }
    for step in FLOW.transitions:
        if step.name == "break" or step.by_system:
            continue
        fresh = Paper(state)
        fresh.blocked = blocked
        data = {field.name: "1" for field in step.needs}
        try:
            take(fresh, step.name, actor, **data)
            outcome = None
        except Refusal as refusal:
            outcome = type(refusal)
        item = offered.get(step.name)
        assert (item is not None and item.allowed) == (outcome is None)
        if item is not None and not item.allowed:
            assert type(item.why_not) is outcome


def test_input_is_cleaned_by_its_kind():
    assert clean(FLOW.transition("send"), {"note": " a "}) == {"note": "a", "days": None}


def test_a_table_with_a_mistake_is_refused_when_it_is_declared():
    step = FLOW.transitions[0]
    for change, text in (
        ({"initial": "nowhere"}, "unknown state"),
        ({"transitions": (*FLOW.transitions, step)}, "twice"),
        ({"states": (*FLOW.states, State("lost", "无", Group.OPEN))}, "never reaches"),
        ({"states": FLOW.states[:2]}, "unknown states"),
    ):
        with pytest.raises(RuntimeError, match=text):
            register(
                declarations.Workflow(
                    **{name: change.get(name, getattr(FLOW, name)) for name in FLOW.__slots__}
                )
            )


def test_the_page_of_a_workflow_shows_every_state_and_transition():
    drawn, page = diagram(FLOW), document(FLOW)
    assert 'state "草稿" as draft' in drawn
    assert "draft --> sent: 送出" in drawn
    assert "[*] --> draft" in drawn
    assert "done --> [*]" in drawn
    assert "sent --> [*]" not in drawn
    assert drawn in page
    assert "| finish | 办结 | 已送 | 办结 | papers.finish | paper.sent | 示例法 |" in page
    assert "| note | 备注 | 草稿、已送 | 不变 |" in page
    assert page.count("\n| ") == 1 + len(FLOW.transitions)

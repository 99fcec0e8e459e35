"""Cards by clock facts: which, once, in order, with the legal moment, and with everything they rest on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from zhengxiao.kernel.clock.api import Clock, sweep
from zhengxiao.kernel.timeline.api import Delivery, Entry
from zhengxiao.mechanisms.supervision.issuing import cards_for
from zhengxiao.mechanisms.supervision.models import FROZEN, Card
from zhengxiao.mechanisms.supervision.queries import told
from zhengxiao.mechanisms.supervision.sheets import frozen_sheet
from zhengxiao.mechanisms.supervision.tests.conftest import MONDAY, Supervised


def shown() -> list[tuple[str, str, bool]]:
    return list(Card.objects.order_by("at", "pk").values_list("level", "state", "highest"))


def test_blue_yellow_and_red_come_at_their_legal_moments_and_only_the_gravest_stands(world: Supervised):
    case = world.case()
    promised, statutory = world.promised(case), world.statutory(case)
    for moment in (promised.blue_at, promised.yellow_at, statutory.red_at):
        assert moment is not None
        world.look(moment)
    assert shown() == [
        ("blue", "superseded", False),
        ("yellow", "superseded", False),
        ("red", "issued", True),
    ]
    moments = list(Card.objects.order_by("at").values_list("at", flat=True))
    assert moments == [promised.blue_at, promised.yellow_at, statutory.red_at]


def test_after_days_without_a_runner_every_card_carries_its_legal_moment_and_none_is_missing(
    world: Supervised,
):
    case = world.case()
    promised, statutory = world.promised(case), world.statutory(case)
    assert statutory.red_at is not None
    late = statutory.red_at + timedelta(days=3)
    world.look(late)
    assert [(card.level, card.at) for card in Card.objects.order_by("at")] == [
        ("blue", promised.blue_at),
        ("yellow", promised.yellow_at),
        ("red", statutory.red_at),
    ]
    assert {card.recorded_at for card in Card.objects.all()} == {late}
    told = Entry.objects.filter(fact="supervision.card_issued").order_by("pk")
    assert [(entry.data["level"], entry.at) for entry in told] == [
        ("blue", promised.blue_at),
        ("yellow", promised.yellow_at),
        ("red", statutory.red_at),
    ]
    red = Card.objects.get(level="red")
    window = red.explanation_clock
    assert window is not None
    assert window.started_at == late, "the unit has its days from when it was told, not from when nobody ran"


def test_where_promise_and_law_end_together_only_the_red_card_is_issued(world: Supervised):
    case = world.case()
    promised, statutory = world.promised(case), world.statutory(case)
    Clock.objects.filter(pk=promised.pk).update(yellow_at=statutory.red_at, next_look_at=promised.blue_at)
    assert statutory.red_at is not None
    world.look(statutory.red_at)
    assert [card.level for card in Card.objects.exclude(level="blue")] == ["red"]


def test_a_clock_that_stopped_in_time_gives_no_card_and_one_that_stopped_late_does(world: Supervised):
    in_time, late = world.case(), world.case()
    moment = world.promised(in_time).yellow_at
    assert moment is not None
    grant = {"result_no": "示许准〔2026〕1 号"}
    world.cases.move(in_time, "grant", at=moment - timedelta(hours=9), data=grant)
    world.look(moment)
    world.cases.move(late, "grant", at=moment + timedelta(hours=9), data=grant)
    world.look(moment + timedelta(days=30))
    assert list(Card.objects.filter(level="yellow").values_list("subject_id", flat=True)) == [late.pk]
    assert not Card.objects.filter(level="red").exists()


def test_a_case_that_was_finished_late_while_no_runner_was_there_still_gets_its_card(world: Supervised):
    case = world.case()
    moment = world.promised(case).yellow_at
    assert moment is not None
    world.cases.move(case, "grant", at=moment + timedelta(hours=9), data={"result_no": "示许准〔2026〕1 号"})
    world.look(moment + timedelta(days=1))
    assert [(card.level, card.at) for card in Card.objects.filter(level="yellow")] == [("yellow", moment)]


def test_a_reminder_that_is_delivered_after_the_case_was_finished_gives_no_blue_card(world: Supervised):
    case = world.case()
    moment = world.promised(case).blue_at
    assert moment is not None
    sweep(at=moment)
    done = moment + timedelta(hours=10)
    world.cases.move(case, "grant", at=done, data={"result_no": "示许准〔2026〕1 号"})
    world.look(done + timedelta(minutes=1))
    assert not Card.objects.exists()


def test_the_same_facts_handed_over_again_issue_nothing(world: Supervised):
    world.yellow()
    before = shown()
    entries = list(Entry.objects.filter(fact__in=["clock.warned", "clock.breached"]))
    with transaction.atomic():
        assert cards_for(entries) == []
        assert cards_for(list(reversed(entries))) == []
    assert shown() == before


def test_a_lower_card_that_comes_late_is_kept_as_replaced(world: Supervised):
    case = world.case()
    promised = world.promised(case)
    assert promised.yellow_at is not None
    world.look(promised.yellow_at - timedelta(days=30))
    sweep(at=promised.yellow_at)
    breached = list(Entry.objects.filter(fact="clock.breached", data__clock_kind="promised"))
    warned = list(Entry.objects.filter(fact="clock.warned", data__clock_kind="promised"))
    with transaction.atomic():
        cards_for(breached)
        cards_for(warned)
    assert shown() == [("blue", "superseded", False), ("yellow", "issued", True)]
    blue, yellow = Card.objects.order_by("at")
    assert blue.superseded_by == yellow


def test_a_card_keeps_rule_version_evidence_and_calculation_sheet(world: Supervised):
    card, _ = world.yellow()
    assert (card.rule, card.rule_version, card.policy) == ("promised/yellow", 0, None)
    assert card.evidence["clock_rule"] == "cases.promised"
    assert card.evidence["leaf"] == bytes(card.entry.leaf).hex()
    days = card.sheet["days"]
    assert sum(1 for day in days if day["counted"] and day["index"] and day["index"] <= 10) == 10
    sheet = frozen_sheet(card.sheet)
    assert sheet is not None
    assert (sheet.until, sheet.due_on, sheet.counted) == (date(2026, 3, 17), date(2026, 3, 16), 11)
    assert card.number.startswith("K990102-2026-")
    assert (card.department, card.unit) == (world.org.market, world.org.section)


@pytest.mark.parametrize("level", ["yellow"])
def test_the_database_refuses_a_second_card_of_a_level_for_a_clock(world: Supervised, level: str):
    card, _ = world.yellow()
    twin = Card(**{field.attname: getattr(card, field.attname) for field in Card._meta.concrete_fields})
    twin.pk, twin.number, twin.highest, twin.chain = None, "K-twin", False, "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize(
    "column", ["level", "at", "evidence", "sheet", "department_id", "rule_version", "reason"]
)
def test_the_database_refuses_to_change_what_a_card_states(world: Supervised, column: str):
    card, _ = world.yellow()
    assert column in FROZEN
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Card.objects.filter(pk=card.pk).update(**{column: getattr(card, column)})


def test_nobody_deletes_a_card(world: Supervised):
    card, _ = world.yellow()
    with pytest.raises(TypeError):
        Card.objects.filter(pk=card.pk).delete()
    if connection.vendor == "postgresql":
        with (
            pytest.raises(DatabaseError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM supervision_card WHERE id = %s", [card.pk])


def test_every_delivery_is_done_and_the_people_of_the_ladder_are_told_once(world: Supervised):
    card, _ = world.yellow()
    assert not Delivery.objects.exclude(state="done").exists()
    names = [notice.recipient.username for notice in told(card) if notice.fact == "supervision.card_issued"]
    assert sorted(names) == ["head", "supervisor"] or "head" in names
    assert len(names) == len(set(names))
    assert card.at > MONDAY

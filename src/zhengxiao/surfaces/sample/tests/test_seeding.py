"""The sample city as written: one small city for the whole module, taken back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, F, Q
from django.test import Client
from django.urls import reverse

from zhengxiao.backbone.cases.api import Case, ExtensionRequest
from zhengxiao.backbone.catalogue.api import Item, ItemClaim, ItemVersion, comparable_versions, comparisons
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.calendar.api import CalendarVersion, VersionState
from zhengxiao.kernel.clock.api import Clock, ClockRung, calendar_effect
from zhengxiao.kernel.exports.api import ExportRequest, RequestState
from zhengxiao.kernel.identity.api import User, user_by_username
from zhengxiao.kernel.orgs.api import Region, Unit
from zhengxiao.kernel.timeline.api import backlog
from zhengxiao.kernel.webhooks.api import Message, WebhookTarget, due_messages
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.mechanisms.detection.models import BackTest
from zhengxiao.mechanisms.disclosures.models import Disclosure, ReportLine
from zhengxiao.mechanisms.relay.models import Relayed
from zhengxiao.mechanisms.supervision.models import Card, Order
from zhengxiao.mechanisms.supervision.workflow import CARD, ORDER
from zhengxiao.surfaces.sample.api import (
    ACCOUNTS,
    PASSWORD,
    DatabaseNotEmpty,
    Seeded,
    SizeUnknown,
    city_seed,
    count_of,
)

pytestmark = pytest.mark.long

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
"""A Monday, half past ten."""


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Seeded]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield city_seed(size="1500", seed=11, with_password=True, at=AT)
        transaction.set_rollback(True)


def test_the_city_has_its_places_offices_and_items(city):
    assert set(Region.objects.values_list("level", flat=True)) == {2, 3, 4, 5}
    assert Unit.objects.filter(kind="department").count() >= 30
    assert Unit.objects.filter(kind="window").count() >= 12
    assert ItemVersion.objects.in_force(AT.date()).count() >= 300


def test_every_light_is_there(city):
    assert all(city.running[light] > 0 for light in ("green", "blue", "yellow", "red", "grey"))


def test_warnings_carry_the_moment_the_rule_was_broken_and_nothing_waits(city):
    assert city.warned
    assert city.breached
    assert not ClockRung.objects.filter(at__gt=AT).exists()
    assert ClockRung.objects.filter(at__lt=F("claimed_at")).exists()
    left = backlog(at=AT)
    assert (left.waiting, left.parked) == (0, 0)
    assert not Clock.objects.running().filter(next_look_at__lte=AT).exists()


def test_cases_are_governed_by_the_version_in_force_on_the_day(city):
    two = Item.objects.annotate(n=Count("versions")).filter(n=2)
    assert two.count() == 2
    for case in Case.objects.select_related("item_version"):
        version, day = case.item_version, case.received_at.astimezone(UTC).date()
        assert version.valid_from <= day
        assert version.valid_to is None or day <= version.valid_to


def test_running_extensions_pauses_and_requests_are_there(city):
    assert ExtensionRequest.objects.filter(state="pending").exists()
    assert Case.objects.filter(extensions__state="approved", state__in=("accepted", "reviewing")).exists()
    assert Case.objects.filter(state="suspended", procedures__ended_at__isnull=True).exists()
    assert Case.objects.filter(deemed_accepted=True).exists()


def test_claims_are_taken_declined_and_open_and_some_versions_deviate(city):
    assert set(ItemClaim.objects.values_list("state", flat=True)) == {"claimed", "declined", "to_claim"}
    found = comparisons(comparable_versions(SYSTEM, AT.date()))
    faulty = [row for row in found if row.faults]
    assert 5 <= len(faulty) <= 30
    assert any(not row.faults and row.differences for row in found)


def test_a_closure_waits_for_a_second_person_and_its_preview_moves_deadlines_of_the_district(city):
    version = CalendarVersion.objects.get(state=VersionState.PROPOSED)
    assert version.proposed_by == user_by_username("sysadmin")
    assert calendar_effect(version.pk).moved > 0


def test_cards_orders_licences_and_publicity_are_there_in_many_states(city):
    def states(model: Any) -> set[str]:
        return set(model.objects.values_list("state", flat=True))

    assert states(Card) == {state.value for state in CARD.states}
    assert states(Order) == {state.value for state in ORDER.states}
    assert states(ExportRequest) == set(RequestState.values)
    assert states(Relayed) == {"pushed", "claimed", "answered", "returned"}
    assert {"due", "received", "rejected", "revoked", "withdrawn", "repaired"} <= states(Disclosure)
    batch = ReportLine.objects.values_list("disclosure__state", flat=True)
    assert set(batch) == {"received", "rejected"}
    assert BackTest.objects.filter(state="done").exists()


def test_a_platform_took_most_events_and_no_request_can_leave(city):
    assert set(Message.objects.values_list("state", flat=True)) == {"sent", "dead"}
    assert not WebhookTarget.objects.filter(state="active").exists()
    assert due_messages(AT).count() == 0
    assert all(".invalid/" in url for url in WebhookTarget.objects.values_list("url", flat=True))


def test_there_is_one_sample_account_per_role_and_each_can_sign_in(city):
    assert sorted(account.role for account in ACCOUNTS) == sorted(Role)
    for account in ACCOUNTS:
        actor = actor_for(user_by_username(account.username), at=AT)
        assert actor.roles == {account.role}
        assert Client().login(username=account.username, password=PASSWORD)
        answer = Client().post(
            reverse("portal:sign-in"), {"username": account.username, "password": PASSWORD}
        )
        assert answer.status_code == 302


def test_the_sample_people_have_work_of_their_own(city):
    def seen(name: str) -> int:
        return Case.objects.visible_to(actor_for(user_by_username(name), at=AT)).count()

    assert seen("clerk") > 20
    assert seen("approver") > 50
    assert seen("head") == seen("approver")
    assert seen("supervisor") > seen("head")
    assert seen("auditor") == Case.objects.count() > seen("leader")
    window = user_by_username("clerk").posts.get().unit_id
    assert Case.objects.filter(window_id=window).values("department_id").distinct().count() > 1


def test_nobody_else_has_a_password(city):
    named = Q(username__in=[account.username for account in ACCOUNTS])
    assert not [user for user in User.objects.exclude(named)[:50] if user.has_usable_password()]


def test_a_used_database_is_refused(city):
    with pytest.raises(DatabaseNotEmpty):
        city_seed(size="10", seed=1, with_password=False, at=AT)


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_city_whatever_the_database():
    with transaction.atomic():
        first = city_seed(size="200", seed=5, with_password=False, at=AT)
        transaction.set_rollback(True)
    second = city_seed(size="200", seed=5, with_password=False, at=AT)
    assert (first.digest, first.running, first.cases) == (second.digest, second.running, second.cases)
    assert not user_by_username("clerk").has_usable_password()


def test_sizes_are_letters_or_numbers():
    assert (count_of("S"), count_of("m"), count_of("350")) == (2000, 20000, 350)
    for wrong in ("", "-3", "XXL", "0"):
        with pytest.raises(SizeUnknown):
            count_of(wrong)

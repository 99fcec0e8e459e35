"""The same refusal however a request is spelled: verb, slash, header, foreign ids, missing token."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.test_guessing import TOKEN
from tests.access.test_matrix import body, sign, undone
from tests.access.world import NOW, World
from zhengxiao.backbone.cases.api import Case, Intake, case_assign, case_receive
from zhengxiao.lib.refusals import Refusal

pytestmark = pytest.mark.django_db
STRANGER = "clerk-b"


def addresses(world: World) -> dict[str, str]:
    number = world.cases["H", "accepted"].number
    return {
        "case": reverse("cases:case", args=[number]),
        "clock": reverse("cases:clock", args=[number, world.clocks["H"].pk]),
        "voucher": reverse("cases:voucher", args=[number]),
        "move": reverse("cases:move", args=[number, "withdraw"]),
    }


@pytest.mark.parametrize("verb", ["get", "head", "options", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", ["case", "clock", "voucher", "move"])
def test_no_verb_reaches_a_foreign_case(world: World, name: str, verb: str) -> None:
    """What a stranger hears of a real case is word for word what is said of one that does not exist."""
    real = addresses(world)[name]
    invented = real.replace(world.cases["H", "accepted"].number, "990102-20260304-99999")
    client = world.clients[STRANGER]
    told, of_nothing = (getattr(client, verb)(address) for address in (real, invented))
    assert told.status_code == of_nothing.status_code
    assert told.status_code in {404, 405}
    said, said_of_nothing = (
        TOKEN.sub("", body(answer)).replace(answer.headers["X-Request-ID"], "")
        for answer in (told, of_nothing)
    )
    assert said.replace(real, "") == said_of_nothing.replace(invented, "")
    assert told.headers.get("Allow") == of_nothing.headers.get("Allow")


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_header_changes_no_verb(world: World, header: str) -> None:
    case = world.cases["H", "accepted"]
    address = addresses(world)["move"]
    world.clients["window_clerk"].get(address, {"reason": "x"}, headers={header: "POST"})
    assert Case.objects.get(pk=case.pk).state == "accepted"


@pytest.mark.parametrize("name", ["case", "clock", "voucher", "move"])
def test_an_address_without_its_slash_shows_nothing(world: World, name: str) -> None:
    answer = world.clients[STRANGER].get(addresses(world)[name].rstrip("/"))
    assert answer.status_code in {301, 404}
    if answer.status_code == 301:
        assert sign(world.clients[STRANGER].get(answer.headers["Location"])) == "0"


POSTS = ("move", "assign", "receive", "saved view", "notices", "import", "sign out", "sign in", "language")


@pytest.mark.parametrize("what", POSTS)
def test_a_submission_without_its_token_is_refused(world: World, what: str) -> None:
    number = world.cases["H", "received"].number
    address = {
        "move": reverse("cases:move", args=[number, "accept"]),
        "assign": reverse("cases:assign", args=[number]),
        "receive": reverse("cases:new") + f"?item={world.versions['H', 'published'].item_id}",
        "saved view": "/cases/",
        "notices": "/desk/notices/read-all/",
        "import": "/console/imports/new/",
        "sign out": "/sign-out/",
        "sign in": "/sign-in/",
        "language": "/language/",
    }[what]
    client = Client(enforce_csrf_checks=True)
    person = {"assign": "approver", "import": "supervisor"}.get(what, "window_clerk")
    user = world.people[person]
    assert user is not None
    client.force_login(user)
    assert client.post(address, {"act": "keep", "name": "x"}).status_code == 403
    assert client.post(address, {}, headers={"X-CSRFToken": "a" * 32}).status_code == 403
    assert client.post(address, "{}", content_type="text/plain").status_code == 403
    assert Case.objects.get(number=number).state == "received"


# ---------------------------------------------------------------- foreign ids
def intake(world: World, **changes: Any) -> Intake:
    values: dict[str, Any] = {
        "item_id": world.versions["H", "published"].item_id,
        "applicant_name": "示例公司",
        "unit_id": world.units["A-MARKET-S1"].pk,
        "window_id": world.units["A-MARKET-W1"].pk,
        **changes,
    }
    return Intake(**values)


def refusal(world: World, person: str, **changes: Any) -> str:
    try:
        case_receive(intake=intake(world, **changes), actor=world.actor(person), at=NOW)
    except Refusal as found:
        return found.code
    return ""


def test_a_clerk_receives_at_the_own_window_only(world: World) -> None:
    assert undone(world, lambda: refusal(world, "window_clerk")) == ""
    for window in ("A-MARKET-W2", "A-HOUSING-W1", "B-MARKET-W1"):
        assert refusal(world, "window_clerk", window_id=world.units[window].pk) == "NotPermitted"
    assert refusal(world, "window_clerk", window_id=None) == "NotPermitted"


def test_an_approver_receives_at_no_window_of_another_office(world: World) -> None:
    assert undone(world, lambda: refusal(world, "approver")) == ""
    for window in ("A-HOUSING-W1", "B-MARKET-W1", "C-MARKET-W1"):
        assert refusal(world, "approver", window_id=world.units[window].pk) == "NotPermitted"


def test_an_application_goes_to_no_section_of_another_office(world: World) -> None:
    random = refusal(world, "window_clerk", unit_id=10**9)
    for section in ("A-HOUSING-S1", "B-MARKET-S1", "C-MARKET"):
        assert refusal(world, "window_clerk", unit_id=world.units[section].pk) == random != ""


def test_nobody_of_another_office_is_named_handler(world: World) -> None:
    case = world.cases["H", "accepted"]

    def named(handler: int) -> str:
        try:
            case_assign(
                case_id=case.pk, handler_id=handler, handler_name="x", actor=world.actor("approver"), at=NOW
            )
        except Refusal as found:
            return found.code
        return ""

    random = named(10**9)
    assert random
    for person in ("head-housing", "clerk-b", "window_clerk", "citizen", "no-post"):
        user = world.people[person]
        assert user is not None
        assert named(user.pk) == random
        assert refusal(world, "window_clerk", handler_id=user.pk) == random
    assert Case.objects.get(pk=case.pk).handler_id is None


def test_the_pages_take_no_foreign_id_either(world: World) -> None:
    address = reverse("cases:new") + f"?item={world.versions['H', 'published'].item_id}"
    client = world.clients["window_clerk"]
    form = {"applicant_kind": "organisation", "applicant_name": "示例公司", "channel": "window"}
    own = {"unit": world.units["A-MARKET-S1"].pk, "window": world.units["A-MARKET-W1"].pk}
    before = Case.objects.count()
    for field, code in (("window", "A-MARKET-W2"), ("window", "B-MARKET-W1"), ("unit", "A-HOUSING-S1")):
        answer = client.post(address, {**form, **own, field: world.units[code].pk})
        random = client.post(address, {**form, **own, field: 10**9})
        assert (answer.status_code, random.status_code) == (422, 422)
    assert Case.objects.count() == before
    head = world.people["head-housing"]
    assert head is not None
    assign = reverse("cases:assign", args=[world.cases["H", "accepted"].number])
    for handler in (head.pk, 10**9):
        assert world.clients["approver"].post(assign, {"handler": handler}).status_code == 422


def test_fields_nobody_asked_for_change_nothing(world: World) -> None:
    """A move takes the fields it declares; state, owner and moments cannot be smuggled in."""
    case = world.cases["H", "received"]
    smuggled = {
        "state": "granted",
        "department_id": world.department("D").pk,
        "received_at": "2020-01-01",
        "handler_id": 1,
    }
    world.clients["window_clerk"].post(reverse("cases:move", args=[case.number, "accept"]), smuggled)
    found = Case.objects.get(pk=case.pk)
    assert (found.state, found.department_id, found.received_at, found.handler_id) == (
        "accepted",
        case.department_id,
        case.received_at,
        None,
    )

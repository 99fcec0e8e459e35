"""Every person at every place through every channel, held against the tables of matrix.py."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access import matrix
from tests.access.matrix import Cells, Step
from tests.access.world import LATER, NOW, PEOPLE, PLACES, WAYS, World, way_out
from zhengxiao.backbone.cases.api import Case, CaseMaterialFile, case_move, lights, todo
from zhengxiao.backbone.cases.workflow import WORKFLOW
from zhengxiao.backbone.parties.api import NewParty, party_find_or_create
from zhengxiao.kernel.calendar.api import CalendarVersion
from zhengxiao.kernel.files.api import StoredFile
from zhengxiao.kernel.metrics.api import compute, ids
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.refusals import NotPermitted

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
SIGN_IN = "/sign-in/"


def sign(answer: Any) -> str:
    """What a person was told, as the tables write it."""
    if answer.headers.get("Location", "").startswith(SIGN_IN) or "HX-Redirect" in answer.headers:
        return ">"
    return {200: "+", 302: "+", 403: "x", 404: "0"}.get(answer.status_code, str(answer.status_code))


def held(expected: Iterable[tuple[str, str, str]], got: Callable[[str, str], str], tally: list[int]) -> None:
    """Every (person, place, sign) of a table against what was found, all differences at once."""
    wrong = []
    for person, place, wanted in expected:
        found = got(person, place)
        tally[0] += 1
        if found != wanted:
            wrong.append(f"{person} at {place}: {found}, should be {wanted}")
    assert wrong == []


def undone(world: World, act: Callable[[], str]) -> str:
    """The act's sign; what it wrote is taken back."""
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    return found


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return content.decode()


# ---------------------------------------------------------------- one case
def case_address(name: str) -> Callable[[World, str], str]:
    def address(world: World, place: str) -> str:
        case = world.cases[place, "accepted"]
        more: list[Any] = [world.clocks[place].pk] if name == "clock" else []
        return reverse(f"cases:{name}", args=[case.number, *more])

    return address


DETAILS: dict[str, tuple[Callable[[World, str], str], dict[str, Any]]] = {
    "page": (case_address("case"), {}),
    "fragment": (case_address("case"), {"headers": FRAGMENT}),
    "calculation sheet": (case_address("clock"), {}),
    "calculation sheet as data": (case_address("clock"), {"query_params": {"format": "json"}}),
    "printed voucher": (case_address("voucher"), {}),
}


@pytest.mark.parametrize("channel", DETAILS)
@pytest.mark.parametrize("verb", ["get", "head"])
def test_one_case_is_seen_by_those_it_concerns(
    world: World, tally: list[int], channel: str, verb: str
) -> None:
    address, how = DETAILS[channel]

    def ask(person: str, place: str) -> str:
        return sign(getattr(world.clients[person], verb)(address(world, place), **how))

    held(matrix.cells(matrix.SEE_CASES), ask, tally)


def test_a_clock_is_found_under_its_own_case_only(world: World) -> None:
    here = world.cases["H", "accepted"]
    for place in PLACES[1:]:
        address = reverse("cases:clock", args=[here.number, world.clocks[place].pk])
        assert sign(world.clients["window_clerk"].get(address)) == "0"


# ---------------------------------------------------------------- many cases
LISTS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "list": ({"size": 100}, {}),
    "list fragment": ({"size": 100}, FRAGMENT),
    "list of one state": ({"size": 100, "state": "accepted"}, {}),
    "sorted list": ({"size": 100, "sort": "received"}, {}),
    "print": ({"print": 1}, {}),
    "csv": ({"export": "csv"}, {}),
    "xlsx": ({"export": "xlsx"}, {}),
}


def shown_at(world: World, text: str, place: str) -> str:
    """Whether the text names the cases of a place: all that it names any of."""
    numbers = [
        world.cases[place, state].number for state in WAYS if world.cases[place, state].state == "accepted"
    ]
    found = {number in text for number in numbers}
    return "partly" if len(found) > 1 else "+" if found == {True} else "0"


@pytest.mark.parametrize("channel", LISTS)
def test_a_list_holds_the_cases_of_ones_reach(world: World, tally: list[int], channel: str) -> None:
    query, headers = LISTS[channel]
    texts: dict[str, tuple[str, str]] = {}
    for person in PEOPLE:
        answer = world.clients[person].get("/cases/", query, headers=headers)
        texts[person] = (sign(answer), body(answer))

    def ask(person: str, place: str) -> str:
        told, text = texts[person]
        return shown_at(world, text, place) if told == "+" else told

    table = matrix.EXPORT_CASES if "export" in query else matrix.SEE_CASES
    held(matrix.cells(table), ask, tally)


def test_the_count_is_that_of_the_cases_seen(world: World, tally: list[int]) -> None:
    for person in PEOPLE:
        answer = world.clients[person].get("/cases/")
        if sign(answer) == "+":
            places = [place for place in PLACES if matrix.SEE_CASES[person, place] == "+"]
            assert answer.context["shown"].count == len(places) * len(WAYS), person
            tally[0] += len(PLACES)


@pytest.mark.parametrize("key", ["q", "item"])
def test_a_condition_finds_nothing_beyond_ones_reach(world: World, tally: list[int], key: str) -> None:
    def ask(person: str, place: str) -> str:
        case = world.cases[place, "accepted"]
        wanted = case.number if key == "q" else case.item_name
        answer = world.clients[person].get("/cases/", {key: wanted, "size": 100}, headers=FRAGMENT)
        # The number asked for stands in the form; a row is what leads to the case.
        return (
            ("+" if f'href="/cases/{case.number}/"' in body(answer) else "0")
            if sign(answer) == "+"
            else sign(answer)
        )

    held(matrix.cells(matrix.SEE_CASES), ask, tally)


def test_a_unit_out_of_reach_is_no_choice_of_a_condition(world: World, tally: list[int]) -> None:
    for person in PEOPLE:
        for place in PLACES:
            if matrix.SEE_CASES[person, place] != "0":
                continue
            client = world.clients[person]
            if place != "W":
                foreign = client.get("/cases/", {"department": world.department(place).pk})
                random = client.get("/cases/", {"department": 10**9})
                assert (foreign.status_code, random.status_code) == (400, 400), (person, place)
            tally[0] += 1


def test_the_search_finds_the_cases_of_ones_reach(world: World, tally: list[int]) -> None:
    desks = matrix.PAGES["desk:search"]
    expected = [
        (person, place, desks[person] if desks[person] != "+" else "0" if told == "x" else told)
        for person, place, told in matrix.cells(matrix.SEE_CASES)
    ]

    def by_number(person: str, place: str) -> str:
        answer = world.clients[person].get("/desk/search/", {"q": world.cases[place, "accepted"].number})
        return sign(answer) if answer.status_code != 200 else "0"

    def by_name(person: str, place: str) -> str:
        answer = world.clients[person].get("/desk/search/", {"q": f"示例{place}处"})
        return (
            ("+" if f"/cases/{world.cases[place, 'accepted'].number}/" in body(answer) else "0")
            if answer.status_code == 200
            else sign(answer)
        )

    held(expected, by_number, tally)
    held(expected, by_name, tally)


def test_the_search_finds_the_parties_of_ones_reach(world: World, tally: list[int]) -> None:
    desks = matrix.PAGES["desk:search"]
    places = [place for place in PLACES if place != "W"]
    expected = [
        (person, place, told if desks[person] == "+" else desks[person])
        for person, place, told in matrix.cells(matrix.SEE_PARTIES)
        if place in places
    ]

    def ask(person: str, place: str) -> str:
        answer = world.clients[person].get("/desk/search/", {"q": f"示例{place}处建设"})
        if answer.status_code != 200:
            return sign(answer)
        return "+" if any(f"示例{place}处" in row["name"] for row in answer.context["parties"]) else "0"

    held(expected, ask, tally)


def test_the_desk_tells_of_no_case_beyond_ones_reach(world: World, tally: list[int]) -> None:
    for person in PEOPLE:
        text = body(world.clients[person].get("/desk/"))
        for place in PLACES:
            tally[0] += 1
            if matrix.SEE_CASES[person, place] != "+":
                assert not any(world.cases[place, state].number in text for state in WAYS), (person, place)


# ---------------------------------------------------------------- numbers and background work, asked as a person
def _ids(world: World, person: str) -> set[int]:
    period = {"period_from": date(2026, 3, 1), "period_to": date(2026, 4, 1)}
    found = ids("cases.accepted", part="numerator", actor=world.actor(person), as_of=NOW, **period)
    (figure,) = compute("cases.accepted", actor=world.actor(person), as_of=NOW, **period)
    assert figure.numerator == len(found)
    return {case.pk for case in found}


def _light_ids(world: World, person: str) -> int:
    return lights(NOW, world.actor(person))["total"]


def test_the_subjects_behind_a_figure_are_those_of_ones_reach(world: World, tally: list[int]) -> None:
    found = {person: _ids(world, person) for person in PEOPLE}

    def ask(person: str, place: str) -> str:
        return "+" if world.cases[place, "accepted"].pk in found[person] else "0"

    held([(p, at, "+" if s == "+" else "0") for p, at, s in matrix.cells(matrix.SEE_CASES)], ask, tally)


def test_the_lights_count_the_cases_of_ones_reach(world: World, tally: list[int]) -> None:
    running = sum(
        case.state not in {"delivered"} for (place, _way), case in world.cases.items() if place == "H"
    )
    for person in PEOPLE:
        places = [place for place in PLACES if matrix.SEE_CASES[person, place] == "+"]
        assert _light_ids(world, person) == running * len(places), person
        tally[0] += len(PLACES)


def test_the_to_do_list_holds_cases_one_may_work_on(world: World, tally: list[int]) -> None:
    """Somebody has to examine, review, decide or deliver; who only watches has nothing to do."""
    for person in PEOPLE:
        actor = world.actor(person)
        listed = {task.case.pk for waiting in (False, True) for task in todo(actor, NOW, waiting=waiting)}
        for (place, way), case in world.cases.items():
            working = {
                step.who[person, place]
                for step in matrix.STEPS
                if step.state == way or (way == "asked" and step.state == "accepted")
            }
            if case.pk in listed:
                assert "+" in working, (person, place, way)
        tally[0] += len(PLACES)


# ---------------------------------------------------------------- moves
def test_every_move_of_a_case_stands_in_the_matrix() -> None:
    named = {step.name for step in matrix.STEPS}
    assert named | matrix.BY_THE_PLATFORM == {step.name for step in WORKFLOW.transitions}


@pytest.mark.parametrize("step", matrix.STEPS, ids=lambda step: step.name)
def test_a_move_is_asked_for_by_those_who_may_take_it(
    world: World, tally: list[int], step: Step, settings: Any
) -> None:
    settings.ZX_MOMENT = LATER if step.later else NOW

    def ask(person: str, place: str) -> str:
        case = world.cases[place, step.state]
        return sign(world.clients[person].get(reverse("cases:move", args=[case.number, step.name])))

    held(matrix.cells(step.who), ask, tally)


@pytest.mark.parametrize("step", matrix.STEPS, ids=lambda step: step.name)
def test_a_move_is_taken_by_those_who_may_and_leaves_its_fact(
    world: World, tally: list[int], step: Step, settings: Any
) -> None:
    settings.ZX_MOMENT = LATER if step.later else NOW
    fact = WORKFLOW.transition(step.name).fact

    def ask(person: str, place: str) -> str:
        case = world.cases[place, step.state]

        def act() -> str:
            before = entries_for(Subject("case", case.pk)).filter(fact=fact).count()
            answer = world.clients[person].post(
                reverse("cases:move", args=[case.number, step.name]), step.data
            )
            wrote = entries_for(Subject("case", case.pk)).filter(fact=fact).count() - before
            told = sign(answer)
            return told if wrote == (told == "+") else f"{told} but wrote {wrote}"

        return undone(world, act)

    held(matrix.cells(step.who), ask, tally)


@pytest.mark.parametrize("step", matrix.STEPS, ids=lambda step: step.name)
def test_a_move_asked_of_the_service_writes_nothing_for_others(
    world: World, tally: list[int], step: Step
) -> None:
    """A job or command that names an actor is held to the same table as the page."""

    def ask(person: str, place: str) -> str:
        case = world.cases[place, step.state]

        def act() -> str:
            moment = LATER if step.later else NOW
            try:
                case_move(
                    case_id=case.pk,
                    transition=step.name,
                    actor=world.actor(person, at=moment),
                    at=moment,
                    data=step.data,
                )
            except NotPermitted:
                return "x"
            return "+"

        return undone(world, act)

    held([(p, at, "+" if s == "+" else "x") for p, at, s in matrix.cells(step.who)], ask, tally)


def test_nobody_takes_a_move_of_the_platform(world: World, tally: list[int]) -> None:
    for person in PEOPLE:
        for place in PLACES:
            number = world.cases[place, "received"].number
            answer = world.clients[person].post(reverse("cases:move", args=[number, "deem_accepted"]))
            assert sign(answer) in {"0", "x", ">"}
            tally[0] += 1


@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_handler_is_named_by_those_who_may(world: World, tally: list[int], verb: str) -> None:
    chosen = {"H": "approver", "W": "approver", "D": "head-housing"}

    def ask(person: str, place: str) -> str:
        case = world.cases[place, "accepted"]
        user = world.people[chosen.get(place, "approver")]
        assert user is not None

        def act() -> str:
            data = {"handler": user.pk} if verb == "post" else {}
            answer = getattr(world.clients[person], verb)(reverse("cases:assign", args=[case.number]), data)
            named = Case.objects.get(pk=case.pk).handler_id is not None
            told = sign(answer)
            return told if named == (told == "+" and verb == "post") else f"{told} but named {named}"

        return undone(world, act)

    held(matrix.cells(matrix.NAME_HANDLERS), ask, tally)


def test_materials_are_filed_by_the_window_and_the_office(
    world: World, tally: list[int], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    address = "cases:material-new"

    def ask(person: str, place: str) -> str:
        case = world.cases[place, "received"]
        found = sign(world.clients[person].get(reverse(address, args=[case.number])))

        def act() -> str:
            data = {"new_name": "图纸", "file": io.BytesIO(b"text")}
            data["file"].name = "a.txt"  # type: ignore[union-attr]
            return sign(world.clients[person].post(reverse(address, args=[case.number]), data))

        # A file is looked through by a child process: one per place is enough where filing is allowed.
        return found if found == "+" and person != "approver" else undone(world, act)

    held(matrix.cells(matrix.FILE_MATERIALS), ask, tally)


@pytest.mark.parametrize("verb", ["get", "head"])
def test_papers_are_read_by_those_who_handle_or_supervise_the_case(
    world: World, tally: list[int], settings: Any, tmp_path: Path, verb: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    addresses = {place: reverse("cases:material", args=_paper(world, place, tmp_path)) for place in PLACES}

    def ask(person: str, place: str) -> str:
        answer = getattr(world.clients[person], verb)(addresses[place])
        answer.close()
        return sign(answer)

    expected = matrix.cells(matrix.READ_MATERIALS)
    if verb == "head":
        expected = iter(
            [(person, place, {"+": "405", "0": "405"}.get(told, told)) for person, place, told in expected]
        )
    held(expected, ask, tally)


def _applicant(world: World, place: str) -> Any:
    """The case of a place with a person of that district as its applicant."""
    region = world.department(place).region_id
    given = NewParty(
        "王示例", id_number=f"E1234567{PLACES.index(place)}", id_type="passport", region_id=region
    )
    party = party_find_or_create(party=given, actor=SYSTEM, at=NOW)
    case = world.cases[place, "accepted"]
    Case.objects.filter(pk=case.pk).update(party=party)
    return case, party


def test_full_numbers_are_shown_to_the_window_and_the_office(world: World, tally: list[int]) -> None:
    made = {place: _applicant(world, place) for place in PLACES}

    def ask(person: str, place: str) -> str:
        case, party = made[place]
        address = reverse("cases:reveal", args=[case.number, "id"])
        client = world.clients[person]
        data = {"purpose": "verify", "note": "与原件核对"}
        looks = party.looks.count()
        found = undone(world, lambda: _shown(client.post(address, data), party, looks))
        assert sign(client.get(address)) == found
        return found

    held(matrix.cells(matrix.REVEAL_NUMBERS), ask, tally)


def _shown(answer: Any, party: Any, looks: int) -> str:
    """The sign; a number that was shown is on record, and one that was not is in no answer."""
    served = "E1234567" in body(answer)
    assert party.looks.count() == looks + served
    assert served == (answer.status_code == 200)
    return sign(answer)


@pytest.mark.parametrize("name", ["party", "link"])
def test_parties_and_their_accounts(world: World, tally: list[int], name: str) -> None:
    made = {place: _applicant(world, place)[1] for place in PLACES}

    def ask(person: str, place: str) -> str:
        address, client = reverse(f"parties:{name}", args=[made[place].pk]), world.clients[person]
        if name == "party":
            return sign(client.get(address))
        return undone(world, lambda: sign(client.post(address, {"username": "citizen"})))

    held(matrix.cells(matrix.SEE_PARTIES_PAGE if name == "party" else matrix.LINK_ACCOUNTS), ask, tally)


def _paper(world: World, place: str, root: Path) -> list[Any]:
    """A paper of a case, written as the platform keeps it."""
    case, digest = world.cases[place, "accepted"], hashlib.sha256(b"text").hexdigest()
    path = root / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"text")
    file = StoredFile.objects.create(
        digest=digest, size=4, media_type="text/plain", original_name="a.txt", uploaded_at=NOW
    )
    material = case.materials.get()
    return [
        case.number,
        CaseMaterialFile.objects.create(material=material, version=1, file=file, filed_at=NOW).pk,
    ]


# ---------------------------------------------------------------- catalogue
@pytest.mark.parametrize("state", ["published", "draft", "in_review"])
@pytest.mark.parametrize("page", ["item", "item-compare"])
def test_an_item_is_public_once_published(world: World, tally: list[int], state: str, page: str) -> None:
    def ask(person: str, place: str) -> str:
        version = world.versions[place, state]
        return sign(world.clients[person].get(reverse(f"catalogue:{page}", args=[version.item_id])))

    table = matrix.SEE_PUBLISHED if state == "published" else matrix.SEE_DRAFTS
    held(matrix.cells(table), ask, tally)


@pytest.mark.parametrize("query", [{}, {"export": "csv"}, {"export": "xlsx"}, {"print": 1}])
def test_drafts_are_listed_for_those_they_concern(
    world: World, tally: list[int], query: dict[str, Any]
) -> None:
    doors = matrix.PAGES["catalogue:versions"]
    found = {p: world.clients[p].get("/items/versions/", query) for p in PEOPLE}
    texts = {p: body(answer) for p, answer in found.items()}

    def ask(person: str, place: str) -> str:
        told = sign(found[person])
        return (
            ("+" if f"示例{'H' if place == 'W' else place}draft许可" in texts[person] else "0")
            if told == "+"
            else told
        )

    table = [(p, at, s if doors[p] == "+" else doors[p]) for p, at, s in matrix.cells(matrix.SEE_DRAFTS)]
    held(table, ask, tally)


@pytest.mark.parametrize("query", [{}, {"export": "csv"}, {"print": 1}])
def test_the_public_list_holds_no_draft(world: World, tally: list[int], query: dict[str, Any]) -> None:
    for person in PEOPLE:
        text = body(world.clients[person].get("/items/", query))
        for place in PLACES:
            tally[0] += 1
            assert f"示例{place}draft许可" not in text
            assert f"示例{place}in_review许可" not in text


MOVES_OF_ITEMS: dict[str, tuple[str, Cells, dict[str, str]]] = {
    "submit": ("draft", matrix.SUBMIT_DRAFTS, {}),
    "approve": ("in_review", matrix.REVIEW_ITEMS, {}),
    "return": ("in_review", matrix.REVIEW_ITEMS, {"note": "请补充"}),
    "retire": ("published", matrix.RETIRE_ITEMS, {"note": "停用"}),
}


@pytest.mark.parametrize("verb", ["get", "post"])
@pytest.mark.parametrize("name", MOVES_OF_ITEMS)
def test_an_item_is_moved_by_those_who_may(world: World, tally: list[int], name: str, verb: str) -> None:
    state, table, data = MOVES_OF_ITEMS[name]

    def ask(person: str, place: str) -> str:
        version = world.versions[place, state]
        address = reverse("catalogue:version-move", args=[version.pk, name])
        client = world.clients[person]

        def act() -> str:
            told = sign(client.post(address, data) if verb == "post" else client.get(address))
            return "+" if told == "422" else told  # allowed, and told what the content lacks

        return undone(world, act)

    held(matrix.cells(table), ask, tally)


@pytest.mark.parametrize("page", ["item-draft", "draft-edit"])
def test_a_draft_is_written_by_its_office(world: World, tally: list[int], page: str) -> None:
    def ask(person: str, place: str) -> str:
        version = world.versions[place, "draft"]
        key = version.item_id if page == "item-draft" else version.pk
        return sign(world.clients[person].get(reverse(f"catalogue:{page}", args=[key])))

    held(matrix.cells(matrix.WRITE_DRAFTS), ask, tally)


def claim_at(world: World, place: str) -> Any:
    return world.claims["H" if place == "W" else place]


def test_a_claim_is_seen_by_those_it_concerns(world: World, tally: list[int]) -> None:
    def ask(person: str, place: str) -> str:
        return sign(world.clients[person].get(reverse("catalogue:claim", args=[claim_at(world, place).pk])))

    held(matrix.cells(matrix.SEE_CLAIMS), ask, tally)


def test_a_claim_is_answered_by_its_office(world: World, tally: list[int]) -> None:
    def ask(person: str, place: str) -> str:
        address = reverse("catalogue:claim", args=[claim_at(world, place).pk])
        data = {"act": "decline", "reason": "本级不实施"}
        return undone(world, lambda: sign(world.clients[person].post(address, data)))

    held(matrix.cells(matrix.ANSWER_CLAIMS), ask, tally)


def test_a_claim_is_asked_for_by_supervision(world: World, tally: list[int]) -> None:
    address = reverse("catalogue:basic-item", args=[world.basic.pk])

    def ask(person: str, place: str) -> str:
        data = {"unit": world.department(place).pk}
        return undone(world, lambda: sign(world.clients[person].post(address, data)))

    held(matrix.cells(matrix.ASK_FOR_CLAIMS), ask, tally)


# ---------------------------------------------------------------- imports, notices, saved views, plain pages
@pytest.mark.parametrize("page", ["import", "import-rejects", "import-continue"])
def test_a_run_is_seen_by_those_who_answer_for_it(world: World, tally: list[int], page: str) -> None:
    table = matrix.CONTINUE_RUNS if page == "import-continue" else matrix.SEE_RUNS
    expected = [
        (person, run, told)
        for person in PEOPLE
        for run, told in zip(matrix.RUNS, table.get(person, "x x x").split(), strict=True)
    ]

    def ask(person: str, run: str) -> str:
        address = reverse(f"console:{page}", args=[world.runs[run].pk])
        client = world.clients[person]

        def act() -> str:
            told = sign(client.post(address) if page == "import-continue" else client.get(address))
            # Allowed: told that its file is gone, or that refused rows need a second person.
            return "+" if told in {"422", "409"} else told

        return undone(world, act)

    held(expected, ask, tally)


@pytest.mark.parametrize("query", [{}, {"export": "csv"}, {"print": 1}])
def test_runs_are_listed_for_those_who_answer_for_them(
    world: World, tally: list[int], query: dict[str, Any]
) -> None:
    for person in PEOPLE:
        answer = world.clients[person].get("/console/imports/", query)
        told = matrix.SEE_RUNS.get(person, "x x x").split()
        text = body(answer)
        for run, wanted in zip(matrix.RUNS, told, strict=True):
            tally[0] += 1
            found = ("+" if f"{run}.csv" in text else "0") if sign(answer) == "+" else sign(answer)
            assert found == wanted, (person, run)


def test_a_notice_is_opened_by_its_reader_alone(world: World, tally: list[int]) -> None:
    for person in PEOPLE:
        for owner, notice in world.notices.items():
            address = reverse("desk:notice-open", args=[notice.pk])
            door = matrix.PAGES["desk:notices"][person]
            wanted = door if door != "+" else "+" if owner in matrix.SEE_NOTICES.get(person, ()) else "0"
            client = world.clients[person]
            assert undone(world, lambda c=client, a=address: sign(c.post(a))) == wanted, (person, owner)  # type: ignore[misc]
            text = body(client.get("/desk/notices/", {"show": "all"}))
            assert (notice.title in text) == (wanted == "+")
            tally[0] += 2


def test_notices_of_others_stay_unread(world: World) -> None:
    world.clients["window_clerk"].post("/desk/notices/read-all/")
    world.notices["clerk-b"].refresh_from_db()
    assert world.notices["clerk-b"].read_at is None


@pytest.mark.parametrize("page", matrix.PAGES)
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
def test_a_page_opens_for_those_it_is_for(
    world: World, tally: list[int], page: str, headers: dict[str, str]
) -> None:
    for person in PEOPLE:
        answer = world.clients[person].get(
            reverse(page), {"view": "all"} if "ledger" in page else {}, headers=headers
        )
        assert sign(answer) == matrix.PAGES[page][person], person
        tally[0] += 1


def of_cockpit(person: str, table: Cells) -> list[tuple[str, str, str]]:
    """The signs of a table for somebody who opens the cockpit; the door's own sign for everybody else."""
    door = matrix.PAGES["cockpit:board"][person]
    return [(person, place, table[person, place] if door == "+" else door) for place in PLACES]


@pytest.mark.parametrize("query", [{"size": "100"}, {"print": "1"}, {"export": "csv"}])
@pytest.mark.parametrize("page", ["cases", "figure-cases"])
def test_the_cases_behind_a_number_are_those_of_ones_reach(
    world: World, tally: list[int], page: str, query: dict[str, str]
) -> None:
    address = reverse(f"cockpit:{page}", args=["cases.accepted", "numerator"] if page != "cases" else [])
    for person in PEOPLE:
        answer = world.clients[person].get(address, query)
        told, text = sign(answer), body(answer)
        expected = of_cockpit(person, matrix.EXPORT_CASES if "export" in query else matrix.SEE_CASES)
        held(expected, lambda _p, at, t=told, x=text: shown_at(world, x, at) if t == "+" else t, tally)  # type: ignore[misc]


def test_a_figure_counts_the_cases_of_ones_reach(world: World, tally: list[int]) -> None:
    address = reverse("cockpit:figure", args=["cases.accepted"])
    for person in PEOPLE:
        assert sign(world.clients[person].get(address)) == matrix.PAGES["cockpit:figures"][person], person
        tally[0] += 1


def test_a_region_out_of_reach_is_no_choice_of_the_cockpit(world: World, tally: list[int]) -> None:
    foreign = world.org.district_b.pk
    for page in ("board", "cases"):
        for region in (foreign, 10**9):
            answer = world.clients["supervisor"].get(reverse(f"cockpit:{page}"), {"region": region})
            assert answer.status_code == 400
            tally[0] += 1


@pytest.mark.parametrize("name", ["calendar-confirm", "calendar-reject", "calendar-version", "calendar-year"])
def test_a_calendar_is_read_by_all_and_decided_by_few(world: World, tally: list[int], name: str) -> None:
    version = CalendarVersion.objects.filter(calendar__key="CN").order_by("-pk")[0]
    decides = name in {"calendar-confirm", "calendar-reject"}
    doors = matrix.DECIDE_CALENDARS if decides else matrix.PAGES["console:calendar"]
    address = reverse(f"console:{name}", args=["CN" if name == "calendar-year" else version.pk])
    for person in PEOPLE:
        client = world.clients[person]
        act = client.post if decides else client.get
        assert undone(world, lambda a=act: sign(a(address))) == doors[person], person  # type: ignore[misc]
        tally[0] += 1


@pytest.mark.parametrize(
    ("name", "verb", "doors"),
    [
        ("webhook", "get", matrix.SEE_WAYS_OUT),
        ("webhook-message", "get", matrix.SEE_WAYS_OUT),
        ("webhook-move", "post", matrix.CONFIRM_WAYS_OUT),
        ("webhook-rotate", "post", matrix.PROPOSE_WAYS_OUT),
        ("webhook-resend", "post", matrix.PROPOSE_WAYS_OUT),
        ("webhook-message-resend", "post", matrix.PROPOSE_WAYS_OUT),
    ],
)
def test_a_way_out_is_opened_by_two_and_seen_by_few(
    world: World, tally: list[int], name: str, verb: str, doors: matrix.Doors
) -> None:
    state = "proposed" if name == "webhook-move" else "active"
    with transaction.atomic():
        target, message = way_out(world, state)
        extra = ["confirm"] if name == "webhook-move" else []
        address = reverse(f"console:{name}", args=[message.pk if "message" in name else target.pk, *extra])
        for person in PEOPLE:
            client = world.clients[person]
            assert undone(world, lambda c=client: sign(getattr(c, verb)(address))) == doors[person], person  # type: ignore[misc]
            tally[0] += 1
        transaction.set_rollback(True)


def test_a_saved_view_belongs_to_its_maker(world: World, tally: list[int]) -> None:
    maker, other = world.clients["window_clerk"], world.clients["clerk-b"]
    kept = maker.post("/cases/", {"act": "keep", "name": "我的视图", "query": "state=accepted"})
    view = kept.headers["Location"].rpartition("=")[2]
    assert "我的视图" in body(maker.get("/cases/?view=all"))
    assert "我的视图" not in body(other.get("/cases/?view=all"))
    foreign = other.post("/cases/", {"act": "drop", "view": view})
    random = other.post("/cases/", {"act": "drop", "view": 10**9})
    assert foreign.status_code == random.status_code == 422
    assert "我的视图" in body(maker.get("/cases/?view=all"))
    tally[0] += 4


def test_rights_end_with_the_post_and_with_the_account(world: World) -> None:
    client = Client()
    user = world.people["window_clerk"]
    assert user is not None
    client.force_login(user)
    address = reverse("cases:case", args=[world.cases["H", "accepted"].number])
    assert sign(client.get(address)) == "+"
    user.posts.all().update(valid_to=(NOW - timedelta(days=1)).date())  # type: ignore[attr-defined]
    assert sign(client.get(address)) == "x"
    type(user).objects.filter(pk=user.pk).update(is_active=False, disabled_at=NOW)
    assert sign(client.get(address)) == ">"

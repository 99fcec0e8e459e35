"""A receipt opens one's own case, and nothing else opens it; what is shown can be checked at home."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhengxiao.backbone.cases.api import case_by_code, code_issue
from zhengxiao.backbone.cases.models import ReceiptCode
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.proof.api import checkpoint_issue, key_text, sequence_all, trusted_keys
from zhengxiao.kernel.proof.models import Checkpoint
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import Role
from zhengxiao.lib.refusals import NotPermitted

NOW = datetime.fromisoformat("2026-03-26T10:30:00+08:00")
QUERY, CASE = "/citizen/query/", "/citizen/case/"
VARIES = {"X-Request-ID", "X-Request-Id", "Set-Cookie", "Server-Timing"}


@pytest.fixture
def world(db, settings, tmp_path) -> CaseWorld:
    settings.ZX_MOMENT = NOW
    settings.HOME = tmp_path
    return case_world()


@pytest.fixture
def opened(world) -> tuple:
    case = world.accepted(at=NOW - timedelta(days=1))
    return case, code_issue(case=case, actor=world.clerk, at=NOW)


def sign() -> None:
    while sequence_all():
        pass
    checkpoint_issue(at=NOW)


def ask(client: Client, number: str, code: str, **extra):
    return client.post(QUERY, {"number": number, "code": code}, **extra)


def plain(answer) -> tuple:
    body = re.sub(r"(csrf[^>]*value=|X-CSRFToken\"?: )\"[^\"]+\"", "", unescape(answer.content.decode()))
    headers = {name: value for name, value in answer.headers.items() if name not in VARIES}
    return answer.status_code, body, headers


def test_a_code_has_130_random_bits_is_kept_as_digest_and_told_once(opened) -> None:
    case, code = opened
    assert len(code) == 26
    assert set(code) <= set("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
    row = ReceiptCode.objects.get()
    assert code not in json.dumps(list(ReceiptCode.objects.values("digest")))
    assert len(row.digest) == 64
    assert not Entry.objects.filter(data__icontains=code).exists()
    spelled = " ".join([code[:5].lower(), code[5:10], code[10:]])
    assert case_by_code(number=case.number, code=spelled) == case


def test_only_those_who_receive_there_print_a_code(world, opened) -> None:
    case, _code = opened
    for who in (Role.LEADER, Role.AUDITOR, Role.SUPERVISOR, Role.SYSTEM_ADMIN):
        with pytest.raises(NotPermitted):
            code_issue(case=case, actor=world.org.actor(who), at=NOW)
    with pytest.raises(NotPermitted):
        code_issue(case=case, actor=actor_for(world.org.neighbours["clerk-housing"], at=NOW), at=NOW)


def test_wrong_number_and_wrong_code_are_answered_alike(world, opened) -> None:
    case, code = opened
    other = world.receive(at=NOW)
    answers = [
        plain(ask(Client(), number, given))
        for number, given in (
            ("990102-20260101-99999", code),
            (case.number, "2" * 26),
            (other.number, code),
            ("990102-20260101-99999", "2" * 26),
            ("", ""),
            ("x\x00y", "\x00"),
        )
    ]
    assert {answer[0] for answer in answers} == {404}
    assert all(answer == answers[0] for answer in answers)


def test_wrong_number_and_wrong_code_cost_the_same_questions(world, opened) -> None:
    case, code = opened
    asked = []
    for number, given in (("990102-20260101-99999", code), (case.number, "2" * 26)):
        with CaptureQueriesContext(connection) as found:
            case_by_code(number=number, code=given)
        asked.append([re.sub(r"'[^']*'", "?", row["sql"]) for row in found])
    assert asked[0] == asked[1]
    assert len(asked[0]) == 1


def test_the_eleventh_miss_of_an_address_waits_and_other_addresses_do_not(opened, settings) -> None:
    case, code = opened
    for _turn in range(10):
        assert ask(Client(), case.number, "wrong").status_code == 404
    slowed = ask(Client(), case.number, code)
    assert slowed.status_code == 429
    assert 0 < int(slowed["Retry-After"]) <= 600
    assert ask(Client(), case.number, code, REMOTE_ADDR="198.51.100.7").status_code == 302
    settings.ZX_MOMENT = NOW + timedelta(minutes=10, seconds=1)
    assert ask(Client(), case.number, code).status_code == 302


def test_right_questions_do_not_count(opened) -> None:
    case, code = opened
    for _turn in range(15):
        assert ask(Client(), case.number, code).status_code == 302


def test_the_receipt_is_printed_with_a_link_that_opens_the_case_and_leaves_no_secret_in_the_address(
    world,
) -> None:
    case = world.accepted(at=NOW - timedelta(days=1))
    desk = Client()
    desk.force_login(world.org.users[Role.WINDOW_CLERK])
    address = reverse("cases:voucher", args=[case.number])
    assert not re.search(r"<b class=\"case-paper-code\">", desk.get(address).content.decode())
    printed = desk.post(address)
    assert printed["Cache-Control"] == "no-store"
    code = re.search(r"case-paper-code\">([^<]+)<", printed.content.decode())[1]
    public = Client()
    led = public.get("/citizen/open/", {"n": case.number, "c": code})
    assert (led.status_code, led["Location"]) == (302, CASE)
    assert led["Referrer-Policy"] == "no-referrer"
    shown = public.get(CASE)
    assert (
        shown["Referrer-Policy"] == "same-origin"
    )  # with no-referrer browsers send Origin: null and no form works
    page = shown.content.decode()
    assert case.number in page
    assert code.replace(" ", "") not in page


def test_the_page_tells_every_entry_with_offices_and_without_staff(world, opened) -> None:
    case, code = opened
    sign()
    client = Client()
    ask(client, case.number, code)
    page = client.get(CASE).content.decode()
    staff = {user.display_name for user in world.org.users.values()} | {"李示例", "张示例"}
    assert not [name for name in staff if name in page]
    shown = page.count('<li class="is-proven">')
    assert shown == Entry.objects.filter(subject_kind="case", subject_id=case.pk).count()
    assert world.org.market.name in page
    assert page.count("· 已核对") == shown
    assert "示例建设有限公司" in page


def test_the_file_and_the_program_from_the_page_verify_at_home(opened, tmp_path) -> None:
    case, code = opened
    sign()
    client = Client()
    ask(client, case.number, code)
    proof = client.get("/citizen/case/proof.json")
    assert "attachment" in proof["Content-Disposition"]
    (tmp_path / "proof.json").write_bytes(proof.content)
    (tmp_path / "verifier.py").write_bytes(Client().get("/citizen/verifier.py").content)
    key = key_text(trusted_keys()[0])
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "verifier.py", "proof.json", "--key", key],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    head = client.get("/citizen/case/head.txt").content.decode()
    assert head == Checkpoint.objects.get().note
    assert head.splitlines()[0] in client.get(CASE).content.decode()


def test_a_changed_history_is_said_out_loud(opened) -> None:
    """Edited behind the application: the trigger is dropped as somebody who rules the database would."""
    case, code = opened
    sign()
    client = Client()
    ask(client, case.number, code)
    row = Checkpoint.objects.get()
    Checkpoint.objects.filter(pk=row.pk).update(note=row.note.replace(str(row.size), str(row.size + 1), 1))
    page = client.get(CASE).content.decode()
    assert "核对不通过" in page
    assert "is-proven" not in page


def test_entries_after_the_last_signature_are_shown_as_waiting(world, opened) -> None:
    case, code = opened
    sign()
    world.move(case, "start_review", at=NOW)
    client = Client()
    ask(client, case.number, code)
    page = client.get(CASE).content.decode()
    assert "待存证" in page
    assert "已核对" in page


def test_without_a_good_question_there_is_no_page_no_file_and_a_cookie_cannot_be_made_up(
    opened, settings
) -> None:
    case, code = opened
    for path in (CASE, "/citizen/case/proof.json", "/citizen/case/head.txt"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Location"]) == (302, QUERY)
        forged = Client()
        forged.cookies["zx_case"] = str(case.pk)
        assert forged.get(path).status_code == 302
    client = Client()
    ask(client, case.number, code)
    assert client.get(CASE).status_code == 200
    client.post("/citizen/leave/")
    assert client.get(CASE).status_code == 302


def test_elder_mode_stays_until_it_is_switched_off(opened) -> None:
    client = Client()
    client.post("/citizen/elder/")
    assert "is-elder" in client.get(QUERY).content.decode()
    client.post("/citizen/elder/")
    assert "is-elder" not in client.get(QUERY).content.decode()

"""A file with full names, or beyond the day's rows, leaves by a second person; everything else leaves at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.exports.api import ExportRequest
from zhengxiao.kernel.timeline.models import Entry
from zhengxiao.kernel.ui import leaving
from zhengxiao.kernel.ui.api import Leaving, let_out
from zhengxiao.lib.actors import Role

NOW = datetime.fromisoformat("2026-03-26T10:30:00+08:00")
FULL = "/cases/?export=csv&full=1"
MASKED = "/cases/?export=csv"
ASK = {"act": "ask", "purpose": "报送市数据局三月办件明细"}
Enter = Callable[[Role | str], Client]


@pytest.fixture
def world(db: None, settings: Any) -> CaseWorld:
    settings.ZX_MOMENT = NOW
    made = case_world()
    for name in ("张三示", "李四示", "王五示"):
        made.receive(at=NOW - timedelta(days=1), applicant_name=name)
    return made


@pytest.fixture
def enter(world: CaseWorld) -> Enter:
    def sign_in(role: Role | str) -> Client:
        client = Client()
        client.force_login(world.org.users[role] if isinstance(role, Role) else world.org.neighbours[role])
        return client

    return sign_in


def text(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8")


def asked(enter: Enter, address: str = FULL, who: Role = Role.DEPARTMENT_HEAD) -> ExportRequest:
    answer = enter(who).post(address, ASK)
    assert answer.status_code == 302, text(answer)
    return ExportRequest.objects.latest("pk")


def approved(enter: Enter, address: str = FULL) -> ExportRequest:
    row = asked(enter, address)
    answer = enter(Role.SECURITY_ADMIN).post(reverse("console:export-move", args=[row.pk, "approve"]))
    assert answer.status_code == 302
    row.refresh_from_db()
    return row


def test_a_masked_file_leaves_at_once_and_is_on_record(enter: Enter) -> None:
    told = text(enter(Role.DEPARTMENT_HEAD).get(MASKED))
    assert "张*" in told
    assert "张三示" not in told
    assert Entry.objects.get(fact="exports.taken").data["rows"] == 3


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_full_names_do_not_leave_before_a_second_person_let_them(enter: Enter, form: str) -> None:
    address = f"/cases/?export={form}&full=1"
    window = enter(Role.DEPARTMENT_HEAD)
    answer = window.get(address)
    assert answer.status_code == 409
    assert "须由另一人审批" in text(answer)
    assert "张三示" not in text(answer)
    assert window.post(address, {"act": "fetch", "request": "1"}).status_code == 422
    row = asked(enter, address)
    assert window.post(address, {"act": "fetch", "request": row.pk}).status_code == 422
    assert window.get(address).status_code == 409
    # The very person who asked cannot let it out.
    assert window.post(reverse("console:export-move", args=[row.pk, "approve"])).status_code == 422
    assert not Entry.objects.filter(fact__in=["exports.taken", "exports.fetched"]).exists()


def test_what_was_approved_is_fetched_by_the_asker_once(enter: Enter) -> None:
    row = approved(enter)
    window = enter(Role.DEPARTMENT_HEAD)
    assert "取走文件" in text(window.get(reverse("console:export", args=[row.pk])))
    for other in (Role.SECURITY_ADMIN, Role.SUPERVISOR):
        assert enter(other).post(FULL, {"act": "fetch", "request": row.pk}).status_code in {403, 422}
    answer = window.post(FULL, {"act": "fetch", "request": row.pk})
    assert answer.status_code == 200
    assert "张三示" in text(answer)
    assert window.post(FULL, {"act": "fetch", "request": row.pk}).status_code == 422
    assert Entry.objects.filter(fact="exports.fetched", subject_id=row.pk).count() == 1


def test_approval_of_one_address_opens_no_other(enter: Enter) -> None:
    row = approved(enter)
    other = "/cases/?export=csv&full=1&state=received"
    assert enter(Role.DEPARTMENT_HEAD).post(other, {"act": "fetch", "request": row.pk}).status_code == 422


def test_beyond_the_quota_a_second_person_is_asked_for(enter: Enter, settings: Any) -> None:
    settings.ZX_EXPORT_QUOTA = 5
    window = enter(Role.DEPARTMENT_HEAD)
    assert "张*" in text(window.get(MASKED))
    for address in (MASKED, "/cases/?export=xlsx", "/cases/?print=1"):
        assert window.get(address).status_code == 409
    settings.ZX_MOMENT = NOW + timedelta(days=1)
    assert "张*" in text(window.get(MASKED))


def test_a_print_and_a_page_never_show_full_names(enter: Enter) -> None:
    window = enter(Role.DEPARTMENT_HEAD)
    assert window.get("/cases/?print=1&full=1").status_code == 400
    assert window.get("/cases/?full=1").status_code == 400
    assert window.post("/cases/?view=all", ASK).status_code == 400


def test_who_may_not_export_may_not_ask(enter: Enter) -> None:
    window = enter(Role.WINDOW_CLERK)
    assert window.get(FULL).status_code == 403
    assert window.post(FULL, ASK).status_code == 403
    assert not ExportRequest.objects.exists()


def test_a_purpose_too_short_comes_back_with_words(enter: Enter) -> None:
    answer = enter(Role.DEPARTMENT_HEAD).post(FULL, {"act": "ask", "purpose": "看看"})
    assert answer.status_code == 422
    assert "请写明导出用途" in text(answer)


def test_the_desk_of_requests_says_what_waits_for_whom(enter: Enter) -> None:
    approved(enter)
    assert "等我取走" in text(enter(Role.DEPARTMENT_HEAD).get(reverse("console:exports")))
    asked(enter, MASKED + "&full=1&cols=applicant")
    assert "等我审批" in text(enter(Role.SECURITY_ADMIN).get(reverse("console:exports")))


def test_without_the_gate_nothing_leaves() -> None:
    kept, leaving._gates = leaving._gates, type(leaving._gates)("gate of files")
    try:
        with pytest.raises(KeyError):
            let_out(None, Leaving("x", "x", "csv", 1), lambda: None)  # type: ignore[arg-type, return-value]
    finally:
        leaving._gates = kept

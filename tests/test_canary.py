"""The canary (C2): a person's number and phone go in by every door, and lie nowhere in clear afterwards."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.testing import CaseWorld
from zhengxiao.backbone.parties.models import Party
from zhengxiao.kernel.files.testing import pdf
from zhengxiao.lib.actors import Role
from zhengxiao.lib.personal_numbers import personal_numbers
from zhengxiao.surfaces.openapi.tests.conftest import NOW, api_for, world
from zhengxiao.surfaces.operation.tests.conftest import written

__all__ = ["api_for", "world", "written"]
pytestmark = pytest.mark.django_db
NUMBER, PHONE = "11010519491231002X", "13800138000"
WIDE = NUMBER.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
SPELLINGS = (NUMBER, NUMBER.lower(), NUMBER[:17], WIDE, PHONE, "138-0013-8000", "138 0013 8000")


def holds(text: str) -> bool:
    return any(one in text for one in SPELLINGS)


class Doors:
    """A clerk's browser and the answers it got; what a page may show is told apart from what an address may hold."""

    def __init__(self, world: CaseWorld, who: Role) -> None:
        self.browser = Browser(raise_request_exception=False)
        self.browser.force_login(world.org.users[who])
        self.shown: list[str] = []
        self.heads: list[str] = []

    def ask(self, method: str, address: str, data: Any = None) -> Any:
        answer = getattr(self.browser, method)(address, data or {})
        raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
        answer.close()
        self.heads += [f"{name}: {value}" for name, value in answer.headers.items()]
        self.shown.append(raw.decode("utf-8", "replace"))
        return answer


def by_every_door(world: CaseWorld, api_for: Any) -> tuple[Doors, Doors]:
    clerk, head = Doors(world, Role.WINDOW_CLERK), Doors(world, Role.DEPARTMENT_HEAD)
    form = {
        "applicant_kind": "person", "applicant_name": "王示例", "id_number": WIDE, "contact_name": "王示例",
        "contact_phone": PHONE, "channel": "window", "unit": world.org.section.pk, "window": world.org.window.pk,
    }  # fmt: skip
    new = f"{reverse('cases:new')}?item={world.item.pk}"
    assert clerk.ask("post", new, form | {"id_number": NUMBER[:-1] + "1"}).status_code == 422
    clerk.shown.clear()  # a refused form shows its own author what was typed
    assert clerk.ask("post", new, form).status_code == 302
    case = Case.objects.get()
    upload = SimpleUploadedFile(f"{NUMBER}-{PHONE}.pdf", pdf())
    clerk.ask("post", reverse("cases:material-new", args=[case.number]), {"new_name": "附件", "file": upload})
    clerk.ask(
        "post", reverse("cases:material-new", args=[case.number]), {"new_name": f"证{NUMBER}", "file": upload}
    )
    clerk.shown.pop()
    version = case.materials.get(name="附件").versions.get()
    for doors in (clerk, head):
        for address in ("/desk/", "/cases/", "/cases/?print=1", "/cases/?export=csv", "/cases/?export=xlsx"):
            doors.ask("get", address)
        for name in ("case", "voucher"):
            doors.ask("get", reverse(f"cases:{name}", args=[case.number]))
        doors.ask("get", reverse("parties:party", args=[case.party_id]))
        doors.ask("get", reverse("cases:material", args=[case.number, version.pk]))
        doors.ask("get", f"/desk/?q={NUMBER}")
        doors.ask("get", f"/desk/search/?q={PHONE}")
        doors.ask("get", f"/cases/?q={NUMBER}")
        doors.ask("get", f"/cases/{NUMBER}/")
        for text in SPELLINGS:
            doors.ask("post", "/desk/search/", {"q": text})
            doors.shown.pop()  # the search box shows its own author what was typed
    reveal = reverse("cases:reveal", args=[case.number, "id"])
    clerk.ask("post", reveal, {"purpose": "verify", "note": f"看 {PHONE}"})
    clerk.shown.pop()
    assert NUMBER in clerk.ask("post", reveal, {"purpose": "verify", "note": "与原件核对"}).content.decode()
    clerk.shown.pop()  # the one answer that may hold it
    by_machine(api_for(Role.APPROVER), case)
    return clerk, head


def by_machine(api: Any, case: Case) -> None:
    given = {"name": "李示例", "id_number": "440102198001010017", "contact_phone": PHONE}
    for body in ({**given, "id_number": NUMBER}, given, {**given, "nonsense": NUMBER}, {"name": NUMBER * 40}):
        assert not holds(
            api.post("/parties", body, key=f"key-{len(str(body))}").content.decode().replace("138****", "")
        )
    for path in ("/cases", f"/cases/{case.number}", f"/cases/{case.number}/timeline", f"/cases?q={NUMBER}"):
        api.get(path)
    api.post(
        f"/cases/{case.number}/reveal", {"field": "phone", "purpose": "contact", "note": "通知领取"}, key=None
    )


def clear_text_in_the_database() -> list[str]:
    """Table and column of every text that holds a canary."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found += [
                    f"{table}.{name}" for name, value in zip(names, row, strict=True) if holds(str(value))
                ]
    return sorted(set(found))


@pytest.fixture
def places(settings: Any, tmp_path: Path, monkeypatch: Any) -> Path:
    settings.MEDIA_ROOT, settings.HOME, settings.ZX_MOMENT = (
        tmp_path / "files",
        tmp_path,
        NOW + timedelta(hours=1),
    )
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_a_canary_goes_in_by_every_door_and_lies_nowhere_in_clear(
    world: CaseWorld, api_for: Any, written: io.StringIO, places: Path
) -> None:
    clerk, head = by_every_door(world, api_for)
    party = Party.objects.order_by("pk")[0]
    assert (party.id_masked, party.contact_phone_masked) == ("110*************2X", "138****8000")
    assert clear_text_in_the_database() == []
    log = written.getvalue()
    assert "cases:case" in log
    assert [line for line in log.splitlines() if holds(line)] == []
    assert [text for text in clerk.shown + head.shown if holds(text)] == []
    assert [head_ for head_ in clerk.heads + head.heads if holds(head_)] == []
    assert [path for path in places.rglob("*") if holds(path.name)] == []
    cookies = " ".join(
        morsel.OutputString() for doors in (clerk, head) for morsel in doors.browser.cookies.values()
    )
    assert not holds(cookies)
    assert not [
        session for doors in (clerk, head) for session in [str(dict(doors.browser.session))] if holds(session)
    ]


def test_the_scan_would_see_a_number_left_in_clear(world: CaseWorld) -> None:
    """The counter-check: one column in clear is named."""
    case = world.receive(at=NOW)
    Case.objects.filter(pk=case.pk).update(summary=f"身份证 {NUMBER}")
    assert clear_text_in_the_database() == ["cases_case.summary"]
    assert personal_numbers(Case.objects.get(pk=case.pk).summary)

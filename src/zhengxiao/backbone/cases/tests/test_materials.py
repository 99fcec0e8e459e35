"""Files of materials: versions that stay, only for those the case concerns, and none that the scanner has not passed."""

from __future__ import annotations

import io
import sys
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengxiao.backbone.cases import refusals
from zhengxiao.backbone.cases.filing import material_file
from zhengxiao.backbone.cases.models import Case, CaseMaterialFile
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.files.api import FileKindRefused, StoredFile, file_path, rescan_request
from zhengxiao.kernel.files.testing import pdf, png
from zhengxiao.kernel.jobs.api import run_once
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.lib.actors import Actor, Role
from zhengxiao.lib.personal_numbers import PersonalNumbersFound
from zhengxiao.lib.refusals import NotPermitted

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NUMBER = "11010519491231002X"


@pytest.fixture(autouse=True)
def moment(settings: Any, tmp_path: Any) -> None:
    settings.ZX_MOMENT = NOW
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def world() -> CaseWorld:
    return case_world()


@pytest.fixture
def case(world: CaseWorld) -> Case:
    return world.receive(at=NOW - timedelta(hours=1))


def filed(
    case: Case, actor: Actor, content: bytes = b"", name: str = "申请表.pdf", **more: Any
) -> CaseMaterialFile:
    values = {"material_id": case.materials.get(name="申请表").pk} | more
    return material_file(
        case_id=case.pk, stream=io.BytesIO(content or pdf()), file_name=name, actor=actor, at=NOW, **values
    )


def facts(case: Case) -> list[str]:
    return [entry.fact for entry in entries_for(Subject("case", case.pk)) if "material" in entry.fact]


def browser(world: CaseWorld, who: Role | str) -> Client:
    client = Client()
    client.force_login(world.org.users[who] if isinstance(who, Role) else world.org.neighbours[who])
    return client


def test_a_material_filed_again_is_a_new_version_and_the_old_one_stays(world: CaseWorld, case: Case) -> None:
    first = filed(case, world.clerk, pdf("一"))
    second = filed(case, world.approver, pdf("二"))
    assert (first.version, second.version, first.material_id) == (1, 2, second.material_id)
    assert case.materials.get(name="申请表").file_id == second.file_id
    assert file_path(first.file).read_bytes() == pdf("一")
    assert facts(case) == ["cases.material_filed"] * 2


def test_a_material_that_was_not_registered_is_filed_by_its_name(world: CaseWorld, case: Case) -> None:
    made = filed(case, world.clerk, png(), "现场.png", material_id=None, new_name="现场照片")
    assert (made.material.name, made.material.required, made.version) == ("现场照片", False, 1)


def test_numbers_of_persons_stay_out_of_names(world: CaseWorld, case: Case) -> None:
    made = filed(case, world.clerk, name=f"王示例{NUMBER}.pdf")
    assert made.file.original_name == f"王示例{'*' * 18}.pdf"
    with pytest.raises(PersonalNumbersFound):
        filed(case, world.clerk, material_id=None, new_name=f"身份证{NUMBER}")


def test_refused_files_and_closed_cases_leave_nothing(world: CaseWorld, case: Case) -> None:
    with pytest.raises(FileKindRefused):
        filed(case, world.clerk, b"MZ", "a.exe")
    with pytest.raises(refusals.MaterialUnknown):
        filed(case, world.clerk, material_id=10**9)
    with pytest.raises(refusals.MaterialNameMissing):
        filed(case, world.clerk, material_id=None)
    world.move(case, "withdraw", at=NOW, data={"reason": "不办了"})
    with pytest.raises(refusals.MaterialsClosed):
        filed(case, world.clerk)
    assert not StoredFile.objects.exists()
    assert facts(case) == []


@pytest.mark.parametrize("who", [Role.DEPARTMENT_HEAD, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR])
def test_only_the_window_and_the_office_file(world: CaseWorld, case: Case, who: Role) -> None:
    with pytest.raises(NotPermitted):
        filed(case, world.org.actor(who))


def test_the_page_files_shows_limits_beside_the_field_and_needs_no_script(
    world: CaseWorld, case: Case
) -> None:
    address, clerk = reverse("cases:material-new", args=[case.number]), browser(world, Role.WINDOW_CLERK)
    text = clerk.get(address).content.decode()
    assert "不超过 50 MB" in text
    assert 'accept="image/*,' in text
    upload = SimpleUploadedFile("申请表.pdf", pdf())
    answer = clerk.post(address, {"material": case.materials.get().pk, "file": upload}, follow=True)
    assert "已上传“申请表”第 1 版" in answer.content.decode()
    bad = clerk.post(address, {"material": "", "new_name": "甲", "file": SimpleUploadedFile("a.pdf", b"x")})
    assert bad.status_code == 422
    assert "文件内容与扩展名“.pdf”不符" in bad.content.decode()


def test_a_download_is_an_attachment_on_record_and_found_under_its_own_case_only(
    world: CaseWorld, case: Case
) -> None:
    made = filed(case, world.clerk)
    address = reverse("cases:material", args=[case.number, made.pk])
    answer = browser(world, Role.SUPERVISOR).get(address)
    assert b"".join(answer.streaming_content) == pdf()  # type: ignore[arg-type]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert facts(case) == ["cases.material_filed", "cases.material_read"]
    for stranger in ("clerk-b", "head-housing", "supervisor-b"):
        assert browser(world, stranger).get(address).status_code == 404
    assert browser(world, Role.LEADER).get(address).status_code == 403
    other = world.receive(at=NOW)
    wrong = reverse("cases:material", args=[other.number, made.pk])
    assert browser(world, Role.WINDOW_CLERK).get(wrong).status_code == 404


def test_a_file_changed_on_the_disk_is_not_given_out(world: CaseWorld, case: Case) -> None:
    made = filed(case, world.clerk)
    file_path(made.file).write_bytes(pdf("改"))
    answer = browser(world, Role.AUDITOR).get(reverse("cases:material", args=[case.number, made.pk]))
    assert answer.status_code == 422
    assert "与入库时不一致" in answer.content.decode()
    assert facts(case) == ["cases.material_filed"]


def scanner(settings: Any, code: str) -> None:
    settings.ZX_SCAN_COMMAND = [sys.executable, "-c", code]


def told(world: CaseWorld, case: Case, made: CaseMaterialFile) -> str:
    return (
        browser(world, Role.AUDITOR)
        .get(reverse("cases:material", args=[case.number, made.pk]))
        .content.decode()
    )


def test_nothing_is_given_out_before_the_scanner_has_passed_it_and_the_case_goes_on(
    world: CaseWorld, case: Case, settings: Any
) -> None:
    scanner(settings, "raise SystemExit(0)")
    made = filed(case, world.clerk)
    assert "文件正在查毒" in told(world, case, made)
    assert world.move(case, "accept", at=NOW).state == "accepted"
    run_once(at=NOW, runner="r")
    answer = browser(world, Role.AUDITOR).get(reverse("cases:material", args=[case.number, made.pk]))
    assert answer.status_code == 200
    assert b"".join(answer) == pdf()


def test_a_file_that_does_not_pass_stays_in_and_the_case_is_told(
    world: CaseWorld, case: Case, settings: Any
) -> None:
    scanner(settings, "import sys; raise SystemExit(b'%%EOF' in open(sys.argv[1], 'rb').read())")
    made = filed(case, world.clerk)
    run_once(at=NOW, runner="r")
    assert "未通过查毒" in told(world, case, made)
    assert facts(case)[-1] == "cases.material_refused"


def test_a_scanner_that_breaks_is_asked_again_and_passes_nothing(
    world: CaseWorld, case: Case, settings: Any
) -> None:
    scanner(settings, "raise SystemExit(2)")
    made = filed(case, world.clerk)
    run_once(at=NOW, runner="r")
    assert "文件正在查毒" in told(world, case, made)
    scanner(settings, "raise SystemExit(0)")
    run_once(at=NOW + timedelta(hours=1), runner="r")
    made.file.refresh_from_db()
    assert made.file.scan == "clean"


def test_without_a_scanner_the_setting_says_whether_files_are_given_out(
    world: CaseWorld, case: Case, settings: Any
) -> None:
    made = filed(case, world.clerk)
    settings.ZX_UNSCANNED = "hold"
    assert "文件正在查毒" in told(world, case, made)


def test_scanning_all_again_finds_what_a_new_scanner_knows(
    world: CaseWorld, case: Case, settings: Any
) -> None:
    made = filed(case, world.clerk)
    scanner(settings, "raise SystemExit(1)")
    rescan_request(actor=world.clerk, at=NOW + timedelta(minutes=1))
    run_once(at=NOW + timedelta(minutes=2), runner="r")
    made.file.refresh_from_db()
    assert made.file.scan == "refused"
    assert facts(case)[-1] == "cases.material_refused"

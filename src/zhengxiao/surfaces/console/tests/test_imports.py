from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.exchange.api import ImportRun, register_profiles
from zhengxiao.kernel.exchange.tests.conftest import pulses  # noqa: F401
from zhengxiao.kernel.exports.api import ExportRequest
from zhengxiao.kernel.jobs.api import Job, run_once
from zhengxiao.kernel.jobs.models import Heartbeat
from zhengxiao.lib.actors import Role
from zhengxiao.lib.registry import Registry

PROFILE = """
title = "示例心跳"
kind = "pulses"
system = "sample"
format = "csv"
[columns]
source_id = "编号"
name = "名称"
"""


@pytest.fixture
def people(db):
    return sample_org()


@pytest.fixture(autouse=True)
def profile(tmp_path, settings, monkeypatch):
    from zhengxiao.kernel.exchange import profile_files  # noqa: PLC0415

    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "sample-pulses.toml").write_text(PROFILE)
    monkeypatch.setattr(profile_files, "FOLDERS", Registry("profile folder"))
    register_profiles("test", tmp_path)


@pytest.fixture
def supervisor(client, people):
    client.force_login(people.users[Role.SUPERVISOR])
    return client


def upload(client, content: str, name: str = "心跳.csv", **more):
    file = SimpleUploadedFile(name, content.encode())
    return client.post(reverse("console:import-new"), {"profile": "sample-pulses", "file": file, **more})


def test_a_file_is_handed_in_waits_and_is_brought_in_by_the_background(supervisor):
    answer = upload(supervisor, "编号,名称\n1,a\n2,bad\n")
    run = ImportRun.objects.get()
    assert answer.headers["Location"] == reverse("console:import", args=[run.pk])
    page = supervisor.get(answer.headers["Location"]).content.decode()
    assert "等待后台任务" in page
    assert "没有心跳" in page
    run_once(at=timezone.now() + timedelta(seconds=1), runner="test")
    page = supervisor.get(answer.headers["Location"]).content.decode()
    assert "已完成" in page
    assert "名称不对" in page
    assert "hx-trigger" not in page
    run.refresh_from_db()
    assert (run.read, run.accepted, run.rejected) == (2, 1, 1)
    assert "心跳.csv" in supervisor.get(reverse("console:imports")).content.decode()


def test_refused_rows_are_fetched_after_a_second_person_let_them_out(supervisor, people):
    upload(supervisor, "编号,名称\n1,a\n2,bad\n")
    run_once(at=timezone.now() + timedelta(seconds=1), runner="test")
    address = reverse("console:import-rejects", args=[ImportRun.objects.get().pk])
    held = supervisor.get(address)
    assert held.status_code == 409
    assert "名称不对" not in held.content.decode()
    asked = supervisor.post(address, {"act": "ask", "purpose": "退回来源部门更正"})
    row = ExportRequest.objects.get()
    assert asked.headers["Location"] == reverse("console:export", args=[row.pk])
    second = Client()
    second.force_login(people.users[Role.SECURITY_ADMIN])
    second.post(reverse("console:export-move", args=[row.pk, "approve"]))
    answer = supervisor.post(address, {"act": "fetch", "request": row.pk})
    assert "名称不对" in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_a_run_without_refused_rows_has_nothing_to_ask_for(supervisor):
    upload(supervisor, "编号,名称\n1,a\n")
    run_once(at=timezone.now() + timedelta(seconds=1), runner="test")
    assert (
        supervisor.get(reverse("console:import-rejects", args=[ImportRun.objects.get().pk])).status_code
        == 200
    )


def test_a_try_writes_nothing(supervisor):
    upload(supervisor, "编号,名称\n1,a\n", dry_run="on")
    run_once(at=timezone.now() + timedelta(seconds=1), runner="test")
    run = ImportRun.objects.get()
    assert (run.state, run.dry_run, run.accepted) == ("done", True, 1)
    assert not Heartbeat.objects.filter(runner="a").exists()


@pytest.mark.parametrize("name", ["a.exe", "a.svg", "a.xlsx"])
def test_a_file_of_another_kind_is_refused_at_its_field(supervisor, name):
    answer = upload(supervisor, "编号,名称\n", name=name)
    assert answer.status_code == 422
    assert "invalid" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_the_background_cannot_read_says_why(supervisor):
    upload(supervisor, "列甲\n1\n")
    run_once(at=timezone.now() + timedelta(seconds=1), runner="test")
    run = ImportRun.objects.get()
    assert run.state == "failed"
    assert "缺少配置要求的列" in supervisor.get(reverse("console:import", args=[run.pk])).content.decode()
    assert Job.objects.get().state == "failed"


def test_a_broken_off_run_is_continued_from_the_page(supervisor):
    upload(supervisor, "编号,名称\n1,a\n")
    run = ImportRun.objects.get()
    ImportRun.objects.update(state="stopped")
    Job.objects.all().delete()
    assert "从中断处继续" in supervisor.get(reverse("console:import", args=[run.pk])).content.decode()
    supervisor.post(reverse("console:import-continue", args=[run.pk]))
    run_once(at=timezone.now() + timedelta(seconds=1), runner="test")
    run.refresh_from_db()
    assert (run.state, run.accepted) == ("done", 1)


def test_a_fragment_is_only_the_state_of_the_run(supervisor):
    upload(supervisor, "编号,名称\n1,a\n")
    address = reverse("console:import", args=[ImportRun.objects.get().pk])
    fragment = supervisor.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'hx-trigger="every 2s"' in fragment


@pytest.mark.parametrize(
    ("who", "see", "run"),
    [
        (Role.SUPERVISOR, 200, 200),
        (Role.SYSTEM_ADMIN, 200, 200),
        (Role.AUDITOR, 200, 403),
        (Role.WINDOW_CLERK, 403, 403),
        (Role.CITIZEN, 403, 403),
    ],
)
def test_who_may_look_and_who_may_bring_in(client, people, who, see, run):
    client.force_login(people.users[who])
    assert client.get(reverse("console:imports")).status_code == see
    assert client.get(reverse("console:import-new")).status_code == run


def test_rights_lost_before_the_background_runs_stop_the_import(supervisor, people):
    upload(supervisor, "编号,名称\n1,a\n")
    people.users[Role.SUPERVISOR].posts.all().delete()
    run_once(at=timezone.now() + timedelta(seconds=1), runner="test")
    run = ImportRun.objects.get()
    assert (run.state, run.read) == ("failed", 0)

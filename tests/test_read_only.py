"""A database that is older than the checkpoint kept outside is shown but takes nothing new, until the loss is accepted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse

from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.jobs.api import enqueue, heartbeat, run_once
from zhengxiao.kernel.jobs.declarations import JOBS
from zhengxiao.kernel.proof.api import (
    HistoryForked,
    LossGroundMissing,
    NothingLost,
    OutsideUnreadable,
    ShorterThanOutside,
    checkpoint_issue,
    loss_accept,
    loss_lay_down,
    sequence_all,
    standing_note,
    standstill,
    tree_size,
    tree_standing,
    trusted_keys,
    verify,
    waiting_count,
    witnessed,
)
from zhengxiao.kernel.proof.checkpoints import note_text
from zhengxiao.kernel.proof.keys import signing_key
from zhengxiao.kernel.proof.outside import kept_in
from zhengxiao.kernel.proof.verifier import check_signature, read_checkpoint
from zhengxiao.kernel.timeline.api import Entry, Subject, record
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.lib.refusals import NotPermitted, ReadOnly
from zhengxiao.surfaces.openapi.tests.conftest import NOW, make_api

pytestmark = pytest.mark.django_db
LOST = 85
GROUND = "11 月 3 日机房断电，局长批准"


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> CaseWorld:
    settings.ZX_MOMENT = NOW
    settings.HOME, settings.CHECKPOINT_DIR = tmp_path / "home", str(tmp_path / "outside")
    made = case_world()
    checkpoint_issue(at=NOW)
    return made


@pytest.fixture
def behind(world: CaseWorld, settings: Any) -> int:
    """The world of a week ago: outside lies a head with LOST leaves more. Returns the leaves that are left."""
    lay(settings, tree_size() + LOST)
    standing_note(at=NOW)
    return tree_size()


def lay(settings: Any, size: int, way: str = "", root: bytes = b"o" * 32) -> None:
    note = note_text(size, root, NOW, signing_key())
    Path(settings.CHECKPOINT_DIR, f"checkpoint-{size:012}{way}.txt").write_text(note, "utf-8")


def admin(world: CaseWorld) -> Any:
    return world.org.actor(Role.SYSTEM_ADMIN)


def test_an_installation_that_is_as_far_as_the_outside_is_not_hindered(world: CaseWorld) -> None:
    assert standing_note(at=NOW) is None
    assert world.accepted(at=NOW).state == "accepted"
    assert standing_note(at=NOW) is None
    assert (standstill(), waiting_count() > 0) == (None, True)


def test_every_way_of_writing_is_refused_by_name_and_leaves_nothing(world: CaseWorld, behind: int) -> None:
    found = tree_standing()
    assert found
    assert (found.size, found.kept, found.outside, found.forked) == (behind, behind, behind + LOST, False)
    assert f"lost: {behind + 1}…{behind + LOST}" in found.text
    with pytest.raises(ReadOnly):
        world.receive(at=NOW)
    api = make_read_only_api(world)
    before = Entry.objects.count()
    where = {"unit": "A-MARKET-S1", "window": "A-MARKET-W1"}
    said = api.post("/cases", {"item": world.item.code, "applicant_name": "示例", **where})
    assert (said.status_code, said.json()["code"], said["Content-Type"]) == (
        503,
        "ReadOnly",
        "application/problem+json",
    )
    assert "系统只读" in said.json()["detail"]
    page = Browser()
    page.force_login(world.org.users[Role.WINDOW_CLERK])
    form = {"applicant_kind": "organisation", "applicant_name": "示例", "channel": "window"}
    places = {"unit": str(world.org.section.pk), "window": str(world.org.window.pk)}
    shown = page.post(f"{reverse('cases:new')}?item={world.item.pk}", form | places)
    assert (shown.status_code, "系统只读" in shown.content.decode()) == (422, True), (
        "as typed, with the reason"
    )
    assert page.get(reverse("cases:new")).status_code == 200
    assert not Case.objects.exists()
    assert facts_after(before) <= {"identity.signed_in"}


def make_read_only_api(world: CaseWorld) -> Any:
    """A token from before the standstill."""
    from zhengxiao.kernel.proof.models import Standstill

    Standstill.objects.all().delete()
    api = make_api(world, Role.WINDOW_CLERK)
    standing_note(at=NOW)
    return api


def facts_after(count: int) -> set[str]:
    return set(Entry.objects.order_by("pk").values_list("fact", flat=True)[count:])


def tell(fact: str) -> None:
    with transaction.atomic():
        record(fact=fact, subject=Subject("user", 1), actor=SYSTEM, at=NOW, data={})


def test_people_can_still_come_in_and_go_out_and_their_entries_wait(behind: int) -> None:
    """Whoever mends it must get in, with a recovery code as well; whoever tries in vain is noted."""
    for name in ("signed_in", "signed_out", "sign_in_refused", "second_factor_refused", "recovery_code_used"):
        tell(f"identity.{name}")
    with pytest.raises(ReadOnly):
        tell("identity.second_factor_set")
    assert sequence_all() == 0
    assert (tree_size(), waiting_count()) == (behind, 5)


def outside_file(settings: Any, size: int) -> Path:
    return Path(settings.CHECKPOINT_DIR, f"checkpoint-{size:012}.txt")


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe\x00", "截断的文件".encode()])
def test_a_damaged_newest_file_stops_writing_until_it_is_whole_again(
    world: CaseWorld, settings: Any, damage: bytes
) -> None:
    path = outside_file(settings, tree_size())
    whole = path.read_bytes()
    path.write_bytes(damage)
    found = standing_note(at=NOW)
    assert found
    assert path.name in found.text
    with pytest.raises(ReadOnly):
        world.receive(at=NOW)
    with pytest.raises(OutsideUnreadable, match=path.name):
        checkpoint_issue(at=NOW)
    with pytest.raises(OutsideUnreadable):
        loss_accept(ground=GROUND, actor=admin(world), at=NOW)
    path.write_bytes(whole)
    assert standing_note(at=NOW) is None
    world.receive(at=NOW)


def test_a_damaged_older_file_is_passed_over(world: CaseWorld, settings: Any) -> None:
    whole = tree_size()
    for size in (whole - 1, whole - 2):
        outside_file(settings, size).write_bytes(b"\xff")
    assert standing_note(at=NOW) is None
    lay(settings, whole + LOST)
    found = standing_note(at=NOW)
    assert found
    assert (found.kept, found.lost) == (whole, f"{whole + 1}…{whole + LOST}")


def test_a_folder_that_cannot_be_read_stops_writing_at_the_start_only(
    world: CaseWorld, settings: Any, tmp_path: Path
) -> None:
    settings.CHECKPOINT_DIR = str(tmp_path / "file")
    Path(settings.CHECKPOINT_DIR).write_text("no folder", encoding="utf-8")
    with pytest.raises(OSError, match="file"):
        standing_note(at=NOW)
    world.receive(at=NOW)
    assert standing_note(at=NOW, starting=True)
    with pytest.raises(ReadOnly):
        world.receive(at=NOW)


def test_a_runner_does_nothing_but_compare_and_parks_nothing(behind: int) -> None:
    name = next(iter(JOBS))
    job = enqueue(name=name, args={}, actor=SYSTEM, at=NOW)
    done = run_once(at=NOW, runner="host-1")
    job.refresh_from_db()
    assert (done.held, done.jobs, job.state, job.attempts) == (True, 0, "queued", 0)
    assert (done.schedules, done.failures) == (1, 1), (
        "proof.checkpoint compares, and says why it does not sign"
    )


def test_readiness_says_so(world: CaseWorld, behind: int, client: Browser) -> None:
    heartbeat(runner="host-1", at=NOW)
    answer = client.get("/readyz")
    states = {one["name"]: one["state"] for one in answer.json()["checks"]}
    assert (answer.status_code, states["history"], states["runner"]) == (503, "failed", "ok")


def test_the_right_database_lifts_it_by_itself_and_an_empty_folder_does_not(
    world: CaseWorld, behind: int, settings: Any, tmp_path: Path
) -> None:
    settings.CHECKPOINT_DIR = str(tmp_path / "not mounted")
    assert standing_note(at=NOW) is None
    assert standstill() is not None
    settings.CHECKPOINT_DIR = str(tmp_path / "outside")
    next(kept.path for kept in kept_in(tmp_path / "outside") if kept.size == behind + LOST).unlink()
    assert standing_note(at=NOW) is None
    world.receive(at=NOW)


def test_nothing_is_signed_meanwhile(behind: int) -> None:
    with pytest.raises(ShorterThanOutside, match=f"第 {behind + 1}…{behind + LOST} 个叶丢失"):
        checkpoint_issue(at=NOW)


def test_a_tree_that_went_another_way_stands_still_too(world: CaseWorld, settings: Any) -> None:
    before = tree_size()
    for _ in range(3):
        world.receive(at=NOW)
    sequence_all()
    lay(settings, before + 2)
    found = standing_note(at=NOW)
    assert found
    assert (found.forked, found.kept, found.lost) == (True, before, f"{before + 1}…{before + 2}")
    with pytest.raises(HistoryForked):
        checkpoint_issue(at=NOW)
    with pytest.raises(ReadOnly):
        world.receive(at=NOW)


def test_a_loss_is_accepted_by_the_system_administrator_with_a_ground_for_all_to_see(
    world: CaseWorld, behind: int, settings: Any
) -> None:
    actor = admin(world)
    for role in (Role.SECURITY_ADMIN, Role.AUDITOR, Role.WINDOW_CLERK, Role.LEADER):
        with pytest.raises(NotPermitted):
            loss_accept(ground=GROUND, actor=world.org.actor(role), at=NOW)
    with pytest.raises(LossGroundMissing):
        loss_accept(ground=" ", actor=actor, at=NOW)
    loss_lay_down(loss_accept(ground=GROUND, actor=actor, at=NOW))
    entry = Entry.objects.get(fact="proof.loss_accepted")
    assert entry.data == {
        "first": behind + 1,
        "last": behind + LOST,
        "root": (b"o" * 32).hex(),
        "ground": GROUND,
    }
    told = Path(settings.CHECKPOINT_DIR, "loss-001.txt").read_text("utf-8")
    assert f"\nlost {behind + 1}-{behind + LOST}\n" in told
    assert GROUND in told
    assert standing_note(at=NOW) is None
    assert witnessed() is None, "the head that was given up is no measure any more"
    assert verify(at=NOW, outside=[]).clean
    world.receive(at=NOW)
    head = checkpoint_issue(at=NOW + timedelta(minutes=1))
    assert head
    assert head.size < behind + LOST
    path = Path(settings.CHECKPOINT_DIR, f"checkpoint-{head.size:012}-1.txt")
    check_signature(read_checkpoint(path.read_text("utf-8")), trusted_keys())
    with pytest.raises(NothingLost):
        loss_accept(ground=GROUND, actor=actor, at=NOW)


def test_an_account_of_a_loss_is_never_written_over(world: CaseWorld, behind: int, settings: Any) -> None:
    """Accepted once before anything was signed on the new way; then the same old backup came back."""
    first = Path(settings.CHECKPOINT_DIR, "loss-001.txt")
    first.write_text("the first account", encoding="utf-8")
    loss = loss_accept(ground=GROUND, actor=admin(world), at=NOW)
    assert loss.path.name == "loss-002.txt"
    loss_lay_down(loss)
    with pytest.raises(FileExistsError):
        loss_lay_down(loss)
    assert first.read_text("utf-8") == "the first account"


def test_the_same_old_backup_restored_once_more_is_found_after_an_accepted_loss(
    world: CaseWorld, behind: int, settings: Any
) -> None:
    """Neither the first way, nor the size alone, counts: what was signed after the loss was accepted is missing now."""
    lay(settings, behind - 1 + LOST, way="-1")
    found = standing_note(at=NOW)
    assert found
    assert found.outside == behind - 1 + LOST
    loss_accept(ground=GROUND, actor=admin(world), at=NOW)
    assert Entry.objects.filter(fact="proof.loss_accepted").count() == 2, (
        "the number of that way is not used again"
    )
    assert checkpoint_issue(at=NOW)
    assert max(kept_in(Path(settings.CHECKPOINT_DIR))).way == 2
    assert tree_standing() is None

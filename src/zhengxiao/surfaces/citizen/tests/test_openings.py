"""Whose values a proof file opens: the own ones for the person concerned, all by a look on record, none for anybody else."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta

import pytest
from django.test import Client

from zhengxiao.backbone.cases.api import ApplicantNotRegistered, code_issue, openings_by_look
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.backbone.parties.api import (
    Look,
    NewParty,
    PurposeMissing,
    party_find_or_create,
    party_link_account,
)
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.identity.api import user_create
from zhengxiao.kernel.proof.api import checkpoint_issue, personal_erase, proof_document, trusted_keys
from zhengxiao.kernel.proof.verifier import check_proof
from zhengxiao.kernel.timeline.api import Entry, PersonalPart, Subject
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.lib.refusals import NotPermitted

NOW = datetime.fromisoformat("2026-03-26T10:30:00+08:00")
NAME, SUMMARY, ITEMS, OPINION = "王示例", "换发执照", "身份证复印件不清", "同意，建议从快"
WHY = {"purpose": "complaint", "note": "复核投诉材料"}


@pytest.fixture
def world(db, settings, tmp_path) -> CaseWorld:
    settings.ZX_MOMENT = NOW
    settings.HOME = tmp_path
    return case_world()


@pytest.fixture
def case(world):
    """A person's case with a supplement, and an opinion of the office."""
    party = party_find_or_create(
        party=NewParty(name=NAME, kind="person", region_id=world.org.district_a.pk), actor=world.clerk, at=NOW
    )
    user_create(username="wang", display_name=NAME, password="not-a-sample-7", actor=SYSTEM, at=NOW)
    party_link_account(party=party, username="wang", actor=world.clerk, at=NOW)
    begins = NOW - timedelta(days=2)
    made = world.receive(at=begins, party_id=party.pk, applicant_name=NAME, summary=SUMMARY)
    asked = {"items": ITEMS, "document_no": "示补〔2026〕1 号"}
    world.move(made, "ask_supplement", at=begins + timedelta(hours=1), data=asked)
    world.move(made, "file_supplement", at=begins + timedelta(hours=2))
    world.move(made, "accept", at=begins + timedelta(hours=3))
    world.move(made, "start_review", at=begins + timedelta(hours=4))
    step = {"step": "审核", "outcome": "passed", "opinion": OPINION}
    world.move(made, "finish_step", at=begins + timedelta(hours=5), data=step)
    checkpoint_issue(at=NOW)
    made.refresh_from_db()
    return made


def file_of(case, world, who: str | None) -> dict:
    """The proof file as the holder of the receipt gets it, signed in as `who` or not."""
    client = Client()
    if who:
        from zhengxiao.kernel.identity.api import user_by_username  # noqa: PLC0415

        client.force_login(user_by_username(who))
    code = code_issue(case=case, actor=world.clerk, at=NOW)
    client.post("/citizen/query/", {"number": case.number, "code": code})
    return json.loads(client.get("/citizen/case/proof.json").content)


def opened(document: dict) -> dict[str, object]:
    proof = check_proof(json.dumps(document), trusted_keys())
    return {name.rpartition(".")[2] if "Case." in name else name: value for _i, name, value in proof.opened}


def test_the_person_concerned_can_check_that_the_name_in_the_file_is_what_was_committed_to(case, world):
    document = file_of(case, world, "wang")
    told = opened(document)
    assert (told["applicant_name"], told["summary"], told["data.items"]) == (NAME, SUMMARY, ITEMS)
    text = json.dumps(document, ensure_ascii=False)
    assert OPINION not in text
    salts = {
        base64.b64encode(bytes(part.salt)).decode(): part.entry.fact
        for part in PersonalPart.objects.select_related("entry")
    }
    given = {salts[row["salt"]] for row in document["openings"]}
    assert "cases.received" in given
    assert "cases.step_done" not in given  # whoever has the salt could try opinions


@pytest.mark.parametrize("who", [None, "clerk", "head", "supervisor"])
def test_a_receipt_alone_opens_nothing_whoever_is_signed_in(case, world, who):
    document = file_of(case, world, who)
    assert "openings" not in document
    text = json.dumps(document, ensure_ascii=False)
    for value in (NAME, SUMMARY, ITEMS, OPINION):
        assert value not in text
    assert check_proof(text, trusted_keys()).entries


def test_staff_who_may_see_full_values_open_all_of_it_and_the_look_is_on_record(case, world):
    may_open = openings_by_look(case=case, actor=world.approver, at=NOW, **WHY)
    document = proof_document(subject=Subject("case", case.pk), name=case.number, may_open=may_open)
    told = opened(document)
    assert told["applicant_name"] == NAME
    assert OPINION in told.values()
    look = Look.objects.get()
    assert (look.what, look.purpose, look.note, look.user_id, look.subject_id) == (
        "parties.openings", "complaint", "复核投诉材料", world.approver.user_id, case.pk,
    )  # fmt: skip
    assert Entry.objects.filter(fact="parties.identity_revealed").count() == 1


def test_nobody_else_opens_and_nothing_is_opened_without_a_purpose(case, world, settings):
    stranger = actor_for(world.org.neighbours["clerk-b"], at=NOW)
    for actor in (stranger, world.org.actor(Role.AUDITOR), world.org.actor(Role.SUPERVISOR)):
        with pytest.raises(NotPermitted):
            openings_by_look(case=case, actor=actor, at=NOW, **WHY)
    with pytest.raises(PurposeMissing):
        openings_by_look(case=case, actor=world.approver, at=NOW, purpose="", note="")
    plain = world.receive(at=NOW)
    with pytest.raises(ApplicantNotRegistered):
        openings_by_look(case=plain, actor=world.approver, at=NOW, **WHY)
    assert not Look.objects.exists()


def test_after_erasing_nothing_can_be_opened_and_a_file_given_out_before_still_holds(case, world):
    before = file_of(case, world, "wang")
    world.move(
        case,
        "deny",
        at=NOW,
        data={"result_no": "示许否〔2026〕1 号", "reason": "不符合条件", "remedies": "可复议"},
    )
    for transition, data in (("deliver", {"method": "window"}), ("archive", {})):
        world.move(case, transition, at=NOW, data=data)
    erased = personal_erase(
        subject=Subject("case", case.pk),
        ground="本人申请",
        actor=world.org.actor(Role.SECURITY_ADMIN),
        at=NOW,
    )
    assert erased > 3
    checkpoint_issue(at=NOW)
    assert "openings" not in file_of(case, world, "wang")
    assert opened(before)["applicant_name"] == NAME

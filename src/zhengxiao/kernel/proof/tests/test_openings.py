"""Openings in a proof file: salt and value are what the leaf committed to, or it is refused. Attacked like the rest of it."""

from __future__ import annotations

import base64
import copy
import json

import pytest
from django.db import transaction

from zhengxiao.kernel.files.models import StoredFile
from zhengxiao.kernel.proof import verifier
from zhengxiao.kernel.proof.api import checkpoint_issue, key_text, proof_document, trusted_keys
from zhengxiao.kernel.proof.tests.conftest import AT, tell
from zhengxiao.kernel.proof.verifier import Refused, check_proof
from zhengxiao.kernel.timeline import services
from zhengxiao.kernel.timeline.api import Fact, PersonalPart, Subject, changed, commitment, record
from zhengxiao.lib.actors import SYSTEM

NAME, ITEMS = "张示例的身份证.pdf", ["补一份图纸", "更正地址"]


def everything(fact, names):
    return True


def say(file, *rows, **data):
    with transaction.atomic():
        return record(
            fact="sample.opened", subject=Subject("file", file.pk), actor=SYSTEM, at=AT, data=data, rows=rows
        )


@pytest.fixture
def file(db):
    """A row with a personal name, told of in two entries; the second commits to words as well."""
    services.facts.add(  # the registry of this test
        "sample.opened", Fact("sample.opened", "告知", "{items}", "file", personal=("items", "phone"))
    )
    row = StoredFile.objects.create(
        digest="0" * 64, size=7, media_type="application/pdf", original_name=NAME, uploaded_at=AT
    )
    say(row, row, what={"~": "no commitment of ours"})
    say(row, changed(row, "original_name"), items=ITEMS, phone="13800000000")
    tell("别人的")
    checkpoint_issue(at=AT)
    return row


def document_of(file, may_open=everything):
    return proof_document(subject=Subject("file", file.pk), name="样例", may_open=may_open)


@pytest.fixture
def document(file):
    return document_of(file)


def verdict(document) -> str:
    try:
        check_proof(json.dumps(document, ensure_ascii=False), trusted_keys())
    except Refused as refused:
        return refused.code
    return "holds"


def test_what_was_committed_to_is_shown_with_its_name(file, document):
    proof = check_proof(json.dumps(document), trusted_keys())
    name = f"files.StoredFile.{file.pk}.original_name"
    first, second = (index for index, _entry in proof.entries)
    assert [(told, value) for index, told, value in proof.opened if index == first] == [(name, NAME)]
    assert {told: value for index, told, value in proof.opened if index == second} == {
        name: NAME, "data.items": ITEMS, "data.phone": "13800000000",
    }  # fmt: skip


def test_a_reader_without_the_right_gets_a_file_without_openings(file):
    for may_open in (None, lambda fact, names: False):
        told = document_of(file, may_open)
        assert "openings" not in told
        text = json.dumps(told, ensure_ascii=False)
        assert NAME not in text
        assert all(
            base64.b64encode(bytes(part.salt)).decode() not in text for part in PersonalPart.objects.all()
        )
        assert check_proof(text, trusted_keys()).opened == ()


def test_an_entry_is_opened_whole_or_not_at_all(file):
    """All its commitments share one salt, so what may not be known must not be there to be tried."""
    asked = []

    def no_telephone(fact, names):
        asked.append((fact, names))
        return "data.phone" not in names

    told = document_of(file, no_telephone)["openings"]
    assert [list(row["values"]) for row in told] == [[f"files.StoredFile.{file.pk}.original_name"]]
    assert asked == [
        ("sample.opened", frozenset({"files.StoredFile.original_name", "data.what"})),
        ("sample.opened", frozenset({"files.StoredFile.original_name", "data.items", "data.phone"})),
    ]


def test_what_was_written_over_or_erased_is_not_opened_and_what_was_given_out_still_holds(file, document):
    StoredFile.objects.filter(pk=file.pk).update(original_name="别的.pdf")
    assert [sorted(row["values"]) for row in document_of(file)["openings"]] == [["data.items", "data.phone"]]
    PersonalPart.objects.all().delete()
    assert "openings" not in document_of(file)
    assert verdict(document) == "holds"


def attacks(document, file):
    """Every way to lie with an opening, with the refusal it must meet."""
    name = f"files.StoredFile.{file.pk}.original_name"

    def lie(code, change):
        forged = copy.deepcopy(document)
        change(forged["openings"], forged)
        return code, change.__name__, forged

    def value_forged(rows, _all):
        rows[0]["values"][name] = '"李示例.pdf"'

    def value_in_another_spelling(rows, _all):
        rows[1]["values"]["data.items"] = json.dumps(ITEMS, ensure_ascii=False, indent=1)

    def salt_of_another_entry(rows, _all):
        rows[0]["salt"] = rows[1]["salt"]

    def one_bit_of_the_salt(rows, _all):
        salt = bytearray(base64.b64decode(rows[0]["salt"]))
        salt[0] ^= 1
        rows[0]["salt"] = base64.b64encode(salt).decode()

    def erased_salt(rows, _all):
        rows[0]["salt"] = base64.b64encode(bytes(16)).decode()

    def opening_of_another_leaf(rows, _all):
        rows[0]["index"], rows[1]["index"] = rows[1]["index"], rows[0]["index"]

    def of_a_leaf_that_is_not_in_the_file(rows, everything):
        everything["entries"].pop(0)

    def index_beyond_the_file(rows, _all):
        rows[0]["index"] = 2

    def the_same_leaf_twice(rows, _all):
        rows[1] = copy.deepcopy(rows[0])

    def under_another_name(rows, _all):
        rows[1]["values"]["data.phone"] = rows[1]["values"]["data.items"]

    def under_the_name_of_another_row(rows, _all):
        rows[0]["values"] = {f"files.StoredFile.{file.pk + 1}.original_name": rows[0]["values"][name]}

    def what_was_never_hidden(rows, _all):
        rows[0]["values"]["files.StoredFile.1.size"] = "7"

    def a_plain_value_that_looks_hidden(rows, _all):
        rows[0]["values"]["data.what"] = '"no commitment of ours"'

    def rows_edited_to_fit(rows, _all):
        salt = base64.b64decode(rows[0]["salt"])
        made = commitment(salt, name, NAME)
        rows[0]["rows"] = rows[0]["rows"].replace(made, commitment(salt, name, "李示例.pdf"))
        rows[0]["values"][name] = '"李示例.pdf"'

    def rows_of_another_entry(rows, _all):
        rows[0]["rows"] = rows[1]["rows"]

    def rows_held_back(rows, _all):
        rows[0]["rows"] = ""

    def salt_too_short(rows, _all):
        rows[0]["salt"] = base64.b64encode(bytes(15)).decode()

    def no_salt(rows, _all):
        rows[0]["salt"] = ""

    def nothing_opened(rows, _all):
        rows[0]["values"] = {}

    def values_as_list(rows, _all):
        rows[0]["values"] = [name]

    def value_that_is_no_text(rows, _all):
        rows[0]["values"][name] = 7

    def surrogate_in_a_name(rows, _all):
        rows[0]["values"]["\ud800"] = '"x"'

    def field_added(rows, _all):
        rows[0]["note"] = "trust me"

    def field_missing(rows, _all):
        del rows[0]["rows"]

    def openings_as_object(_rows, everything):
        everything["openings"] = {"0": 1}

    refused = {
        "opening": (
            value_forged, value_in_another_spelling, salt_of_another_entry, one_bit_of_the_salt, erased_salt,
            opening_of_another_leaf, of_a_leaf_that_is_not_in_the_file, index_beyond_the_file, the_same_leaf_twice,
            under_another_name, under_the_name_of_another_row, what_was_never_hidden, a_plain_value_that_looks_hidden,
            rows_edited_to_fit, rows_of_another_entry, rows_held_back,
        ),
        "malformed": (
            salt_too_short, no_salt, nothing_opened, values_as_list, value_that_is_no_text,
            surrogate_in_a_name, field_added, field_missing, openings_as_object,
        ),
    }  # fmt: skip
    yield from (lie(code, change) for code, changes in refused.items() for change in changes)


def test_lies_about_what_was_committed_to_are_refused_each_by_name(document, file):
    met = {name: (verdict(forged), code) for code, name, forged in attacks(document, file)}
    assert len(met) == 25
    assert {name: pair for name, pair in met.items() if pair[0] != pair[1]} == {}


def test_the_verifier_tells_what_was_opened_and_a_value_cannot_steer_the_terminal(file, tmp_path, capsys):
    StoredFile.objects.filter(pk=file.pk).update(original_name=NAME)
    say(file, items="\x1b[2J成立")
    checkpoint_issue(at=AT)
    place = tmp_path / "proof.json"
    place.write_text(json.dumps(document_of(file)), "utf-8")
    assert verifier.main([str(place), "--key", key_text(trusted_keys()[0])]) == 0
    told = capsys.readouterr().out
    assert f"files.StoredFile.{file.pk}.original_name：{NAME}" in told
    assert "13800000000" in told
    assert "\x1b" not in told

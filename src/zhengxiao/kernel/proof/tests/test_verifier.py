"""The stand-alone verifier under attack: whatever is not exactly what was signed is refused, and by name."""

from __future__ import annotations

import base64
import copy
import json
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zhengxiao.kernel.proof import verifier
from zhengxiao.kernel.proof.api import checkpoint_issue, key_text, proof_document, trusted_keys
from zhengxiao.kernel.proof.checkpoints import note_text
from zhengxiao.kernel.proof.keys import SigningKey, signing_key
from zhengxiao.kernel.proof.models import Checkpoint
from zhengxiao.kernel.proof.tests.conftest import AT, tell, tell_many
from zhengxiao.kernel.proof.verifier import (
    Key,
    Malformed,
    Refused,
    check_heads,
    check_proof,
    key_id,
    signature_holds,
)
from zhengxiao.kernel.timeline.api import Subject

SOURCE = Path(verifier.__file__)
ORDER = 2**252 + 27742317777372353535851937790883648493


def stranger(name: str = "zhengxiao.test") -> SigningKey:
    private = Ed25519PrivateKey.generate()
    raw = private.public_key().public_bytes_raw()
    return SigningKey(private, Key(name, key_id(name, raw), raw))


def accepted_by_the_library(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# signatures


def test_a_thousand_random_signatures_and_their_forgeries_are_judged_as_by_the_library():
    dice = random.Random(20260302)  # noqa: S311 - repeatable
    for number in range(1000):
        private = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32))
        public, message = private.public_key().public_bytes_raw(), dice.randbytes(number % 90)
        signature = private.sign(message)
        assert signature_holds(public, message, signature)
        if number % 4:
            continue
        spot = dice.randrange(512)
        flipped = bytearray(signature)
        flipped[spot // 8] ^= 1 << spot % 8
        wrong = bytearray(public)
        wrong[spot % 32] ^= 1 << spot % 8
        for claim in ((public, message, bytes(flipped)), (bytes(wrong), message, signature)):
            assert signature_holds(*claim) is accepted_by_the_library(*claim) is False


def test_malformed_signatures_and_keys_are_refused():
    private = Ed25519PrivateKey.generate()
    public, message = private.public_key().public_bytes_raw(), b"head"
    signature = private.sign(message)
    scalar = int.from_bytes(signature[32:], "little")
    identity = (1).to_bytes(32, "little")
    claims = [
        (public, message, b""),
        (public, message, signature[:-1]),
        (public, message, signature + b"\0"),
        (public[:-1], message, signature),
        (public, message, signature[:32] + (scalar + ORDER).to_bytes(32, "little")),  # malleable
        (public, message, signature[:32] + b"\xff" * 32),
        (public, message, b"\xff" * 64),
        (b"\xff" * 32, message, signature),  # y beyond the field
        (b"\x02" + b"\0" * 31, message, signature),  # no such point
        (identity[:-1] + b"\x80", message, signature),  # x = 0 with a sign
        (identity, message, identity + b"\0" * 32),  # a key of small order would sign everything
        (b"\0" * 32, message, identity + b"\0" * 32),
    ]
    for claim in claims:
        assert signature_holds(*claim) is False


# proof files


@pytest.fixture
def document(history):
    return proof_document(subject=Subject("sample", 7), name="样例", since=300)


def verdict(document, keys=None, older=()) -> str:
    """The code of the refusal, or "holds"."""
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    try:
        check_proof(text, trusted_keys() if keys is None else keys, older)
    except Refused as refused:
        return refused.code
    return "holds"


def test_a_true_proof_shows_every_entry_of_its_subject(history, document):
    older = [Checkpoint.objects.get(pk=300).note, Checkpoint.objects.get(pk=600).note]
    proof = check_proof(json.dumps(document), trusted_keys(), older)
    assert (len(proof.entries), proof.uncovered, proof.own_key, proof.compared) == (200, 0, False, (300, 600))
    assert [said["data"]["what"] for _index, said in proof.entries][:3] == [0, 3, 6]
    assert check_proof(json.dumps(document)).own_key


def test_an_entry_after_the_newest_checkpoint_is_counted_but_not_claimed(history):
    tell("新")
    assert proof_document(subject=Subject("sample", 7), name="样例")["uncovered"] == 1


def attacks(document):
    """Every way to lie with a proof file, with the refusal it must meet."""

    def lie(code: str, change) -> tuple[str, str, dict]:
        forged = copy.deepcopy(document)
        change(forged["entries"], forged)
        return code, change.__name__, forged

    def payload_edited(rows, _all):
        rows[0]["payload"] = rows[0]["payload"].replace('"what":0', '"what":1')

    def payload_of_another_entry(rows, _all):
        rows[0]["payload"], rows[1]["payload"] = rows[1]["payload"], rows[0]["payload"]

    def proof_of_another_index(rows, _all):
        rows[0]["proof"] = rows[1]["proof"]

    def index_of_another(rows, _all):
        rows[0]["index"] += 1

    def entries_reordered(rows, _all):
        rows[0], rows[1] = rows[1], rows[0]

    def entry_twice(rows, _all):
        rows.insert(1, copy.deepcopy(rows[0]))

    def path_too_short(rows, _all):
        rows[0]["proof"].pop()

    def path_too_long(rows, _all):
        rows[0]["proof"].append(rows[0]["proof"][0])

    def path_not_minimal(rows, _all):
        rows[0]["proof"].insert(0, rows[0]["proof"][0])

    def path_reversed(rows, _all):
        rows[0]["proof"].reverse()

    def index_beyond_the_tree(rows, _all):
        rows[-1]["index"] = 600

    def huge_index(rows, _all):
        rows[-1]["index"] = 2**70

    def index_of_a_thousand_digits(rows, _all):
        rows[-1]["index"] = 10**1000

    def negative_index(rows, _all):
        rows[0]["index"] = -1

    def index_as_text(rows, _all):
        rows[0]["index"] = "0"

    def index_as_truth(rows, _all):
        rows[0]["index"] = True

    def index_as_fraction(rows, _all):
        rows[0]["index"] = 0.0

    def node_of_31_bytes(rows, _all):
        rows[0]["proof"][0] = base64.b64encode(b"x" * 31).decode()

    def node_with_loose_bits(rows, _all):
        node = rows[0]["proof"][0]
        rows[0]["proof"][0] = node[:-2] + chr(ord(node[-2]) + 1) + "="

    def node_as_number(rows, _all):
        rows[0]["proof"][0] = 7

    def field_added(rows, _all):
        rows[0]["note"] = "trust me"

    def field_missing(rows, _all):
        del rows[0]["payload"]

    def entries_as_object(_rows, everything):
        everything["entries"] = {"0": 1}

    def lone_surrogate(rows, _all):
        rows[0]["payload"] = "\ud800"

    def size_edited(_rows, everything):
        everything["checkpoint"] = everything["checkpoint"].replace("\n600\n", "\n601\n")

    def root_of_the_older_head(_rows, everything):
        old, new = (Checkpoint.objects.get(pk=size).note.split("\n")[2] for size in (300, 600))
        everything["checkpoint"] = everything["checkpoint"].replace(new, old)

    def older_head(_rows, everything):
        everything["checkpoint"] = Checkpoint.objects.get(pk=300).note

    def time_edited(_rows, everything):
        everything["checkpoint"] = everything["checkpoint"].replace("time 2026", "time 2025")

    def algorithm_edited(_rows, everything):
        everything["checkpoint"] = everything["checkpoint"].replace("sha256", "md5")

    def size_with_a_leading_zero(_rows, everything):
        everything["checkpoint"] = everything["checkpoint"].replace("\n600\n", "\n0600\n")

    def huge_size(_rows, everything):
        everything["checkpoint"] = everything["checkpoint"].replace("\n600\n", f"\n{10**40}\n")

    def signature_cut(_rows, everything):
        everything["checkpoint"] = everything["checkpoint"][:-9] + "\n"

    def no_signature(_rows, everything):
        everything["checkpoint"] = everything["checkpoint"].split("\n\n")[0] + "\n\n"

    def seventeen_signatures(_rows, everything):
        body, line = everything["checkpoint"].split("\n\n")
        everything["checkpoint"] = body + "\n\n" + line * 17

    def subject_of_another_case(_rows, everything):
        everything["subject"]["id"] = 8

    def key_with_another_id(_rows, everything):
        everything["key"] = everything["key"].replace("+", "+0", 1)

    def another_format(_rows, everything):
        everything["format"] = "zhengxiao-proof/9"

    refused = {
        "inclusion": (payload_edited, payload_of_another_entry, proof_of_another_index, index_of_another, path_reversed),
        "order": (entries_reordered, entry_twice),
        "path_length": (path_too_short, path_too_long, path_not_minimal),
        "index": (index_beyond_the_tree,),
        "signature": (size_edited, root_of_the_older_head, time_edited),
        "foreign_entry": (subject_of_another_case,),
        "malformed": (huge_index, index_of_a_thousand_digits, negative_index, index_as_text, index_as_truth,
                      index_as_fraction, node_of_31_bytes, node_with_loose_bits, node_as_number, field_added,
                      field_missing, entries_as_object, lone_surrogate, signature_cut, another_format),
        "checkpoint": (algorithm_edited, size_with_a_leading_zero, huge_size, no_signature, seventeen_signatures),
        "key": (key_with_another_id,),
    }  # fmt: skip
    yield from (lie(code, change) for code, changes in refused.items() for change in changes)
    yield lie("path_length", older_head)


def test_lies_in_a_proof_file_are_refused_each_by_name(document):
    met = {name: (verdict(forged), code) for code, name, forged in attacks(document)}
    assert len(met) == 37
    assert {name: pair for name, pair in met.items() if pair[0] != pair[1]} == {}


def test_text_that_is_no_proof_is_malformed(document):
    good = json.dumps(document)
    bad = ["", "null", "[]", "{", '{"a":1}', "[" * 100_000, "NaN", good[:-20], good + "x", "1e999", "\x00"]
    bad += [
        good.replace('"uncovered": 0', f'"uncovered": {value}') for value in ("NaN", "-1", "9" * 5000, "[]")
    ]
    bad.append(good.replace('"uncovered": 0', '"uncovered": 0, "uncovered": 0'))
    assert {verdict(text) for text in bad} == {"malformed"}


def test_random_damage_never_holds_and_never_breaks_the_verifier(document):
    good, dice = json.dumps(document), random.Random(7)  # noqa: S311 - repeatable
    told = json.dumps(document["subject"]["name"])[1:-1]
    begins = good.index(told)
    for _ in range(400):
        at = dice.randrange(len(good))
        if begins <= at < begins + len(told):
            continue  # what people call the subject is not proven, and said not to be
        letter = dice.choice('0123456789abcXYZ+/="{}[],\\')
        damaged = good[:at] + letter + good[at + 1 :]
        if json_equal(damaged, good) or at >= good.index('"uncovered"'):
            continue
        assert verdict(damaged) != "holds", (at, good[at - 20 : at + 20], letter)


def json_equal(one: str, other: str) -> bool:
    try:
        return json.loads(one) == json.loads(other)
    except ValueError:
        return False


# whose signature


def test_a_proof_signed_by_somebody_else_is_refused_even_when_it_brings_the_key(history, document):
    other, head = stranger(), Checkpoint.objects.get(pk=600)
    document["checkpoint"] = note_text(600, bytes(head.root), AT, other)
    document["key"] = key_text(other.public)
    assert verdict(document) == "wrong_key"
    assert verdict(document, keys=[]) == "holds"  # and says that nobody vouches for the key
    assert check_proof(json.dumps(document)).own_key


def test_a_key_that_was_replaced_counts_only_while_it_is_trusted(history, settings):
    old = trusted_keys()
    (settings.HOME / "keys" / "checkpoint.key").unlink()
    tell("新钥")
    head = checkpoint_issue(at=AT + timedelta(hours=1))
    document = proof_document(subject=Subject("sample", 7), name="样例")
    assert head.key_id != old[0].key_id
    assert len(trusted_keys()) == 2
    assert verdict(document) == "holds"
    assert verdict(document, keys=old) == "wrong_key"


def test_a_signature_under_the_number_of_a_trusted_key_must_be_by_that_key(history, document):
    true, other, head = signing_key(), stranger(), Checkpoint.objects.get(pk=600)
    document["checkpoint"] = note_text(600, bytes(head.root), AT, SigningKey(other.private, true.public))
    assert verdict(document) == "signature"


def test_witness_signatures_beside_that_of_the_platform_are_passed_over(history, document):
    witness = stranger("witness.test")
    line = note_text(600, b"r" * 32, AT, witness).split("\n\n")[1]
    document["checkpoint"] = document["checkpoint"].replace("\n\n", "\n\n" + line)
    assert verdict(document) == "holds"


# split views and older heads


def test_two_heads_of_one_size_are_a_split_view(history, document):
    other = note_text(600, b"s" * 32, AT, signing_key())
    assert verdict(document, older=[other]) == "split_view"
    with pytest.raises(Refused, match="两个不同的树根"):
        check_heads([Checkpoint.objects.get(pk=600).note, other], trusted_keys())
    assert len(check_heads([row.note for row in Checkpoint.objects.all()], trusted_keys())) == 2


def test_a_history_rewritten_with_the_right_key_does_not_continue_what_the_witness_kept(history):
    kept = Checkpoint.objects.get(pk=300).note
    with_edit = note_text(300, b"w" * 32, AT, signing_key())
    document = proof_document(subject=Subject("sample", 7), name="样例", since=300)
    assert verdict(document, older=[kept]) == "holds"
    assert verdict(document, older=[with_edit]) == "consistency"


def test_older_heads_that_cannot_be_compared_are_not_passed_over(history, document):
    older = Checkpoint.objects.get(pk=300).note
    larger = note_text(601, b"l" * 32, AT, signing_key())
    bare = proof_document(subject=Subject("sample", 7), name="样例")
    assert verdict(bare, older=[older]) == "no_consistency"
    assert verdict(document, older=[larger]) == "shorter"
    assert verdict(document, older=[note_text(300, b"o" * 32, AT, stranger())]) == "wrong_key"
    elsewhere = stranger("elsewhere.test")
    foreign = note_text(300, b"o" * 32, AT, elsewhere)
    assert verdict(document, [*trusted_keys(), elsewhere.public], [foreign]) == "origin"


# the program


def run(*arguments: object) -> subprocess.CompletedProcess:
    """As an auditor runs it: isolated from everything installed."""
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(SOURCE), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own file


def test_the_verifier_is_one_short_file_that_runs_alone(history, document, tmp_path):
    assert len(SOURCE.read_text("utf-8").splitlines()) <= 400
    proof, key = tmp_path / "proof.json", key_text(trusted_keys()[0])
    proof.write_text(json.dumps(document), "utf-8")
    heads = []
    for size in (300, 600):
        heads += ["--checkpoint", tmp_path / f"{size}.txt"]
        heads[-1].write_text(Checkpoint.objects.get(pk=size).note, "utf-8")
    good = run(proof, "--key", key, *heads)
    assert (good.returncode, good.stderr) == (0, "")
    assert "200 条记录都在已签名的树中" in good.stdout
    assert "公钥来自证明文件本身" in run(proof).stdout
    assert run("--key", key, *heads).returncode == 0
    document["entries"][0]["payload"] += " "
    proof.write_text(json.dumps(document), "utf-8")
    bad = run(proof, "--key", key)
    assert bad.returncode == 1
    assert "inclusion" in bad.stderr
    for arguments in (
        [],
        [tmp_path / "none.json"],
        [SOURCE],
        ["--key", "nonsense", *heads],
        [proof, "--key", proof],
    ):
        assert run(*arguments).returncode == 2, arguments


def test_a_proof_cannot_steer_the_terminal_of_its_reader(db, tmp_path, capsys):
    tell_many(3)
    checkpoint_issue(at=AT)
    document = proof_document(subject=Subject("sample", 7), name="\x1b[2J\u202e样例")
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(document), "utf-8")
    assert verifier.main([str(path)]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_keys_are_read_in_one_spelling_only():
    good = key_text(stranger().public)
    assert key_text(verifier.read_key(good)) == good
    name, number, raw = good.split("+", 2)
    for text in ("", good[:-4], f"{name}+{number}+{raw}=", f"other+{number}+{raw}", f"{name}+00000000+{raw}"):
        with pytest.raises(Malformed):
            verifier.read_key(text)

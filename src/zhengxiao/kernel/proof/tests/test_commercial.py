"""A history of commercial cryptography: SM3 leaves and roots, heads that SM2 signs as well, read by strangers' tools."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.kernel.proof import sm2, verifier
from zhengxiao.kernel.proof.api import (
    HashChanged,
    checkpoint_issue,
    key_text,
    proof_document,
    sequence_all,
    trusted_keys,
    trusted_sm2_keys,
    verify,
)
from zhengxiao.kernel.proof.models import Checkpoint, TreeHead
from zhengxiao.kernel.proof.rules import Frontier, consistency_path, inclusion_path
from zhengxiao.kernel.proof.tests.conftest import AT, tell, tell_many
from zhengxiao.kernel.proof.tests.test_verifying import sql
from zhengxiao.kernel.timeline.api import Entry, Subject
from zhengxiao.lib.hashing import leaf_hash

SUBJECT = Subject("sample", 7)


@pytest.fixture
def commercial(settings: Any) -> Any:
    settings.HISTORY_HASH, settings.CHECKPOINT_SM2 = "sm3", True
    TreeHead.objects.all().delete()  # as when the database was made with this setting
    return settings


def sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 with SM3 in the place of SHA-256."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sm3(b"\x01" + by_definition(leaves[:split]) + by_definition(leaves[split:]))


@given(st.integers(1, 300), st.data())
def test_the_tree_of_sm3_follows_its_definition_and_its_proofs_hold_for_strangers(
    size: int, data: Any
) -> None:
    leaves = [leaf_hash(str(n).encode(), "sm3") for n in range(size)]
    assert leaves[0] == sm3(b"\x00" + b"0")
    frontier, kept = Frontier(algorithm="sm3"), {}
    for leaf in leaves:
        kept.update({(node.level, node.number): node.digest for node in frontier.append(leaf)})

    def tile(level: int, number: int) -> list[bytes]:
        row = range(number * 256, number * 256 + 256)
        return (
            leaves[number * 256 :][:256]
            if level == 0
            else [kept[level, n] for n in row if (level, n) in kept]
        )

    root = by_definition(leaves)
    assert frontier.root() == root
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    path = inclusion_path(index, size, tile, "sm3")
    verifier.check_inclusion(index, size, leaves[index], path, root, "sm3")
    steps = consistency_path(old, size, tile, "sm3")
    verifier.check_consistency(old, by_definition(leaves[:old]), size, root, steps, "sm3")
    if size > 1:
        with pytest.raises(verifier.Refused):
            verifier.check_inclusion(index, size, leaves[index], path, root, "sha256")


@pytest.mark.django_db
def test_a_history_of_sm3_is_signed_exported_and_verified(commercial: Any) -> None:
    tell_many(300)
    first = checkpoint_issue(at=AT)
    tell_many(10)
    head = checkpoint_issue(at=AT + timedelta(minutes=1))
    assert first
    assert head
    assert "\nalgorithm sm3\n" in head.note
    entry = Entry.objects.earliest("pk")
    document = proof_document(subject=SUBJECT, name="示例", since=first.size)
    payload = document["entries"][0]["payload"].encode()
    assert bytes(entry.leaf) == sm3(b"\x00" + payload)
    found = verifier.check_proof(json.dumps(document), trusted_keys(), [first.note])
    assert (len(found.entries), found.compared) == (104, (300,))
    assert verify(at=AT + timedelta(minutes=1), outside=[first.note, head.note]).clean
    sql("UPDATE timeline_entry SET actor_name = %s WHERE id = %s", "示例乙", entry.pk)
    said = verify(at=AT + timedelta(minutes=1))
    assert [(one.table, one.key, one.field) for one in said.findings] == [
        ("timeline_entry", str(entry.pk), "actor_name")
    ]


@pytest.mark.django_db
def test_the_hash_of_a_begun_history_is_not_changed_under_it(commercial: Any) -> None:
    tell()
    assert sequence_all() == 1
    commercial.HISTORY_HASH = "sha256"
    tell()
    with pytest.raises(HashChanged, match=r"sm3.*sha256"):
        sequence_all()
    with pytest.raises(HashChanged):
        checkpoint_issue(at=AT)
    commercial.HISTORY_HASH = "sm3"


@pytest.mark.django_db
def test_sm2_signs_beside_ed25519_and_a_forged_line_of_it_is_named(commercial: Any) -> None:
    tell()
    head = checkpoint_issue(at=AT)
    assert head
    note = verifier.read_checkpoint(head.note)
    assert len(note.signatures) == 2
    assert verifier.check_signature(note, trusted_keys()).key_id == head.key_id
    keys = trusted_sm2_keys()
    assert [key.key_id for key in keys] == [note.signatures[1][1]]
    assert sm2.holds(note, keys)
    assert verify(at=AT).clean
    secret = commercial.HOME / "keys" / sm2.SECRET
    assert secret.stat().st_mode & 0o077 == 0
    line = head.note.splitlines()[-1]
    raw = bytearray(base64.b64decode(line.rpartition(" ")[2]))
    raw[-1] ^= 1
    forged = head.note.replace(line, line.rpartition(" ")[0] + " " + base64.b64encode(raw).decode())
    assert not sm2.holds(verifier.read_checkpoint(forged), keys)
    Checkpoint.objects.filter(pk=head.pk).update(note=forged)
    said = verify(at=AT)
    assert [(one.table, one.key, one.field) for one in said.findings] == [
        ("proof_checkpoint", str(head.pk), "note")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["sign", "key"])
def test_without_the_library_sm2_is_refused_by_name_and_ed25519_still_counts(
    commercial: Any, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    tell()
    kept = checkpoint_issue(at=AT) if asked == "sign" else None
    monkeypatch.setattr(sm2, "_library", lambda: None)
    tell()
    with pytest.raises(sm2.Sm2Missing, match=re.escape("zhengxiao[gm]")):
        checkpoint_issue(at=AT)
    if kept:
        assert verify(at=AT).clean, "what nobody here can check is passed over"


@pytest.mark.django_db
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed here")
def test_openssl_reads_the_public_key_and_checks_the_second_signature(
    commercial: Any, tmp_path: Path
) -> None:
    """The recipe of docs/proof.md, with a tool that knows nothing of this platform."""
    tell()
    head = checkpoint_issue(at=AT)
    assert head
    pem = next((commercial.HOME / "keys").glob("*.sm2.pem"))
    note = tmp_path / "kept.txt"
    note.write_text(head.note, "utf-8")
    recipe = re.search(r"```sh\n(split_note=.*?)```", _proof_page(), re.S)
    assert recipe, "docs/proof.md shows how"
    script = recipe[1].replace("KEYID.sm2.pem", str(pem))
    done = subprocess.run(["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603, S607 - our own page
    assert (done.returncode, "Verified Successfully" in done.stdout) == (0, True), done.stderr
    note.write_text(head.note.replace("algorithm sm3", "algorithm sm4"), "utf-8")
    done = subprocess.run(["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603, S607 - our own page
    assert done.returncode != 0


def _proof_page() -> str:
    return (Path(__file__).parents[5] / "docs" / "proof.md").read_text("utf-8")


@pytest.mark.django_db
def test_the_key_list_names_both_keys(commercial: Any) -> None:
    tell()
    checkpoint_issue(at=AT)
    assert key_text(trusted_keys()[0]).startswith("zhengxiao.test+")
    assert trusted_sm2_keys()[0].pem.startswith("-----BEGIN PUBLIC KEY-----\nMFkw")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "示例", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_a_file_that_is_no_key_is_told_by_its_name(commercial: Any, text: str) -> None:
    tell()
    checkpoint_issue(at=AT)
    (commercial.HOME / "keys" / "00000000.sm2.pem").write_text(text, "utf-8")
    with pytest.raises(verifier.Malformed, match=r"00000000.sm2.pem"):
        verify(at=AT)

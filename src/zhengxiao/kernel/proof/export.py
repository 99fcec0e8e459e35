"""The proof file of one subject: its entries as they were hashed, their paths, and the signed head. It verifies offline."""

from __future__ import annotations

import base64
from typing import Any

from zhengxiao.kernel.proof import verifier
from zhengxiao.kernel.proof.keys import key_text, trusted_keys
from zhengxiao.kernel.proof.models import Checkpoint, TreeLeaf
from zhengxiao.kernel.proof.openings import MayOpen, openings_of
from zhengxiao.kernel.proof.queries import Tiles, one_moment
from zhengxiao.kernel.proof.rules import consistency_path, inclusion_path
from zhengxiao.kernel.timeline.api import Subject, entries_for, history_hash, leaf_payload
from zhengxiao.lib.refusals import Refusal, gettext_noop


class NothingSigned(Refusal):
    """There is no checkpoint yet, so there is nothing a proof could lead to."""

    template = gettext_noop("还没有已签名的检查点。请先运行 zx checkpoint。")


class KeyUnknown(Refusal):
    """The public key of the newest checkpoint is not among the keys of this installation."""

    template = gettext_noop("检查点所用公钥 {key_id} 不在本机 keys 目录中。")


def _spelled(path: list[bytes]) -> list[str]:
    return [base64.b64encode(node).decode("ascii") for node in path]


def proof_document(
    *, subject: Subject, name: str, since: int | None = None, may_open: MayOpen | None = None
) -> dict[str, Any]:
    """What `verifier.py` reads: every entry of `subject` that the newest checkpoint covers, with its inclusion proof.

    `name` is what people call the subject; it is not proven. `since`: also prove that the tree continues its first
    `since` leaves. `may_open`: which personal values the reader may know; they are told with their salts, and without any the
    file does not speak of openings. Entries that no checkpoint covers are only counted. Raises NothingSigned, KeyUnknown.
    """
    with one_moment():
        head = Checkpoint.objects.order_by("-size").first()
        if head is None:
            raise NothingSigned
        keys = [key for key in trusted_keys() if key.key_id == head.key_id]
        if not keys:
            raise KeyUnknown(key_id=head.key_id)
        tiles, entries = Tiles(), entries_for(subject).in_bulk()
        places = dict(
            TreeLeaf.objects.filter(entry_id__in=list(entries), index__lt=head.size).values_list(
                "index", "entry_id"
            )
        )
        rows = [
            {
                "index": index,
                "payload": leaf_payload(entries[places[index]]).decode(),
                "proof": _spelled(inclusion_path(index, head.size, tiles, history_hash())),
            }
            for index in sorted(places)
        ]
        told = (
            openings_of({index: entries[entry] for index, entry in places.items()}, may_open)
            if may_open
            else []
        )
        steps = [since] if since and since < head.size else []
        return {
            "format": verifier.FORMAT,
            "subject": {"kind": subject.kind, "id": subject.id, "name": name},
            "checkpoint": head.note,
            "key": key_text(keys[0]),
            "entries": rows,
            "uncovered": len(entries) - len(rows),
            "consistency": [
                {"size": size, "proof": _spelled(consistency_path(size, head.size, tiles, history_hash()))}
                for size in steps
            ],
        } | ({"openings": told} if told else {})

"""Signed heads of the tree (C2SP checkpoints), and laying them down where somebody else keeps them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

from django.db import IntegrityError, transaction

from zhengxiao.kernel.proof.keys import SigningKey, signed_text, signing_key
from zhengxiao.kernel.proof.models import Checkpoint, TreeHead
from zhengxiao.kernel.proof.outside import lay_down
from zhengxiao.kernel.proof.queries import Tiles
from zhengxiao.kernel.proof.rules import Frontier, span
from zhengxiao.kernel.proof.sequencing import require_hash, sequence_all
from zhengxiao.kernel.proof.standing import (
    OutsideUnreadable,
    Standing,
    checkpoint_folder,
    standing_note,
    ways_accepted,
)
from zhengxiao.kernel.timeline.api import history_hash
from zhengxiao.lib.refusals import Refusal, gettext_noop


class ShorterThanOutside(Refusal):
    """The database forgot what was signed before, for example because an older backup was restored."""

    template = gettext_noop(
        "数据库只有 {size} 条存证记录，而外部检查点已有 {outside} 条：第 {first}…{outside} 个叶丢失，系统只读，不再签名。"
        "若无法找回，请由负责人运行 zx accept-loss。"
    )


class HistoryForked(Refusal):
    """The tree is not a continuation of a head that was signed before."""

    template = gettext_noop("现有存证树不是大小 {size} 的检查点的延续，历史已被改写。系统只读，不再签名。")


def note_text(size: int, root: bytes, at: datetime, key: SigningKey) -> str:
    """The checkpoint as text, signed; `at` is cut to the second, in UTC."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    spelled = base64.b64encode(root).decode("ascii")
    body = f"{key.public.name}\n{size}\n{spelled}\nalgorithm {history_hash()}\ntime {moment}\n"
    return signed_text(body, key)


def checkpoint_issue(*, at: datetime, folder: Path | None = None) -> Checkpoint | None:
    """Place what waits, sign the head when it has grown, and lay the newest checkpoint down in `folder` (ZX_CHECKPOINT_DIR).

    None while the tree is empty. Raises ShorterThanOutside, HistoryForked or OutsideUnreadable instead of signing a second
    history, KeyExposed, and OSError when the folder cannot be read.
    """
    require_hash()
    folder = folder or checkpoint_folder()
    _refuse_behind(standing_note(at=at, folder=folder))
    sequence_all()
    head = TreeHead.objects.filter(pk=1).first()
    _refuse_another_history(head.size if head else 0)
    if head is None or head.size == 0:
        return None
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None or newest.size < head.size:
        newest = _sign(head, at)
    if folder is not None and not lay_down(newest, folder, ways_accepted()):
        raise HistoryForked(size=newest.size)
    return newest


def _sign(head: TreeHead, at: datetime) -> Checkpoint:
    key = signing_key()
    root = Frontier.unpacked(head.size, bytes(head.frontier), history_hash()).root()
    note = note_text(head.size, root, at, key)
    moment = at.replace(microsecond=0)
    try:
        with transaction.atomic():
            return Checkpoint.objects.create(
                size=head.size, root=root, at=moment, key_id=key.public.key_id, note=note
            )
    except IntegrityError:  # another runner signed this size: theirs is the one head of it
        return Checkpoint.objects.get(pk=head.size)


def _refuse_another_history(size: int) -> None:
    """The newest head signed here must be a beginning of the tree; of the one outside `standing` tells."""
    newest = Checkpoint.objects.order_by("-size").values_list("size", "root").first()
    if newest is None:
        return
    old, root = newest
    if old > size:
        raise ShorterThanOutside(size=size, outside=old, first=size + 1)
    if span(0, old, Tiles(), history_hash()) != bytes(root):
        raise HistoryForked(size=old)


def _refuse_behind(found: Standing | None) -> None:
    if found is None:
        return
    if found.unreadable:
        raise OutsideUnreadable(what=found.unreadable)
    if found.forked:
        raise HistoryForked(size=found.outside)
    raise ShorterThanOutside(size=found.size, outside=found.outside, first=found.kept + 1)

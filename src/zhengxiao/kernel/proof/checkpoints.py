"""Signed heads of the tree (C2SP checkpoints), and laying them down where somebody else keeps them."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db import IntegrityError, transaction

from zhengxiao.kernel.proof import verifier
from zhengxiao.kernel.proof.keys import SigningKey, signing_key
from zhengxiao.kernel.proof.models import Checkpoint, TreeHead
from zhengxiao.kernel.proof.queries import Tiles
from zhengxiao.kernel.proof.rules import Frontier, span
from zhengxiao.kernel.proof.sequencing import sequence_all
from zhengxiao.lib.refusals import Refusal, gettext_noop

_FILE = re.compile(r"checkpoint-(\d{12,19})\.txt", re.ASCII)


class ShorterThanOutside(Refusal):
    """The database forgot what was signed before, for example because an older backup was restored."""

    template = gettext_noop(
        "数据库只有 {size} 条存证记录，而外部检查点已有 {outside} 条：首个缺失序号 {size}。不再签名。"
    )


class HistoryForked(Refusal):
    """The tree is not a continuation of a head that was signed before."""

    template = gettext_noop("现有存证树不是大小 {size} 的检查点的延续，历史已被改写。不再签名。")


def note_text(size: int, root: bytes, at: datetime, key: SigningKey) -> str:
    """The checkpoint as text, signed; `at` is cut to the second, in UTC."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    spelled = base64.b64encode(root).decode("ascii")
    body = f"{key.public.name}\n{size}\n{spelled}\nalgorithm sha256\ntime {moment}\n"
    signature = bytes.fromhex(key.public.key_id) + key.private.sign(body.encode())
    return f"{body}\n— {key.public.name} {base64.b64encode(signature).decode('ascii')}\n"


def checkpoint_issue(*, at: datetime, folder: Path | None = None) -> Checkpoint | None:
    """Place what waits, sign the head when it has grown, and lay the newest checkpoint down in `folder` (ZX_CHECKPOINT_DIR).

    None while the tree is empty. Raises ShorterThanOutside or HistoryForked instead of signing a second history, and
    KeyExposed.
    """
    if folder is None and settings.CHECKPOINT_DIR:
        folder = Path(settings.CHECKPOINT_DIR)
    sequence_all()
    head = TreeHead.objects.filter(pk=1).first()
    _refuse_another_history(head.size if head else 0, folder)
    if head is None or head.size == 0:
        return None
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None or newest.size < head.size:
        newest = _sign(head, at)
    if folder is not None:
        _lay_down(newest, folder)
    return newest


def _sign(head: TreeHead, at: datetime) -> Checkpoint:
    key = signing_key()
    root = Frontier.unpacked(head.size, bytes(head.frontier)).root()
    note = note_text(head.size, root, at, key)
    moment = at.replace(microsecond=0)
    try:
        with transaction.atomic():
            return Checkpoint.objects.create(
                size=head.size, root=root, at=moment, key_id=key.public.key_id, note=note
            )
    except IntegrityError:  # another runner signed this size: theirs is the one head of it
        return Checkpoint.objects.get(pk=head.size)


def _refuse_another_history(size: int, folder: Path | None) -> None:
    """Every head signed before, here or as kept outside, must be a beginning of the tree."""
    newest = Checkpoint.objects.order_by("-size").values_list("size", "root").first()
    signed = {(newest[0], bytes(newest[1]))} if newest else set()
    outside = newest_outside(folder) if folder else None
    if outside is not None:
        kept = verifier.read_checkpoint(outside)
        signed.add((kept.size, kept.root))
    for old, root in signed:
        if old > size:
            raise ShorterThanOutside(size=size, outside=old)
        if span(0, old, Tiles()) != root:
            raise HistoryForked(size=old)


def newest_outside(folder: Path) -> str | None:
    """The text of the largest checkpoint that lies in `folder`."""
    found = [match for path in folder.glob("checkpoint-*.txt") if (match := _FILE.fullmatch(path.name))]
    if not found:
        return None
    return (folder / max(found, key=lambda match: int(match[1]))[0]).read_text("utf-8")


def _lay_down(checkpoint: Checkpoint, folder: Path) -> None:
    """Whole or not at all; what lies there is never replaced."""
    path = folder / f"checkpoint-{checkpoint.size:012}.txt"
    if path.exists():
        if verifier.read_checkpoint(path.read_text("utf-8")).root != bytes(checkpoint.root):
            raise HistoryForked(size=checkpoint.size)
        return
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as file:
        file.write(checkpoint.note)
    Path(file.name).chmod(0o644)
    Path(file.name).rename(path)

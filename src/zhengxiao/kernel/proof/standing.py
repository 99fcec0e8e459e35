"""Is the database at least as far as what was witnessed outside? If not, nothing is recorded until somebody decides.

The answer is one row, `Standstill`: while it is there the trigger that lets entries wait refuses them, whoever writes, in
any process. It is set and lifted by a comparison with the outside folder at every start and before every signature.
"""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.proof.facts import LOSS_ACCEPTED
from zhengxiao.kernel.proof.keys import signed_text, signing_key
from zhengxiao.kernel.proof.models import Standstill, TreeHead
from zhengxiao.kernel.proof.outside import kept_in, newest_kept, newest_loss, newest_outside
from zhengxiao.kernel.proof.permissions import ACCEPT_LOSS
from zhengxiao.kernel.proof.queries import Tiles
from zhengxiao.kernel.proof.rules import span
from zhengxiao.kernel.proof.verifier import Checkpoint, Malformed
from zhengxiao.kernel.timeline.api import Entry, Subject, history_hash, record
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop


class NothingLost(Refusal):
    """The database holds everything that was witnessed."""

    template = gettext_noop("数据库不比外部检查点旧，没有可接受的丢失。")


class LossGroundMissing(Refusal):
    """Why the loss is accepted has to be said."""

    template = gettext_noop("请写明接受丢失的依据，例如哪次故障、谁批准。")


class OutsideUnreadable(Refusal):
    """Nobody can say what is lost before the newest checkpoint outside can be read."""

    template = gettext_noop("最新的外部检查点无法读取：{what}。请先换回完好的文件，或查明后将其移走。")


@dataclass(frozen=True, slots=True)
class Standing:
    """The database against the newest head outside, where that one is ahead of it, on another way or damaged.

    The first `kept` leaves are the same on both sides; leaves number `kept` + 1 to `outside` are lost. `size`: leaves here.
    `unreadable`: which file cannot be read and why; nobody can tell then what is lost.
    """

    size: int
    outside: int
    kept: int
    root: str
    unreadable: str = ""

    @property
    def forked(self) -> bool:
        """Not only shorter: the database holds leaves that are not the witnessed ones."""
        return self.size > self.kept

    @property
    def lost(self) -> str:
        """The lost places in the tree, counted from one."""
        return f"{self.kept + 1}…{self.outside}"

    @property
    def text(self) -> str:
        """What an operator reads."""
        if self.unreadable:
            return f"数据库有 {self.size} 个叶；最新的外部检查点无法读取，不能确认没有丢失：{self.unreadable}"
        told = f"数据库有 {self.size} 个叶，外部检查点有 {self.outside} 个，相同的是前 {self.kept} 个。"
        return f"{told}lost: {self.lost}（外部树根 {self.root}）"


@dataclass(frozen=True, slots=True)
class Loss:
    """An accepted loss: what it was, and the signed account of it that belongs outside."""

    standing: Standing
    path: Path
    text: str


def ways_accepted() -> int:
    """How often a loss was accepted: the number of the way the tree grows on."""
    return Entry.objects.filter(fact=LOSS_ACCEPTED).count()


def tree_standing(folder: Path | None = None) -> Standing | None:
    """None when the tree continues the newest head in `folder` (ZX_CHECKPOINT_DIR), or none lies there.

    Writes nothing. A damaged newest file is a standing of its own; damaged older ones are passed over. Raises OSError when
    the folder or that file cannot be read at the moment.
    """
    folder = folder or checkpoint_folder()
    newest = newest_kept(folder) if folder else None
    way = ways_accepted()
    if folder is None or newest is None or newest.way < way:
        return None  # an earlier way was given up, and nothing is witnessed yet of the one the tree grows on
    size = _leaves_here()
    try:
        note = newest.note()
    except Malformed as error:
        return Standing(size, newest.size, size, "", f"{newest.path.name}（{error}）"[:300])
    if newest.way == way and _continues(size, note):
        return None
    older = (kept.readable() for kept in kept_in(folder) if kept.size <= size)
    known = sorted((one for one in older if one), key=_by_size, reverse=True)
    same = next((one.size for one in known if _continues(size, one)), 0)
    longest = known[0].size if known else 0
    kept = size if same == longest and newest.size > size else same
    return Standing(size, note.size, kept, note.root.hex())


def _leaves_here() -> int:
    return TreeHead.objects.filter(pk=1).values_list("size", flat=True).first() or 0


def _by_size(note: Checkpoint) -> int:
    return note.size


def _continues(size: int, note: Checkpoint) -> bool:
    return note.size <= size and span(0, note.size, Tiles(), history_hash()) == note.root


def witnessed() -> str | None:
    """The text of the newest head outside of the way the tree grows on; None when none lies there.

    Raises verifier.Malformed, OSError.
    """
    folder = checkpoint_folder()
    return newest_outside(folder, ways_accepted()) if folder else None


def checkpoint_folder() -> Path | None:
    return Path(settings.CHECKPOINT_DIR) if settings.CHECKPOINT_DIR else None


def standstill() -> Standstill | None:
    """Why nothing is recorded; None in ordinary life. One small question to the database."""
    return Standstill.objects.first()


def standing_note(*, at: datetime, folder: Path | None = None, starting: bool = False) -> Standing | None:
    """Compare, and write down or lift the standstill. A folder in which nothing lies lifts nothing.

    What cannot be read at the moment (OSError) stops writing when we are `starting`, since nobody knows then what the
    database is; later it is raised, and writing goes on: a network folder that is away for an hour closes no office.
    """
    folder = folder or checkpoint_folder()
    try:
        found = tree_standing(folder)
    except OSError as error:
        if not starting:
            raise
        size = _leaves_here()
        found = Standing(size, size, size, "", str(error)[:300])
    if found is not None:
        told = asdict(found)
        Standstill.objects.get_or_create(pk=1, defaults={**told, "since": at})
        Standstill.objects.filter(pk=1).exclude(**told).update(**told)
    elif folder is not None and newest_kept(folder) is not None:
        Standstill.objects.all().delete()
    return found


def loss_accept(*, ground: str, actor: Actor, at: datetime) -> Loss:
    """Let the history go on from what is here; what was witnessed beyond it is given up, for everybody to see.

    Fact proof.loss_accepted with the lost places and the abandoned root. What `loss_lay_down` lays down outside is
    returned: not before the caller's transaction is through. Refuses NotPermitted, LossGroundMissing, NothingLost,
    OutsideUnreadable, KeyExposed. Raises OSError.
    """
    require(actor, ACCEPT_LOSS)
    if not ground.strip():
        raise LossGroundMissing(field="ground")
    folder = checkpoint_folder()
    found = tree_standing(folder)
    if folder is None or found is None:
        raise NothingLost
    if found.unreadable:
        raise OutsideUnreadable(what=found.unreadable)
    with transaction.atomic():
        Standstill.objects.all().delete()
        data = {
            "first": found.kept + 1,
            "last": found.outside,
            "root": found.root,
            "ground": ground.strip(),
        }
        record(fact=LOSS_ACCEPTED, subject=Subject("tree", 1), actor=actor, at=at, data=data)
        newest = newest_kept(folder)
        taken = max(newest.way if newest else 0, newest_loss(folder))
        # A database that is behind the last accepted loss as well must not take up the number of that way again.
        while ways_accepted() <= taken:
            record(fact=LOSS_ACCEPTED, subject=Subject("tree", 1), actor=actor, at=at, data=data)
        way = ways_accepted()
        return Loss(found, folder / f"loss-{way:03}.txt", _loss_text(found, way, ground.strip(), at))


def loss_lay_down(loss: Loss) -> None:
    """Lay the signed account of an accepted loss down outside. Raises OSError, also when a file of its name lies there."""
    loss.path.parent.mkdir(parents=True, exist_ok=True)
    with loss.path.open("x", encoding="utf-8") as file:
        file.write(loss.text)


def _loss_text(found: Standing, way: int, ground: str, at: datetime) -> str:
    key = signing_key()
    root = base64.b64encode(bytes.fromhex(found.root)).decode("ascii")
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = (
        f"{key.public.name} loss {way}",
        f"kept {found.kept}",
        f"lost {found.kept + 1}-{found.outside}",
        f"root {root}",
        f"time {moment}",
        f"ground {' '.join(ground.split())}",
    )
    return signed_text("\n".join(lines) + "\n", key)

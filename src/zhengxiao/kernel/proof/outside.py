"""The folder that somebody else keeps: which signed heads lie there, and laying down another.

After a loss was accepted the tree grows on another way than the one witnessed before. Files of each way carry its number
(`checkpoint-SIZE-WAY.txt`; without a number: the first way), so that two heads of one size never meet in one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from zhengxiao.kernel.proof import verifier
from zhengxiao.kernel.proof.models import Checkpoint

_FILE = re.compile(r"checkpoint-(\d{12,19})(?:-([1-9]\d{0,3}))?\.txt", re.ASCII)
_LOSS = re.compile(r"loss-(\d{3,4})\.txt", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Kept:
    """A checkpoint file outside; the newest is the largest of the last way."""

    way: int
    size: int
    path: Path

    def note(self) -> verifier.Checkpoint:
        """What it says. Raises verifier.Malformed, OSError."""
        return verifier.read_checkpoint(_text(self.path))

    def readable(self) -> verifier.Checkpoint | None:
        """What it says; None when it is damaged."""
        try:
            return self.note()
        except (verifier.Malformed, OSError):
            return None


def kept_in(folder: Path) -> Iterator[Kept]:
    """Every checkpoint file in `folder`, in no order; nothing when it is not there. Raises OSError when it cannot be listed."""
    for name in _names(folder):
        match = _FILE.fullmatch(name)
        if match:
            yield Kept(int(match[2] or 0), int(match[1]), folder / name)


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []


def newest_loss(folder: Path) -> int:
    """The last way that an accepted loss began, as `folder` tells; 0 when none lies there."""
    matches = (_LOSS.fullmatch(name) for name in _names(folder))
    return max((int(match[1]) for match in matches if match), default=0)


def newest_kept(folder: Path) -> Kept | None:
    """The largest head of the last way that lies in `folder`."""
    return max(kept_in(folder), default=None)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise verifier.Malformed("checkpoint", f"不是 UTF-8 文字（第 {error.start} 字节）") from error


def newest_outside(folder: Path, way: int) -> str | None:
    """The text of the newest checkpoint in `folder`; None while nothing is witnessed of `way` or a later one.

    Raises verifier.Malformed when it is no text, OSError.
    """
    found = newest_kept(folder)
    return _text(found.path) if found and found.way >= way else None


def lay_down(checkpoint: Checkpoint, folder: Path, way: int) -> bool:
    """Whole or not at all; what lies there is never replaced. False when another root of this size lies there."""
    tail = f"-{way}" if way else ""
    path = folder / f"checkpoint-{checkpoint.size:012}{tail}.txt"
    if path.exists():
        return verifier.read_checkpoint(_text(path)).root == bytes(checkpoint.root)
    write_whole(path, checkpoint.note)
    return True


def write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).chmod(0o644)
    Path(file.name).rename(path)

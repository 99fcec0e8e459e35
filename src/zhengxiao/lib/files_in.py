"""Files from outside, looked through in a child process before anything else opens them.

Memory, processor time and wall time of the child are limited, its environment is empty, it writes nothing; this
process reads one short line. What is wrong comes back as a code, which the kernel puts into words.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhengxiao.lib.containers import ZipFault

_CHILD = Path(__file__).with_name("files_child.py")
_LONGEST_ANSWER = 4096


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What one file may cost. Bytes are inflated bytes; a line's length is in bytes."""

    max_bytes: int = 100 << 20
    max_ratio: int = 100
    max_entries: int = 2_000
    max_pixels: int = 80_000_000
    max_frames: int = 4
    max_pages: int = 2_000
    max_line: int = 4 << 20
    memory: int = 512 << 20
    cpu_seconds: int = 10
    wall_seconds: int = 20


@dataclass(frozen=True, slots=True)
class Shape:
    """How a kind of file is looked at: the family, and what of that family it has to be."""

    family: str
    part: str = ""


def look_through(path: Path, shape: Shape, limits: FileLimits = FileLimits()) -> Mapping[str, Any]:
    """What the file holds (pages, width and height, entries, lines). Raises ZipFault with a code:

    TooLarge, SuspiciousRatio, TooManyEntries, Overlapping, Encrypted, UnsafeName, Nested, DocumentType, Damaged,
    OtherKind, Active, TooManyPixels, TooManyPages, LineTooLong, TooSlow.
    """
    asked = {
        "path": str(path),
        "family": shape.family,
        "part": shape.part,
        "limits": asdict(limits),
    }
    command = [sys.executable, "-I", str(_CHILD), json.dumps(asked)]
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
    ) as child:
        try:
            answer, _nothing = child.communicate(timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired as slow:
            child.kill()
            raise ZipFault("TooSlow", seconds=limits.wall_seconds) from slow
    try:
        told = json.loads(answer[:_LONGEST_ANSWER])
    except ValueError as silent:
        # Killed by its own limits before it could say a word.
        raise ZipFault("TooSlow", seconds=limits.cpu_seconds) from silent
    if "fault" in told:
        raise ZipFault(told["fault"], **told["params"])
    found: Mapping[str, Any] = told["ok"]
    return found

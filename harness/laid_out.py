"""Installations that are migrated once and then copied: another one takes a fraction of a second instead of many.

What is copied is what `zx migrate` leaves behind in an empty place: a SQLite file, or the data folder of a stopped cluster
whose database `zx` is up to date. Whoever asks first lays it out; others, in other processes too, wait for it.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.cluster import Cluster
from harness.installation import Installation

FILE = "zhengxiao.sqlite3"
ADDRESS = f"sqlite:///{FILE}"


@dataclass(frozen=True)
class LaidOut:
    """The folder in which they are kept; its owner takes it away."""

    folder: Path

    def sqlite(self) -> Path:
        """A SQLite file without rows of ours, up to date."""
        made = self.folder / FILE
        with self._alone("sqlite"):
            if not made.exists():
                with tempfile.TemporaryDirectory(dir=self.folder) as home:
                    Installation(Path(home), ADDRESS).zx("migrate")
                    Path(home, FILE).replace(made)
        return made

    def cluster(self) -> Path:
        """The data folder of a stopped cluster with the same in its database `zx`. Raises NoPostgres."""
        made = self.folder / "cluster"
        with self._alone("postgresql"):
            if not made.exists():
                cluster = Cluster()
                try:
                    cluster.start()
                    Installation(cluster.folder / "home", cluster.create()).zx("migrate")
                    cluster.stop()
                    shutil.move(cluster.data, made)
                finally:
                    cluster.remove()
        return made

    def home(self, home: Path) -> Path:
        """A new ZX_HOME at `home` with the SQLite file in it."""
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.sqlite(), home / FILE)
        return home

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

"""A PostgreSQL of our own that can be killed: the postmaster and all its children, without a word to them."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
    "shared_buffers": "64MB",
    "max_connections": "80",
    # Processes are killed here, not the machine: what the kernel has been given stays. Whatever a process still
    # holds itself must be lost with it, so commits are not acknowledged before they are handed over.
    "fsync": "off",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}


class NoPostgres(Exception):
    """There is no PostgreSQL server on this machine."""


def programs() -> Path:
    """The folder of the newest server programs. Raises NoPostgres."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    if named is None:
        raise NoPostgres
    return Path(named).resolve().parent


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Cluster:
    """One cluster below a temporary folder, owned by an account that is not root; `like` is a stopped one's data folder."""

    def __init__(self, like: Path | None = None, **settings: str) -> None:
        self.programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="zx-cluster-"))
        self.data = self.folder / "data"
        self.settings = {**SETTINGS, **settings}
        self.port = free_port()
        self.server: subprocess.Popen[bytes] | None = None
        self.as_owner = self._owner()
        if "user" in self.as_owner:
            os.chown(self.folder, pwd.getpwnam(self.as_owner["user"]).pw_uid, -1)
        if like is not None:
            subprocess.run(["/bin/cp", "-a", str(like), str(self.data)], check=True)
            return
        self.run("initdb", "-D", str(self.data), "-U", "zx", "--auth=trust", "--encoding=UTF8", "--no-sync",
                 "--locale=C.UTF-8")  # fmt: skip

    @staticmethod
    def _owner() -> dict[str, Any]:
        """How a program is started as an account that PostgreSQL accepts."""
        if os.getuid() != 0:
            return {}
        for name in ("postgres", "nobody"):
            with suppress(KeyError):
                return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
        raise NoPostgres

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": f"{self.programs}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}

    def run(self, tool: str, *words: str) -> str:
        """One of the server's programs to its end."""
        ended = subprocess.run(
            [str(self.programs / tool), *words], env=self.environment, cwd="/", check=False,
            capture_output=True, text=True, **self.as_owner,
        )  # fmt: skip
        if ended.returncode:
            raise RuntimeError(f"{tool}: {ended.stderr[-500:]}")
        return ended.stdout

    def url(self, database: str = "zx") -> str:
        return f"postgresql://zx@127.0.0.1:{self.port}/{database}"

    def start(self, *, wait: float = 60) -> None:
        """Start and wait until it takes connections. After a kill the shared memory may be held for some seconds."""
        until = time.monotonic() + wait
        while time.monotonic() < until:
            words = [f"-c{name}={value}" for name, value in self.settings.items()]
            with (self.folder / "log").open("ab") as log:
                self.server = subprocess.Popen(
                    [str(self.programs / "postgres"), "-D", str(self.data), f"-p{self.port}",
                     "-k", str(self.folder), *words],
                    env=self.environment, cwd="/", stdout=log, stderr=log, start_new_session=True, **self.as_owner,
                )  # fmt: skip
            while self.server.poll() is None and time.monotonic() < until:
                if self.answers():
                    return
                time.sleep(0.05)
            time.sleep(0.2)
        raise RuntimeError((self.folder / "log").read_text(errors="replace")[-1500:])

    def answers(self) -> bool:
        ready = subprocess.run(
            [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False
        )
        return ready.returncode == 0

    def create(self, database: str = "zx", *, like: str = "template1") -> str:
        where = ("-h", str(self.folder), "-p", str(self.port), "-U", "zx")
        self.run("createdb", *where, "--template", like, database)
        return self.url(database)

    def kill(self) -> None:
        """SIGKILL to the postmaster and every process under it, at once."""
        if self.server is None:
            return
        for pid in [self.server.pid, *children(self.server.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait()

    def stop(self) -> None:
        """Stop as an operator does: nothing is written after this."""
        if self.server is None or self.server.poll() is not None:
            return
        self.server.send_signal(signal.SIGINT)
        self.server.wait(timeout=60)

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def children(pid: int) -> list[int]:
    """Process ids below `pid`, all the way down."""
    try:
        tasks = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    direct = [int(word) for word in tasks]
    return [*direct, *(deeper for child in direct for deeper in children(child))]

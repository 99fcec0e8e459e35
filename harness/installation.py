"""One installation below a temporary folder, used from outside: its commands, pages and runners as real processes."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.cluster import children, free_port

ROOT = Path(__file__).resolve().parents[1]
START = "from zhengxiao.config.cli import main; main()"


class Forked:
    """A process that the zygote forked; used like one of our own."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0  # its exit code went to nobody
        return None

    def wait(self, timeout: float = 90) -> int:
        until = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("zx work", timeout)
            time.sleep(0.005)
        return 0

    def terminate(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)


@dataclass
class Process:
    """One started process with what it said on standard error."""

    kind: str
    popen: subprocess.Popen[bytes] | Forked
    log: Path
    pid_file: Path

    @property
    def alive(self) -> bool:
        return self.popen.poll() is None

    @property
    def ready(self) -> bool:
        """Whether the start is over: the process has noted its id."""
        with suppress(OSError, ValueError):
            return int(self.pid_file.read_text(encoding="ascii")) == self.popen.pid
        return False

    def kill(self) -> None:
        """SIGKILL to it and everything below it."""
        for pid in [self.popen.pid, *children(self.popen.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.popen.wait()

    def stop(self, *, wait: float = 90) -> int:
        """SIGTERM, as a service manager does; the exit code."""
        if self.alive:
            self.popen.terminate()
        try:
            return self.popen.wait(timeout=wait)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL


@dataclass
class Installation:
    """A ZX_HOME and a database."""

    home: Path
    database: str
    more: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    started: int = 0
    processes: list[Process] = field(default_factory=list)
    zygote: subprocess.Popen[str] | None = None

    @property
    def vendor(self) -> str:
        return "sqlite" if self.database.startswith("sqlite") else "postgresql"

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZX_", "DJANGO_"))}
        own = {
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "ZX_HOME": str(self.home),
            "ZX_DATABASE_URL": self.database,
            "ZX_API_RATE": "10000",
            "ZX_SECOND_FACTOR_ROLES": "",  # machine clients of the harness act for people without a telephone
            "DJANGO_SETTINGS_MODULE": "zhengxiao.config.settings.prod",
        }
        return {**kept, **own, **self.more}

    def python(self, *words: str, given: str = "", code: int | None = 0) -> str:
        """A module of the harness with this installation's settings, to its end."""
        ended = subprocess.run(
            [sys.executable, *words], env=self.environment, cwd=ROOT, input=given, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        if code is not None and ended.returncode != code:
            raise RuntimeError(f"{words} ended with {ended.returncode}: {ended.stderr[-3000:]}")
        return ended.stdout

    def zx(self, *words: str, code: int | None = 0) -> Any:
        """A command with --json; its document."""
        said = self.python("-c", START, *words, "--json", code=code)
        return json.loads(said) if said.strip() else None

    def start(self, kind: str, *words: str) -> Process:
        """`zx KIND …` with a pid file and a log of its own."""
        self.started += 1
        name = self.home / f"{kind}-{self.started}"
        command = [sys.executable, "-c", START, kind, "--pid-file", f"{name}.pid", *words]
        with Path(f"{name}.log").open("wb") as log:
            popen = subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        made = Process(kind, popen, Path(f"{name}.log"), Path(f"{name}.pid"))
        self.processes.append(made)
        return made

    def serve(self, *, workers: int = 2, threads: int = 4) -> Process:
        words = ("--port", str(self.port), "--workers", str(workers), "--threads", str(threads))
        return self.start("serve", *words)

    def work(self) -> Process:
        return self.start("work")

    def work_again(self) -> Process:
        """`zx work` out of the zygote, which has loaded everything already."""
        if self.zygote is None:
            self.zygote = subprocess.Popen(
                [sys.executable, "-m", "harness.zygote"], env=self.environment, cwd=ROOT, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        assert self.zygote.stdin is not None
        assert self.zygote.stdout is not None
        self.started += 1
        name = self.home / f"work-{self.started}"
        self.zygote.stdin.write(f"{name}.pid\t{name}.log\n")
        self.zygote.stdin.flush()
        pid = int(self.zygote.stdout.readline())
        made = Process("work", Forked(pid), Path(f"{name}.log"), Path(f"{name}.pid"))
        self.processes.append(made)
        return made

    def answers(self, port: int = 0) -> bool:
        """Whether the pages answer at all, on this port or ours."""
        asked = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=2)
        try:
            asked.request("GET", "/healthz")
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()

    def wait_until_it_answers(self, port: int = 0, seconds: float = 90) -> None:
        """Until the pages answer on this port, ours by default."""
        until = time.monotonic() + seconds
        while not self.answers(port):
            if time.monotonic() > until:
                raise RuntimeError("the pages do not answer: " + self.said()[-3000:])
            time.sleep(0.1)

    def said(self) -> str:
        """Everything the processes wrote."""
        return "".join(process.log.read_text(errors="replace") for process in self.processes)

    def kill_all(self) -> None:
        if self.zygote is not None:
            self.zygote.kill()
            self.zygote.wait()
            for pipe in (self.zygote.stdin, self.zygote.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):
                        pipe.close()
        for process in self.processes:
            if process.alive:
                process.kill()

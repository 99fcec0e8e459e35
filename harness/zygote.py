"""Runners without the wait: a process that has loaded the platform already forks `zx work` as often as it is asked.

Starting Python and loading the platform takes seconds of one core, the work between two kills a fraction of one. The forked
process runs the very command; only what it would have imported is there before. Run as a module; one line per request on
standard input (pid file, tab, log file), one line with the process id per answer.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command  # noqa: F401
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor  # noqa: F401

    import zhengxiao.config.wsgi  # noqa: F401 - loads the addresses and everything behind them
    from zhengxiao.config.cli import main as zx
    from zhengxiao.config.cli import running  # noqa: F401

    connections.close_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid_file, log = line.rstrip("\n").split("\t")
        pid = os.fork()
        if pid == 0:
            _become(log)
            zx(["work", "--pid-file", pid_file])
        print(pid, flush=True)


def _become(log: str) -> None:
    """A process on its own: session, standard streams, and a child's usual signals."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    descriptor = os.open(Path(log), os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for number in (1, 2):
        os.dup2(descriptor, number)


if __name__ == "__main__":
    main()

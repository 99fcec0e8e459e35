"""HAProxy in front of processes of ours, as `deploy/haproxy.cfg` has it, on free ports and without a certificate."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from harness.cluster import free_port

SAMPLE = Path(__file__).resolve().parents[1] / "deploy" / "haproxy.cfg"
NOT_HERE = re.compile(
    r"^ +(log /dev/log|user |group |bind :443|http-request redirect scheme).*\n", re.MULTILINE
)
"""Lines that need a certificate, an account or a log of the machine."""
SERVER = re.compile(r"^    server \d+ 127\.0\.0\.1:\d+(.*)\n", re.MULTILINE)


class NoProxy(Exception):
    """There is no HAProxy on this machine."""


def program() -> str:
    """The path of HAProxy. Raises NoProxy."""
    found = shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if found is None:
        raise NoProxy
    return found


@contextmanager
def proxy(processes: Sequence[int], *, figures: int = 0, patience: int = 1, lead: int = 100) -> Iterator[int]:
    """The port on which HAProxy answers while it stands in front of the processes on these ports.

    `figures` is the port on which it tells its own figures, by default nowhere; `patience` the longest wait in its line, in
    seconds; `lead` by how many milliseconds people signed in count as earlier and visitors as later.
    """
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="zx-proxy-") as folder:
        config = Path(folder, "haproxy.cfg")
        words = fitted(SAMPLE.read_text(encoding="utf-8"), port, processes)
        words = words.replace("timeout queue 1s", f"timeout queue {patience}s")
        words = re.sub(r"(priority-offset int\(-?)100", rf"\g<1>{lead}", words)
        if figures:
            words += f"\nfrontend figures\n    bind 127.0.0.1:{figures}\n    stats enable\n    stats uri /\n"
        config.write_text(words, encoding="utf-8")
        subprocess.run([program(), "-c", "-q", "-f", str(config)], check=True)
        running = subprocess.Popen([program(), "-q", "-f", str(config)], stderr=subprocess.DEVNULL)
        try:
            _until_it_answers(port)
            yield port
        finally:
            running.kill()
            running.wait()


def fitted(sample: str, port: int, processes: Sequence[int]) -> str:
    """The sample for these ports. Each line of a server comes once for each process; the rest stays as it is."""

    def servers(section: str) -> str:
        lines = list(SERVER.finditer(section))
        if not lines:
            return section
        after = lines[0][1].replace(" track processes/8001", " track processes/{0}")
        made = "".join(f"    server {each} 127.0.0.1:{each}{after.format(each)}\n" for each in processes)
        return section[: lines[0].start()] + made + section[lines[-1].end() :]

    here = NOT_HERE.sub("", sample).replace("bind :80\n", f"bind 127.0.0.1:{port}\n")
    here = here.replace("queue(processes) ge 2", f"queue(processes) ge {len(processes)}")
    here = here.replace("hdr Host hall.example.cn", "hdr Host 127.0.0.1")
    return re.sub(r"^backend .*?(?=^\S|\Z)", lambda found: servers(found[0]), here, flags=re.M | re.S)


def _until_it_answers(port: int, wait: float = 90) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)

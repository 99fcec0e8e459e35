"""`zx demo` as a person starts it: a process of its own, in a folder of its own, on a port of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from harness.laid_out import LaidOut

pytestmark = pytest.mark.long

COMMAND = [sys.executable, "-c", "from zhengxiao.config.cli import main; main()"]
PATIENCE = 60


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZX_", "DJANGO_"))}
    return {**kept, "ZX_HOME": str(home)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def page(address: str, server: subprocess.Popen[str]) -> str:
    """The page, as soon as somebody answers."""
    for _ in range(PATIENCE * 5):
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                return str(answer.read().decode())
        except urllib.error.URLError:
            time.sleep(0.2)
    pytest.fail("nobody answered")


def serve_once(home: Path, *words: str) -> tuple[dict[str, object], str]:
    """Start the demo, read the sign-in page, end it as Ctrl-C does; what it said and the page."""
    port = free_port()
    words = ("demo", "--size", "40", "--port", str(port), "--json", *words)
    server = subprocess.Popen(
        [*COMMAND, *words],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        shown = page(f"http://127.0.0.1:{port}/sign-in/", server)
        server.send_signal(signal.SIGINT)
        said, _ = server.communicate(timeout=30)
    finally:
        server.kill()
        server.wait()
    assert server.returncode == 0
    return json.loads(said), shown


def database_tag(home: Path) -> str:
    return str(json.loads((home / "demo.json").read_text(encoding="utf-8"))["at"])


def test_the_demo_is_made_served_found_again_and_made_anew(tmp_path: Path) -> None:
    said, shown = serve_once(tmp_path)
    assert said["cases"] >= 40
    assert "sample-city" in shown
    made = database_tag(tmp_path)
    serve_once(tmp_path)
    assert database_tag(tmp_path) == made
    serve_once(tmp_path, "--reset")
    assert database_tag(tmp_path) != made
    # No runner stayed behind: the database can be taken away and nothing writes it again.
    assert not list(tmp_path.glob("*.sqlite3-wal"))


def test_a_database_that_is_no_demo_is_neither_used_nor_cleared(
    tmp_path: Path, installations: LaidOut
) -> None:
    installations.home(tmp_path)
    made = subprocess.run(
        [*COMMAND, "user", "create", "real", "--name", "真实用户", "--password", "not-a-sample-7"],
        env=environment(tmp_path),
        capture_output=True,
        check=True,
    )
    assert made.returncode == 0
    for words in (["demo", "--reset"], ["demo"]):
        refused = subprocess.run(
            [*COMMAND, *words, "--port", str(free_port())],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert refused.returncode == 2, refused.stderr
    listed = subprocess.run(
        [*COMMAND, "user", "list", "--json"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert [row["username"] for row in json.loads(listed.stdout)] == ["real"]


def test_an_occupied_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = subprocess.run(
            [*COMMAND, "demo", "--port", str(port)],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    assert refused.returncode == 2
    assert str(port) in refused.stderr
    assert not list(tmp_path.glob("*.sqlite3"))

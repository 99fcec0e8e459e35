"""`zx demo` and `zx seed`: the sample city, served at once or written into an empty database."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from zhengxiao.config.cli.output import (
    COULD_NOT,
    compare_with_outside,
    database_command,
    django_command,
    emit,
)

SEED = 20260101
MARK = "demo.json"
"""Says in ZX_HOME that the database there is a demo, and whether its making was finished."""
LAST_WORDS = 10


@click.command("seed")
@click.option(
    "--size", default="M", show_default=True, help="S 2,000, M 20,000, L 200,000, XL 1,000,000, or a number."
)
@click.option(
    "--seed", "number", default=SEED, show_default=True, type=int, help="Equal numbers give equal cities."
)
@click.option("--at", help="The moment the city stands at; now by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def seed_command(size: str, number: int, at: str | None, as_json: bool) -> None:
    """Write the sample city into an empty database. Its people can sign in only where ZX_DEMO is set."""
    from django.conf import settings

    from zhengxiao.config.cli.running import moment_of
    from zhengxiao.config.cli.server import open_migrations
    from zhengxiao.surfaces.sample.api import city_seed

    if open_migrations():
        click.echo("the database lacks migrations; run: zx migrate", err=True)
        sys.exit(COULD_NOT)
    made = city_seed(
        size=size, seed=number, with_password=settings.DEMO, at=moment_of(at), progress=progress_bar()
    )
    text = f"示例城市：{made.items} 个事项，{made.cases} 件办件，{made.accounts} 个账号；在办 {made.running}"
    if not settings.DEMO:
        text += "\n未设 ZX_DEMO：示例账号没有密码，不能登录。"
    emit(made.as_json(), as_json=as_json, text=text)


@click.command("demo")
@click.option("--reset", is_flag=True, help="Make the sample city anew.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--size", default="M", show_default=True, help="As for zx seed, on the first start.")
@click.option("--seed", "number", default=SEED, show_default=True, type=int)
@click.option(
    "--json", "as_json", is_flag=True, help="Say what was prepared as one JSON line before serving."
)
def demo_command(reset: bool, host: str, port: int, size: str, number: int, as_json: bool) -> None:
    """The sample city with pages and runner, in ZX_HOME (var/demo by default). Ctrl-C ends both."""
    os.environ["ZX_DEMO"] = "1"
    os.environ.setdefault("ZX_HOME", "var/demo")
    _demo(reset=reset, host=host, port=port, size=size, number=number, as_json=as_json)


@django_command
def _demo(*, reset: bool, host: str, port: int, size: str, number: int, as_json: bool) -> None:
    from django.conf import settings

    from zhengxiao.config.cli.server import collect_static, run_server

    home: Path = settings.HOME
    home.mkdir(parents=True, exist_ok=True)
    _require_free(host, port)
    if reset or _state(home) == "making":
        _clear(home)
    made = _prepare(home, size, number)
    compare_with_outside()
    collect_static()
    address = f"http://{host}:{port}"
    emit({"address": address, "home": home, **made}, as_json=as_json, text=_welcome(address, made))
    sys.stdout.flush()
    runner = _start_runner()
    try:
        run_server(host=host, port=port, workers=1, threads=4, quiet=True)
    finally:
        _end(runner)


def _require_free(host: str, port: int) -> None:
    """An occupied port is told before anything is made."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            click.echo(f"端口 {port} 已被占用，请用 zx demo --port 换一个。", err=True)
            sys.exit(COULD_NOT)


def _state(home: Path) -> str:
    """`making`, `ready`, or empty when nobody made a demo here."""
    path = home / MARK
    if not path.exists():
        return ""
    return str(json.loads(path.read_text(encoding="utf-8")).get("state", ""))


def _clear(home: Path) -> None:
    """Take a demo's SQLite file away. Nothing that is not marked as a demo is ever touched."""
    from django.db import connection

    name = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not name.is_relative_to(home):
        click.echo("zx demo --reset 只清除 ZX_HOME 里的 SQLite 文件；请自行换一个空的数据库。", err=True)
        sys.exit(COULD_NOT)
    if name.exists() and not _state(home):
        click.echo(f"{home} 里的数据库不是演示数据，没有清除。", err=True)
        sys.exit(COULD_NOT)
    connection.close()
    for ending in ("", "-wal", "-shm"):
        name.with_name(name.name + ending).unlink(missing_ok=True)
    (home / MARK).unlink(missing_ok=True)


def _prepare(home: Path, size: str, number: int) -> dict[str, Any]:
    """Bring the database up to date and make the city when there is none."""
    from zhengxiao.config.cli.server import migrate
    from zhengxiao.surfaces.sample.api import DatabaseNotEmpty, city_seed, is_empty

    migrate()
    mark = home / MARK
    if _state(home) == "ready":
        kept: dict[str, Any] = json.loads(mark.read_text(encoding="utf-8"))
        return kept
    if not is_empty():
        raise DatabaseNotEmpty
    mark.write_text(json.dumps({"state": "making"}), encoding="utf-8")
    made = city_seed(
        size=size, seed=number, with_password=True, at=datetime.now(UTC), progress=progress_bar()
    )
    result = {"state": "ready", **made.as_json(), "at": made.at.isoformat()}
    mark.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    return result


def progress_bar() -> Callable[[str, int, int], None]:
    """A bar on standard error for people; nothing when nobody watches."""
    shown = {"what": ""}

    def show(what: str, done: int, of: int) -> None:
        if not sys.stderr.isatty():
            if what != shown["what"]:
                shown["what"] = what
                click.echo(f"示例城市：{what}……", err=True)
            return
        if what != shown["what"] and shown["what"]:
            click.echo("", err=True)
        shown["what"] = what
        filled = 30 * done // of if of > 1 else 30
        count = f"{done:,} / {of:,}" if of > 1 else ""
        click.echo(f"\r{what} {'█' * filled}{'░' * (30 - filled)} {count}", err=True, nl=False)
        if of > 1 and done >= of:
            click.echo("", err=True)
            shown["what"] = ""

    return show


def _welcome(address: str, made: dict[str, Any]) -> str:
    from zhengxiao.surfaces.sample.api import ACCOUNTS, PASSWORD

    lines = [f"政效演示：{address}", f"示例账号（密码都是 {PASSWORD}）："]
    lines += [f"  {a.username:<11} {a.name}  {a.label}，{a.place}" for a in ACCOUNTS]
    lines.append(
        f"{made['items']} 个事项，{made['cases']} 件办件，截至 {made['at'][:10]}。Ctrl-C 结束；zx demo --reset 重做。"
    )
    return "\n".join(lines)


def _start_runner() -> subprocess.Popen[bytes]:
    """`zx work` as a child that ends with us."""
    start = "from zhengxiao.config.cli import main; main()"
    command = [sys.executable, "-c", start, "work", "--with-parent", str(os.getpid())]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - fixed arguments


def _end(runner: subprocess.Popen[bytes]) -> None:
    """Ask the runner to end after its current piece; insist when it does not."""
    with suppress(ProcessLookupError):
        runner.send_signal(signal.SIGTERM)
    try:
        runner.wait(timeout=LAST_WORDS)
    except subprocess.TimeoutExpired:
        runner.kill()
        runner.wait()

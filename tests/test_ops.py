"""`ops.json` tells machines how to run the platform; everything in it is held against the platform itself."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse

from tests.meta.source import python_files
from zhengxiao.config.cli import main
from zhengxiao.surfaces.sample.api import ACCOUNTS, PASSWORD

ROOT = Path(__file__).resolve().parents[1]
READERS = {"text", "flag", "integer", "day", "words", "choice", "networks"}


@cache
def ops() -> Any:
    return json.loads((ROOT / "ops.json").read_text(encoding="utf-8"))


def settings_read() -> dict[str, Any]:
    """Name → default of every environment setting, as the source reads them; None where it is computed."""
    found: dict[str, Any] = {}
    for path in python_files("config"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
                continue
            name = node.args[0]
            if node.func.attr not in READERS or not isinstance(name, ast.Constant):
                continue
            if not str(name.value).startswith("ZX_"):
                continue
            default = node.args[1] if len(node.args) > 1 else ast.Constant("")
            found[name.value] = default.value if isinstance(default, ast.Constant) else None
    return found


def test_every_setting_is_named_with_its_default() -> None:
    read, told = settings_read(), ops()["environment"]
    assert len(read) > 10
    assert set(told) == set(read)
    computed = {name for name, default in read.items() if default is None}
    assert computed == {"ZX_LOG_FORMAT", "ZX_SCREENS", "ZX_SECOND_FACTOR_ROLES", "ZX_SESSIONS_AT_ONCE"}
    assert {name: one["default"] for name, one in told.items() if name not in computed} == {
        name: default for name, default in read.items() if name not in computed
    }
    assert all(one["meaning"] for one in told.values())


def test_every_setting_stands_in_the_manual() -> None:
    manual = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert [name for name in ops()["environment"] if f"| `{name}` |" not in manual] == []


@pytest.mark.parametrize("name", sorted(ops()["urls"]))
def test_every_address_leads_where_it_says(name: str) -> None:
    told = ops()["urls"][name]
    assert reverse(told["route"]) == told["path"]
    assert resolve(told["path"]).view_name == told["route"]


def test_the_demo_accounts_are_those_of_the_sample_city() -> None:
    there = [{"username": a.username, "password": PASSWORD, "role": a.role.value} for a in ACCOUNTS]
    assert ops()["demo_accounts"] == there


@pytest.mark.django_db
def test_the_sign_in_form_has_the_fields_named() -> None:
    told = ops()["sign_in"]
    answer = Client().get(ops()["urls"]["sign_in"]["path"])
    for field in (*told["fields"], told["csrf_field"]):
        assert f'name="{field}"' in answer.content.decode()
    assert told["csrf_cookie"] in answer.cookies
    assert told["session_cookie"] == settings.SESSION_COOKIE_NAME


def commands() -> list[str]:
    found = [ops()["prepare"], ops()["demo"]["start"], *ops()["commands"].values()]
    return [*found, *(one["start"] for one in ops()["processes"].values())]


@pytest.mark.parametrize("command", commands())
def test_every_command_and_option_exists(command: str) -> None:
    words = command.split()
    words = words[words.index("zx") + 1 :]
    help_text = CliRunner().invoke(main, [words[0], "--help"])
    assert help_text.exit_code == 0
    assert [word for word in words if word.startswith("--") and word not in help_text.output] == []


@pytest.mark.parametrize("name", ["web", "worker"])
def test_each_process_is_the_one_of_its_unit(name: str) -> None:
    told = ops()["processes"][name]
    unit = (ROOT / "deploy" / told["unit"]).read_text(encoding="utf-8")
    [line] = re.findall(r"^ExecStart=\S+/(zx .*)$", unit, re.M)
    assert line == told["start"].format(pid_file=told["pid_file"])
    assert told["unit"] in told["systemd_start"]
    assert told["unit"] in told["systemd_stop"]
    assert told["pid_file"].startswith(f"/run/{re.findall(r'^RuntimeDirectory=(.*)$', unit, re.M)[0]}/")


def test_behind_haproxy_there_is_a_process_for_each_port_of_the_sample() -> None:
    told = ops()["processes"]["web_behind_haproxy"]
    unit = (ROOT / "deploy" / told["unit"]).read_text(encoding="utf-8")
    [line] = re.findall(r"^ExecStart=\S+/(zx .*)$", unit, re.M)
    assert line == told["start"].format(pid_file=told["pid_file"].format(port="%i"), port="%i")
    assert re.findall(r"^RuntimeDirectory=(.*)$", unit, re.M) == ["zhengxiao-web-%i"]
    sample = (ROOT / "deploy" / "haproxy.cfg").read_text(encoding="utf-8")
    for section in ("processes", "free"):
        part = sample.split(f"\nbackend {section}\n")[1].split("\nbackend ")[0]
        assert re.findall(r"server (\d+) 127\.0\.0\.1:\1", part) == [str(port) for port in told["port"]]
    assert sample.count(f"{{ queue(processes) ge {len(told['port'])} }}") == len(("machines", "visitors"))
    for port in told["port"]:
        assert f"zhengxiao-web@{port}.service" in told["systemd_start"]
        assert f"zhengxiao-web@{port}.service" in told["systemd_stop"]


def test_the_proxy_sample_keeps_query_strings_out_of_the_log_and_figures_inside() -> None:
    sample = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    [logged] = re.findall(r"log_format zhengxiao '(.*)'", sample)
    assert not {"$request", "$request_uri", "$args", "$uri", "$http_referer"} & set(logged.split())
    assert f"server 127.0.0.1:{ops()['processes']['web']['port']}" in sample.replace(
        "proxy_pass http://", "server "
    )
    for name in ("metrics", "ready"):
        assert re.search(rf"location = {ops()['urls'][name]['path']} \{{\s+return 404;", sample)
    assert f"location = {ops()['urls']['sign_in']['path']}" in sample

"""The `zx` command. Each topic is a module here; a command is loaded only when it is called, so `zx due` starts fast.

Exit codes: 0 done, 1 done with a finding (rejected rows, a red check), 2 could not.
"""

from __future__ import annotations

import os
from importlib import import_module

import click

COMMANDS = {
    # command: module below this package that defines it under the same name (dashes become underscores)
    "serve": "server",
    "work": "running",
    "sweep": "running",
    "demo": "sample",
    "seed": "sample",
    "calendar": "calendars",
    "due": "calendars",
    "elapsed": "calendars",
    "import": "feeds",
    "lights": "figures",
    "metrics": "figures",
    "facts": "reference",
    "check": "reference",
    "rules": "rulebook",
    "detection": "detecting",
    "check-publicity": "publicity",
    "user": "accounts",
    "token": "tokens",
    "files": "uploads",
    "keys": "keys",
    "webhooks": "webhooks",
    "backup": "backups",
    "restore": "restoring",
    "archive": "archiving",
    "archive-key": "archiving",
    "migrate": "server",
    "checkpoint": "proofs",
    "verify": "proofs",
    "export-proof": "proofs",
    "accept-loss": "losses",
    "erase": "erasures",
}


class LazyCommands(click.Group):
    """A group whose commands are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"zhengxiao.config.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command


@click.group(cls=LazyCommands)
@click.version_option(package_name="zhengxiao", prog_name="zx")
def main() -> None:
    """政效: clocks, records and figures of government service."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengxiao.config.settings.prod")

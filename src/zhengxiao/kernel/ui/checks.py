"""System checks of the interface, run by `zx check` and by Django at start."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning
from django.urls import NoReverseMatch, reverse

from zhengxiao.kernel.ui.navigation import nav_entries


def navigation_addresses_exist(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A navigation entry whose address is not in the URL map would silently not be shown."""
    missing: list[CheckMessage] = []
    for entry in nav_entries():
        try:
            reverse(entry.url_name)
        except NoReverseMatch:
            text = (
                f"Navigation entry {entry.label!s} points at {entry.url_name!r}, which is not in the URL map."
            )
            missing.append(Warning(text, id="ui.W001"))
    return missing

"""What every page needs around its content: navigation, search, who is signed in, demo flag."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property

from zhengxiao import __version__
from zhengxiao.kernel.ui.navigation import NavGroup, SearchTarget, nav_for, search_target
from zhengxiao.kernel.ui.words import ROLE_LABELS
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.personal_numbers import covered


class Shell:
    """Computed only when a template asks, so fragments pay nothing for the navigation."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.demo: bool = bool(getattr(settings, "DEMO", False))
        self.version = __version__

    @cached_property
    def actor(self) -> Actor | None:
        actor: Actor | None = getattr(self.request, "actor", None)
        return actor if actor is not None and actor.user_id is not None else None

    @cached_property
    def moment(self) -> datetime | None:
        return getattr(self.request, "moment", None)

    @cached_property
    def roles(self) -> list[str]:
        return [str(ROLE_LABELS[role]) for role in ROLE_LABELS if self.actor and role in self.actor.roles]

    @cached_property
    def groups(self) -> list[NavGroup]:
        if self.actor is None or self.moment is None:
            return []
        return nav_for(self.actor, path=self.request.path, at=self.moment)

    @cached_property
    def waiting(self) -> int:
        """All counts together: the number on the menu button of a phone."""
        return sum(line.count or 0 for group in self.groups for line in group.lines)

    @cached_property
    def search(self) -> tuple[SearchTarget, str] | None:
        return search_target(self.actor) if self.actor is not None else None

    @cached_property
    def here(self) -> str:
        """Where a language switch comes back to; a number of a person that somebody put there is not repeated."""
        return covered(self.request.get_full_path())


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}

"""Sample accounts on the sign-in page of the demo; who they are is told by the sample city."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings

from zhengxiao.lib.registry import Registry


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One sample account: what it is for, in words, and how to sign in with it."""

    username: str
    password: str
    name: str
    role: str
    place: str = ""


_providers: Registry[Callable[[], Iterable[DemoAccount]]] = Registry("demo account provider")


def register_demo_accounts(provider: Callable[[], Iterable[DemoAccount]]) -> None:
    """Declare where the sample accounts come from; asked on every sign-in page, in the demo only."""
    _providers.add("demo", provider)


def demo_accounts() -> list[DemoAccount]:
    """The sample accounts, or nothing outside the demo."""
    if not settings.DEMO:
        return []
    return [account for provider in _providers.values() for account in provider()]

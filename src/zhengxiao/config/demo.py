"""Wiring of the demo: the sign-in page asks the sample city for its accounts; neither surface knows the other."""

from __future__ import annotations

from collections.abc import Iterable

from zhengxiao.kernel.identity.api import User
from zhengxiao.surfaces.portal.api import DemoAccount, register_demo_accounts
from zhengxiao.surfaces.sample.api import ACCOUNTS, PASSWORD


def sample_accounts() -> Iterable[DemoAccount]:
    """The sample accounts that are there, in the order of the roles; labels in the language of the request."""
    names = [account.username for account in ACCOUNTS]
    there = set(User.objects.filter(username__in=names, is_active=True).values_list("username", flat=True))
    return [
        DemoAccount(account.username, PASSWORD, account.name, str(account.label), str(account.place))
        for account in ACCOUNTS
        if account.username in there
    ]


def wire() -> None:
    """Called once when the web process of a demo starts."""
    register_demo_accounts(sample_accounts)

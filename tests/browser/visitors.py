"""Who opens the pages: the people of the sample city, somebody unknown, and the holder of a receipt."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.browser.conftest import CITY_AT
from tests.browser.helpers import OpenPage
from zhengxiao.backbone.cases.api import Case, code_issue
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.identity.api import User

NOBODY, HOLDER = "", "the holder of a receipt"


def client_of(who: str) -> Client:
    """A visitor who is signed in, or has opened the own case by its code."""
    client = Client()
    if who == HOLDER:
        clerk = actor_for(User.objects.get_by_natural_key("clerk"), at=CITY_AT)
        case = Case.objects.visible_to(clerk, "cases.receive").order_by("pk").last()
        assert case is not None
        code = code_issue(case=case, actor=clerk, at=CITY_AT)
        client.post(reverse("citizen:query"), {"number": case.number, "code": code})
    elif who != NOBODY:
        client.force_login(User.objects.get_by_natural_key(who))
    return client


def hand_over(client: Client, page: OpenPage, server: str) -> None:
    """The browser goes on with the session of the visitor."""
    name = settings.SESSION_COOKIE_NAME
    if name in client.cookies:
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server}])

"""Pages that anybody may open: sound in both sizes, to every reader, without anything from elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.browser.conftest import OpenPage
from tests.browser.helpers import axe_violations, overflow, screenshot
from tests.meta.routes import policy_of, routes

pytestmark = pytest.mark.django_db


def public_addresses() -> list[str]:
    """Addresses of public routes without parameters that answer a plain visit with a page."""
    found = [address for address, entry in routes() if policy_of(entry.callback) == "public"]
    return sorted(address for address in found if "<" not in address and is_page(address))


def is_page(address: str) -> bool:
    answer = Client().get(address, follow=True)
    return answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", "")


def test_public_pages_are_sound(any_size: OpenPage) -> None:
    looked_at = []
    for address in public_addresses():
        answer = any_size.open(address)
        assert answer is not None, address
        assert answer.status == 200, address
        assert axe_violations(any_size) == [], address
        assert overflow(any_size) == 0, address
        screenshot(any_size, "public" + address.rstrip("/").replace("/", "-"))
        looked_at.append(address)
    assert looked_at

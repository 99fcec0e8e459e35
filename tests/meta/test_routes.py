"""Every page states who may open it, and keeps strangers out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# Views of the framework that change nothing but the visitor's own language cookie or serve the asset folder.
FRAMEWORK_VIEWS = {"django.views.i18n.set_language", "django.views.i18n.JavaScriptCatalog"}
SAMPLES = {"int": "1", "slug": "x", "str": "x", "path": "x", "uuid": "00000000-0000-4000-8000-000000000000"}


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "/"
) -> Iterator[tuple[str, URLPattern]]:
    """(address with placeholders filled, pattern) of every route."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + _filled(entry)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, address)
        else:
            yield address, entry


def _filled(entry: URLPattern | URLResolver) -> str:
    text = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for spelled in (f"<{kind}:{name}>", f"<{name}>"):
            text = text.replace(spelled, SAMPLES.get(kind, "1"))
        if f":{name}>" in text:
            start = text.rindex("<", 0, text.index(f":{name}>"))
            text = text[:start] + "1" + text[text.index(f":{name}>") + len(name) + 2 :]
    return text


def view_name(view: Callable[..., Any]) -> str:
    target = getattr(view, "view_class", view)
    return f"{target.__module__}.{target.__qualname__}"


def policy_of(view: Callable[..., Any]) -> str | None:
    """The action a view needs, "public", or None when nothing was stated."""
    for target in (view, getattr(view, "view_class", None)):
        if getattr(target, "access_action", None):
            return str(target.access_action)  # type: ignore[union-attr]
        if getattr(target, "access_public", False):
            return "public"
    return None


def test_the_walk_finds_routes() -> None:
    assert list(routes())


def test_every_route_has_a_policy() -> None:
    bare = [a for a, entry in routes() if policy_of(entry.callback) is None]
    allowed = [a for a, entry in routes() if view_name(entry.callback) in FRAMEWORK_VIEWS]
    assert sorted(set(bare) - set(allowed)) == []


def test_every_policy_names_a_declared_action() -> None:
    from zhengxiao.kernel.access import api as access

    known = {row.action for row in access.policy_matrix()}
    wanted = {policy_of(entry.callback) for _address, entry in routes()} - {None, "public"}
    assert sorted(str(action) for action in wanted if action not in known) == []


@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_sign_in_page() -> None:
    sign_in = resolve_url(settings.LOGIN_URL)
    opened = []
    for address, entry in routes():
        if policy_of(entry.callback) in {None, "public"}:
            continue
        for send in (Client().get, Client().post):
            response = send(address)
            if response.status_code == 405:
                continue
            if response.status_code != 302 or not response.headers["Location"].startswith(sign_in):
                opened.append(f"{address}: {response.status_code}")
    assert opened == []


def test_a_view_without_a_policy_is_seen() -> None:
    def bare(request: object) -> None: ...

    def open_to_all(request: object) -> None: ...

    open_to_all.access_public = True  # type: ignore[attr-defined]
    assert policy_of(bare) is None
    assert policy_of(open_to_all) == "public"

"""The walk over the URL map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

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
        if getattr(target, "access_public", False):
            return "public"
        if getattr(target, "access_action", None):
            return str(target.access_action)  # type: ignore[union-attr]
    return None

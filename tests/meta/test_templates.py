"""Templates and assets keep the strict content policy: nothing inline, nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.meta.source import SOURCE, name_of, template_files

COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.S)
RULES = {
    "a script written into the page": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json)[^>]*>"
    ),
    "a style sheet written into the page": re.compile(r"<style\b"),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "an event handler attribute": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']"),
    "htmx code in an attribute": re.compile(r"\shx-on[:\-]|\shx-vals\s*=\s*[\"']?js:"),
    "a javascript address": re.compile(r"javascript:", re.I),
    "an address outside": re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]{2,}", re.I),
}
ASSET_ADDRESS = re.compile(
    r"(?:url\(\s*|@import\s+|import\s+[^;]*?from\s+|fetch\(\s*|src\s*=\s*)[\"']?https?://", re.I
)


def faults_of(text: str) -> list[str]:
    """What the content policy of the pages forbids in a template."""
    bare = COMMENT.sub("", text)
    return [
        f"{rule}: {match.group(0)[:60]}"
        for rule, pattern in RULES.items()
        for match in pattern.finditer(bare)
    ]


def assets() -> list[Path]:
    found = (path for suffix in ("*.js", "*.css") for path in SOURCE.rglob(suffix))
    return sorted(path for path in found if "static" in path.parts)


def test_templates_hold_nothing_inline_and_nothing_from_outside() -> None:
    assert [
        f"{name_of(path)}: {fault}" for path in template_files() for fault in faults_of(path.read_text())
    ] == []


def test_assets_load_nothing_from_outside() -> None:
    assert [
        name_of(path) for path in assets() if ASSET_ADDRESS.search(path.read_text(encoding="utf-8"))
    ] == []


def test_every_template_compiles() -> None:
    engine = engines["django"]
    for path in template_files():
        parts = path.parts
        name = "/".join(parts[len(parts) - parts[::-1].index("templates") :])
        engine.get_template(name)


@pytest.mark.parametrize(
    "text",
    [
        "<script>go()</script>",
        "<style>p{}</style>",
        '<p class="x" style="color:red">',
        '<a onclick="go()">',
        '<form hx-on:submit="go()">',
        '<a href="javascript:go()">',
        '<script src="https://cdn.example.com/x.js"></script>',
        '<link href="//cdn.example.com/x.css">',
    ],
)
def test_each_rule_sees_a_planted_fault(text: str) -> None:
    assert faults_of(text)


def test_plain_markup_has_no_fault() -> None:
    assert (
        faults_of(
            '<script src="{% static "ui/x.js" %}" defer></script><svg xmlns="http://www.w3.org/2000/svg">'
        )
        == []
    )

"""Every fact has a text, every figure a source, every transition a test row, every label an English word."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from types import ModuleType
from typing import Any

import polib
import pytest
from django.utils import translation

from tests.meta.source import SOURCE, modules_named
from zhengxiao.lib.actors import SYSTEM

CATALOGUE = SOURCE / "config" / "locale" / "en" / "LC_MESSAGES" / "django.po"
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
CHINESE = re.compile(r"[㐀-鿿]")


@cache
def english() -> dict[str, str]:
    """Chinese text → English text of the catalogue."""
    if not CATALOGUE.exists():
        return {}
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE)) if entry.translated()}


def chinese(text: Any) -> str:
    with translation.override("zh-hans"):
        return str(text)


def untranslated(texts: dict[str, Any]) -> list[str]:
    """Where → text for the texts that are Chinese and have no English."""
    found = ((where, chinese(text)) for where, text in texts.items())
    return sorted(
        f"{where}: {text}" for where, text in found if CHINESE.search(text) and text not in english()
    )


def facts() -> list[Any]:
    from zhengxiao.kernel.timeline import api

    return api.facts.values()


def metrics() -> list[Any]:
    from zhengxiao.kernel.metrics import api

    return list(api.metrics_declared())


def test_behind_every_figure_stand_rows_of_its_own_kind() -> None:
    """A population without rows of its own would be opened as cases that happen to have the same keys."""
    from zhengxiao.kernel.metrics.api import population_named
    from zhengxiao.kernel.ui.api import behind_of

    known = {metric.population: population_named(metric.population).model for metric in metrics()}
    assert known
    for name, model in known.items():
        behind = behind_of(name)
        assert (behind is None) == (model._meta.label == "cases.Case"), name
        assert behind is None or behind.rows(SYSTEM, NOW).model is model, name


def workflows() -> list[Any]:
    from zhengxiao.kernel.workflow import api

    return list(api.workflows.values())


def declared(module: ModuleType, kind: type) -> list[Any]:
    """Instances of `kind` at the top of a module, also inside tuples and lists."""
    found: dict[int, Any] = {}
    for value in vars(module).values():
        for item in value if isinstance(value, tuple | list) else [value]:
            if isinstance(item, kind):
                found[id(item)] = item
    return list(found.values())


def ledgers() -> list[Any]:
    from zhengxiao.kernel.ui.api import Ledger

    return [ledger for module in modules_named("ledger") for ledger in declared(module, Ledger)]


def test_every_fact_has_a_label_and_a_text() -> None:
    assert facts()
    assert [
        fact.name for fact in facts() if not chinese(fact.label).strip() or not chinese(fact.text).strip()
    ] == []


def test_every_fact_is_named_in_the_past_by_its_app() -> None:
    assert [fact.name for fact in facts() if not re.fullmatch(r"[a-z]+\.[a-z_]+", fact.name)] == []


def test_every_fact_speaks_english() -> None:
    texts = {f"{fact.name} label": fact.label for fact in facts()}
    assert untranslated(texts | {f"{fact.name} text": fact.text for fact in facts()}) == []


def test_every_subscriber_listens_to_a_declared_fact() -> None:
    from zhengxiao.kernel.timeline import api

    assert api.unknown_subscriptions() == []


def test_every_metric_has_a_source_a_unit_and_an_english_label() -> None:
    assert metrics()
    assert [
        metric.name for metric in metrics() if not str(metric.source).strip() or not str(metric.unit).strip()
    ] == []
    assert untranslated({metric.name: metric.label for metric in metrics()}) == []


def test_the_five_first_figures_are_declared() -> None:
    wanted = {"accepted", "finished", "on_time_rate", "overdue_rate", "statutory_speedup"}
    assert {f"cases.{name}" for name in wanted} <= {metric.name for metric in metrics()}


def rows_of(module: ModuleType) -> set[str]:
    """Names of the transitions in a test module's TRANSITION_ROWS: strings, or the texts in a row."""
    names: set[str] = set()
    for row in getattr(module, "TRANSITION_ROWS", ()):
        if isinstance(row, str):
            names.add(row)
        elif is_dataclass(row):
            names |= {str(getattr(row, f.name)) for f in fields(row) if f.name in {"transition", "name"}}
        else:
            names |= {
                str(getattr(part, "name", part))
                for part in row
                if isinstance(getattr(part, "name", part), str)
            }
    return names


def named_apart(module: ModuleType) -> set[str]:
    """Transitions of TRANSITION_TESTS (transition → name of the test that is about it) whose test exists."""
    named: dict[str, str] = getattr(module, "TRANSITION_TESTS", {})
    return {transition for transition, test in named.items() if callable(getattr(module, test, None))}


def test_every_transition_has_a_row_or_a_test_in_its_app() -> None:
    from zhengxiao.kernel.workflow.api import Workflow

    modules = {module.__name__.split(".tests.")[0]: module for module in modules_named("tests.test_workflow")}
    tested = {name: rows_of(module) | named_apart(module) for name, module in modules.items()}
    untested, found = [], []
    for module in modules_named("workflow"):
        for workflow in declared(module, Workflow):
            found.append(workflow.name)
            rows = tested.get(module.__name__.removesuffix(".workflow"), set())
            untested += [f"{workflow.name}: {t.name}" for t in workflow.transitions if t.name not in rows]
    assert untested == []
    assert sorted(found) == sorted(workflow.name for workflow in workflows())


def test_every_state_and_transition_has_an_english_label() -> None:
    texts = {f"{flow.name}.{state.value}": state.label for flow in workflows() for state in flow.states}
    texts |= {f"{flow.name}.{move.name}": move.label for flow in workflows() for move in flow.transitions}
    assert untranslated(texts) == []


def test_every_transition_records_a_declared_fact() -> None:
    names = {fact.name for fact in facts()}
    moves = [(flow.name, move) for flow in workflows() for move in flow.transitions]
    assert [f"{flow}.{move.name}: {move.fact}" for flow, move in moves if move.fact not in names] == []


def test_every_ledger_speaks_english() -> None:
    texts: dict[str, Any] = {}
    for ledger in ledgers():
        texts[f"{ledger.name} title"] = ledger.title
        texts |= {f"{ledger.name}.{column.key}": column.label for column in ledger.columns}
        texts |= {f"{ledger.name}?{item.key}": item.label for item in ledger.filters}
    assert texts
    assert untranslated(texts) == []


def test_every_action_has_an_english_label() -> None:
    from zhengxiao.kernel.access import api as access

    texts = {row.action: row.label for row in access.policy_matrix()}
    assert texts
    assert untranslated(texts) == []


@pytest.mark.parametrize("text", ["还没有译文的一段话"])
def test_a_text_without_english_is_seen(text: str) -> None:
    assert untranslated({"planted": text}) == [f"planted: {text}"]


NOT_OF_RECORD = {"webhooks.WebhookTarget": "where events go is configuration; every change of it is a fact"}


def test_every_model_that_a_workflow_moves_is_of_record() -> None:
    from zhengxiao.kernel.timeline.api import records

    moved = {workflow.model()._meta.label for workflow in workflows() if hasattr(workflow.model(), "_meta")}
    assert moved - set(records) - set(NOT_OF_RECORD) == set()


def test_a_column_added_to_a_record_later_counts_as_its_default_in_older_leaves() -> None:
    """A migration fills such a column in old rows; leaves from before know nothing of it and take it for blank."""
    from django.db.migrations import AddField
    from django.db.migrations.loader import MigrationLoader

    from zhengxiao.kernel.timeline.api import records, shape_of

    of_record = {record.model._meta.label_lower: record for record in records.values()}
    unsaid = []
    for migration in MigrationLoader(None).disk_migrations.values():
        for step in migration.operations:
            if not isinstance(step, AddField):
                continue
            record = of_record.get(f"{migration.app_label}.{step.model_name_lower}")
            if record is None or not step.field.has_default() or step.name in record.absent:
                continue
            blank = shape_of(record.model).blanks.get(step.name)
            if step.field.get_default() != blank:
                unsaid.append(f"{record.name}.{step.name}")
    assert unsaid == []

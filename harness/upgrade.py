"""From the first migration of every app to the newest, with rows in between, killed on the way. Run as a module; prints JSON.

Every app is brought to its first migration; each table gets rows through the models of that time. Then the upgrade begins
in a process of its own and dies at a random word to the database, again and again, each time going on where the one before
died. In the end every row must be there with the values it had in the columns that are still there, references must hold, and
the triggers that guard the history must stand.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from harness.crash_points import attempt

WHEN = datetime(2026, 3, 4, 2, tzinfo=UTC)
OURS = "zhengxiao."


def main() -> None:
    deaths, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    import django

    django.setup()
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    labels = {config.label for config in apps.get_app_configs() if config.name.startswith(OURS)}
    loader = MigrationExecutor(connection).loader
    first = [min(node for node in loader.disk_migrations if node[0] == label)
             for label in sorted(labels & loader.migrated_apps)]  # fmt: skip
    for node in first:
        executor = MigrationExecutor(connection)
        if node not in executor.loader.applied_migrations:
            executor.migrate([node])
    # What was pulled along by dependencies counts too: rows go into the state that is there now.
    executor = MigrationExecutor(connection)
    old = executor.loader.project_state(list(executor.loader.applied_migrations)).apps
    findings: list[str] = []
    rows = filled(old, labels - {"proof"})  # rows of the tree come from entries alone
    before = {name: values(name) for name in rows}
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    died = killed(deaths, random.Random(seed))
    upgrade(0)
    for name, kept in before.items():
        findings += changed(name, kept)
    findings += broken_references()
    print(json.dumps([{
        "name": "upgrade", "seed": seed, "apps": len(first), "migrations": waiting, "tables": len(rows),
        "rows": sum(rows.values()), "deaths": died, "triggers": triggers(), "findings": findings,
    }], ensure_ascii=False))  # fmt: skip


def upgrade(place: int) -> None:
    from zhengxiao.config.cli.migrating import apply_all

    apply_all()


def killed(deaths: int, chance: random.Random) -> int:
    """Start the upgrade and let it die, so many times or until it came through; how often it died."""
    died = 0
    for _ in range(deaths):
        was_killed, _where, _points = attempt(upgrade, 0, chance.randrange(2, 60))
        died += was_killed
        if not was_killed:
            break
    return died


def filled(old: Any, labels: set[str]) -> Counter[str]:
    """Two rows in each table that takes them, parents before children; how many there are by table."""
    from django.db import DatabaseError, transaction

    made: Counter[str] = Counter()
    there: dict[Any, Any] = {}
    models = [model for model in old.get_models() if model._meta.app_label in labels]
    for _round in range(4):
        for model in models:
            if model in there:
                continue
            for number in range(2):
                try:
                    with transaction.atomic():
                        row = model(**{f.name: filler(f, there, number) for f in model._meta.concrete_fields
                                       if not f.auto_created})  # fmt: skip
                        row.save(force_insert=True)
                except (DatabaseError, LookupError, ValueError, TypeError):
                    continue
                there.setdefault(model, row)
                made[model._meta.db_table] += 1
    return made


def filler(field: Any, there: dict[Any, Any], number: int) -> Any:
    """A value that the field takes; LookupError while the row it must refer to is not there."""
    if field.is_relation:
        if field.related_model in there:
            return there[field.related_model] if not field.unique else None
        if field.null:
            return None
        raise LookupError
    if field.null and not field.primary_key:
        return None
    kind = field.get_internal_type()
    if field.choices and not field.unique:
        return field.choices[0][0]
    simple = {
        "DateTimeField": WHEN, "DateField": date(2026, 3, 4), "TimeField": time(9), "BooleanField": False,
        "JSONField": {}, "DecimalField": Decimal(1), "FloatField": 1.0, "BinaryField": bytes([number] * 32),
    }  # fmt: skip
    if kind in simple:
        return simple[kind]
    if "Integer" in kind:
        return number + 1
    return f"{number}{field.name}"[: field.max_length or 20]


def values(table: str) -> list[dict[str, Any]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, map(str, row), strict=True)) for row in cursor.fetchall()]


def changed(table: str, kept: list[dict[str, Any]]) -> list[str]:
    """Rows that are gone, or hold something else in a column that is still there."""
    from django.db import connection

    if table not in connection.introspection.table_names():
        return []  # an upgrade may take a table away; that no row is lost is then its own affair
    now = values(table)
    found = []
    first = next(iter(kept[0]))
    by_key = {row.get(first): row for row in now}
    for row in kept:
        new = by_key.get(row[first])
        if new is None:
            found.append(f"{table} {row[first]} is gone")
            continue
        other = {
            name: (value, new[name]) for name, value in row.items() if name in new and new[name] != value
        }
        if other:
            found.append(f"{table} {row[first]}: {other}")
    return found


def broken_references() -> list[str]:
    from django.db import IntegrityError, connection

    try:
        connection.check_constraints()
    except IntegrityError as error:
        return [str(error)]
    return []


def triggers() -> list[str]:
    """What the database itself does; a table that is built anew loses it unless it is given back."""
    from django.db import connection

    query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    if connection.vendor == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(row[0] for row in cursor.fetchall())


if __name__ == "__main__":
    main()

"""Policy tables and what they give: pure values and decisions.

A table says which role may do which action on which part of the rows. Nothing is refused by a row: what no
row gives is not allowed. Several rows and several grants add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zhengxiao.lib.actors import Actor, Grant, Role


class Scope(StrEnum):
    """Which rows a role reaches, measured from the unit where the role is held."""

    ALL = "all"
    REGION = "region"
    DEPARTMENT = "department"
    UNIT = "unit"
    OWN = "own"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a policy table. `Scope.NONE` states for the reader that a role is left out on purpose."""

    action: str
    role: Role
    scope: Scope


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """The actions of one app with their Chinese labels, and the rows that give them.

    `open_actions` may be done by anybody, signed in or not; on rows they reach what `ScopeFields.public`
    marks. Raises RuntimeError at once for a repeated row, an unknown role or scope, a row without label, an
    action without row, and NONE beside another scope for the same role.
    """

    app: str
    labels: Mapping[str, Any]
    rows: tuple[Row, ...]
    open_actions: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        seen: set[Row] = set()
        for row in self.rows:
            if not isinstance(row.role, Role) or not isinstance(row.scope, Scope):
                raise RuntimeError(f"{self.app}: unknown role or scope in {row}")
            if row.action not in self.labels:
                raise RuntimeError(f"{self.app}: {row.action!r} has no label")
            if row in seen:
                raise RuntimeError(f"{self.app}: {row} is stated twice")
            seen.add(row)
        for row in seen:
            if row.scope is not Scope.NONE and Row(row.action, row.role, Scope.NONE) in seen:
                raise RuntimeError(f"{self.app}: {row.action!r} is both given to and kept from {row.role}")
        named = {row.action for row in self.rows} | self.open_actions
        if named != set(self.labels):
            raise RuntimeError(f"{self.app}: labels and rows disagree on {sorted(named ^ set(self.labels))}")


@dataclass(frozen=True, slots=True)
class ScopeFields:
    """Where a model keeps what scopes compare: lookup paths such as `region_id` or `unit__region_id`.

    None where the model has no such field. `person` may name several columns (handler and applicant);
    `public` names a true/false column that opens a row to the table's open actions.
    """

    region: str | None = "region_id"
    department: str | None = "department_id"
    unit: str | None = "unit_id"
    person: str | tuple[str, ...] | None = "handler_id"
    public: str | None = None

    @property
    def persons(self) -> tuple[str, ...]:
        if self.person is None:
            return ()
        return (self.person,) if isinstance(self.person, str) else self.person


@dataclass(frozen=True, slots=True)
class Reach:
    """All that an actor reaches by one action: everything, or the union of the ids."""

    everything: bool = False
    region_ids: frozenset[int] = frozenset()
    department_ids: frozenset[int] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    person_ids: frozenset[int] = frozenset()
    public: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One cell of the access matrix: what a role reaches by an action. `scopes` is (NONE,) when nothing."""

    app: str
    action: str
    label: Any
    role: Role
    scopes: tuple[Scope, ...]


@dataclass
class PolicyBook:
    """All tables together. Filled while apps start; the first question closes it."""

    _tables: dict[str, PolicyTable] = field(default_factory=dict)
    _scopes: dict[str, dict[Role, frozenset[Scope]]] = field(default_factory=dict)
    _closed: bool = False

    def register(self, table: PolicyTable) -> None:
        """Raises RuntimeError for a second table of an app, an action of another table, and after the first
        question.
        """
        if self._closed:
            raise RuntimeError(f"policy table of {table.app!r} came after the first question")
        if table.app in self._tables:
            raise RuntimeError(f"policy table of {table.app!r} is registered twice")
        for action in table.labels:
            if action in self._scopes:
                raise RuntimeError(f"action {action!r} is in two policy tables")
        self._tables[table.app] = table
        for action in table.labels:
            given: dict[Role, set[Scope]] = {}
            for row in table.rows:
                if row.action == action and row.scope is not Scope.NONE:
                    given.setdefault(row.role, set()).add(row.scope)
            self._scopes[action] = {role: frozenset(scopes) for role, scopes in given.items()}

    def scopes(self, action: str) -> Mapping[Role, frozenset[Scope]]:
        """Role → scopes of an action. Raises RuntimeError for an action no table knows."""
        self._closed = True
        try:
            return self._scopes[action]
        except KeyError:
            raise RuntimeError(f"no policy table knows the action {action!r}") from None

    def label(self, action: str) -> Any:
        self.scopes(action)
        return next(table.labels[action] for table in self._tables.values() if action in table.labels)

    def is_open(self, action: str) -> bool:
        self.scopes(action)
        return any(action in table.open_actions for table in self._tables.values())

    def actions(self) -> tuple[str, ...]:
        self._closed = True
        return tuple(sorted(self._scopes))

    def matrix(self) -> tuple[MatrixRow, ...]:
        """Every action × every role, in the order of apps, actions and roles."""
        self._closed = True
        return tuple(
            MatrixRow(
                table.app,
                action,
                label,
                role,
                tuple(sorted(self._scopes[action].get(role, ()))) or (Scope.NONE,),
            )
            for table in sorted(self._tables.values(), key=lambda each: each.app)
            for action, label in table.labels.items()
            for role in Role
        )


def given(book: PolicyBook, actor: Actor, action: str) -> tuple[tuple[Grant, Scope], ...]:
    """The grants of the actor that carry the action, each with a scope it gives."""
    scopes = book.scopes(action)
    return tuple((grant, scope) for grant in actor.grants for scope in sorted(scopes.get(grant.role, ())))


def is_allowed(book: PolicyBook, actor: Actor, action: str) -> bool:
    """Whether the actor may do the action on anything at all."""
    return bool(given(book, actor, action)) or actor.is_system or book.is_open(action)


def reach(book: PolicyBook, actor: Actor, action: str) -> Reach:
    """Add up what all grants of the actor reach by the action."""
    pairs = given(book, actor, action)
    if actor.is_system or any(scope is Scope.ALL for _grant, scope in pairs):
        return Reach(everything=True)
    by_scope: dict[Scope, list[Grant]] = {}
    for grant, scope in pairs:
        by_scope.setdefault(scope, []).append(grant)
    return Reach(
        region_ids=_union(grant.region_ids for grant in by_scope.get(Scope.REGION, [])),
        department_ids=_union(grant.department_ids for grant in by_scope.get(Scope.DEPARTMENT, [])),
        unit_ids=_union(grant.unit_ids for grant in by_scope.get(Scope.UNIT, [])),
        person_ids=_persons(actor, by_scope.get(Scope.OWN, [])),
        public=book.is_open(action),
    )


def _union(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*sets)


def _persons(actor: Actor, grants: list[Grant]) -> frozenset[int]:
    """One's own rows, and those of the person one acts for: a delegate takes over the holder's desk."""
    people = {grant.delegated_by for grant in grants} | ({actor.user_id} if grants else set())
    return frozenset(person for person in people if person is not None)


def field_tests(found: Reach, fields: ScopeFields, action: str) -> tuple[tuple[str, frozenset[Any]], ...]:
    """(lookup path, allowed values) pairs; a row is reached when one pair holds.

    Raises RuntimeError when the action reaches rows by a field the model has not.
    """
    tests: list[tuple[str, frozenset[Any]]] = []
    for kind, ids, paths in (
        ("region", found.region_ids, (fields.region,)),
        ("department", found.department_ids, (fields.department,)),
        ("unit", found.unit_ids, (fields.unit,)),
        ("person", found.person_ids, fields.persons or (None,)),
    ):
        for path in paths if ids else ():
            if path is None:
                raise RuntimeError(f"{action!r} reaches rows by {kind}, and the model names no {kind} field")
            tests.append((path, ids))
    if found.public and fields.public is not None:
        tests.append((fields.public, frozenset({True})))
    return tuple(tests)


SHORT_LIST = 200
"""Up to so many ids are written out in a statement; more are told as runs, when there are not too many runs."""


def runs(ids: Iterable[int]) -> list[tuple[int, int]]:
    """The same ids as runs (first, last), both included: {1, 2, 3, 7} is (1, 3), (7, 7)."""
    found: list[tuple[int, int]] = []
    for number in sorted(ids):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def value_at(row: Any, path: str) -> Any:
    """Follow a lookup path (`unit__region_id`) through attributes; None where the chain breaks off."""
    for name in path.split("__"):
        if row is None:
            return None
        row = getattr(row, name)
    return row


def reaches(found: Reach, row: Any, fields: ScopeFields, action: str) -> bool:
    """Whether one loaded row is among those reached: the same tests as the database filter."""
    if found.everything:
        return True
    return any(value_at(row, path) in values for path, values in field_tests(found, fields, action))

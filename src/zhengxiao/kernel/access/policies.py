"""The one book of policy tables, and the questions asked of it."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from zhengxiao.kernel.access import rules
from zhengxiao.kernel.access.rules import MatrixRow, PolicyBook, PolicyTable, ScopeFields
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted

M = TypeVar("M", bound=models.Model)

POLICIES = PolicyBook()


def register(table: PolicyTable) -> None:
    """Add an app's table, from its `apps.ready()`. Raises RuntimeError for clashes and after start-up."""
    POLICIES.register(table)


def allows(actor: Actor, action: str, *, policies: PolicyBook = POLICIES) -> bool:
    """Whether the actor may do the action on anything at all. Raises RuntimeError for an unknown action."""
    return rules.is_allowed(policies, actor, action)


def require(actor: Actor, action: str, *, policies: PolicyBook = POLICIES) -> None:
    """Raise NotPermitted unless `allows`."""
    if not allows(actor, action, policies=policies):
        raise NotPermitted(action=policies.label(action))


def scope_q(actor: Actor, action: str, fields: ScopeFields, *, policies: PolicyBook = POLICIES) -> Q:
    """The filter that leaves exactly the rows the actor reaches by the action, or none at all."""
    found = rules.reach(policies, actor, action)
    if found.everything:
        return ~Q(pk__in=[])  # true for every row, also when a caller joins it to another filter by OR
    tests = rules.field_tests(found, fields, action)
    if not tests:
        return Q(pk__in=[])
    conditions = [_holds(path, values) for path, values in tests]
    return Q(*conditions, _connector=Q.OR)


def _holds(path: str, values: frozenset[Any]) -> Q:
    """`path` is one of `values`. Sorted, so that the same actor always sends the same statement.

    A province has 30,000 regions below it; written out they cost 0.1 s per statement, as runs of ids nothing.
    """
    if values == {True}:
        return Q(**{path: True})
    if len(values) > rules.SHORT_LIST:
        runs = rules.runs(values)
        if len(runs) <= rules.SHORT_LIST:
            parts = [Q(**{f"{path}__gte": first, f"{path}__lte": last}) for first, last in runs]
            return Q(*parts, _connector=Q.OR)
    return Q(**{f"{path}__in": sorted(values)})


def can(actor: Actor, action: str, obj: Any, fields: ScopeFields, *, policies: PolicyBook = POLICIES) -> bool:
    """The rule of `scope_q` for one loaded row, without asking the database (for buttons and guards)."""
    return rules.reaches(rules.reach(policies, actor, action), obj, fields, action)


def policy_matrix() -> tuple[MatrixRow, ...]:
    """Every registered action × every role with its scopes; for documents and tests."""
    return POLICIES.matrix()


class ScopedQuerySet(models.QuerySet[M]):
    """Base of every queryset whose rows are not for everybody. A subclass sets the two attributes."""

    scope_fields: ScopeFields
    view_action: str

    def visible_to(self, actor: Actor, action: str | None = None) -> Self:
        """Only the rows the actor reaches by the action (`view_action` unless told otherwise)."""
        return self.filter(scope_q(actor, action or self.view_action, self.scope_fields))

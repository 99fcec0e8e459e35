"""The face of access: actors, policy tables, scoped querysets, guarded pages."""

from __future__ import annotations

from zhengxiao.kernel.access.pages import page, to_page_and_back
from zhengxiao.kernel.access.policies import (
    ScopedQuerySet,
    allows,
    can,
    policy_matrix,
    register,
    require,
    scope_q,
)
from zhengxiao.kernel.access.queries import VISITOR, actor_for, explain
from zhengxiao.kernel.access.rules import MatrixRow, PolicyBook, PolicyTable, Row, Scope, ScopeFields

__all__ = [
    "VISITOR",
    "MatrixRow",
    "PolicyBook",
    "PolicyTable",
    "Row",
    "Scope",
    "ScopeFields",
    "ScopedQuerySet",
    "actor_for",
    "allows",
    "can",
    "explain",
    "page",
    "policy_matrix",
    "register",
    "require",
    "scope_q",
    "to_page_and_back",
]

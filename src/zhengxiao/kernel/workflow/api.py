"""The face of workflow: what other packages may import."""

from __future__ import annotations

from zhengxiao.kernel.workflow.declarations import (
    Effect,
    Field,
    FieldKind,
    Group,
    Guard,
    MoveContext,
    Setter,
    State,
    Transition,
    Workflow,
    close_workflows,
    register,
    workflows,
)
from zhengxiao.kernel.workflow.diagram import diagram, document
from zhengxiao.kernel.workflow.refusals import FieldMalformed, MoveNotLawful, NeedsField, UnknownInput
from zhengxiao.kernel.workflow.services import Move, clean, lawful_moves, move

__all__ = [
    "Effect",
    "Field",
    "FieldKind",
    "FieldMalformed",
    "Group",
    "Guard",
    "Move",
    "MoveContext",
    "MoveNotLawful",
    "NeedsField",
    "Setter",
    "State",
    "Transition",
    "UnknownInput",
    "Workflow",
    "clean",
    "close_workflows",
    "diagram",
    "document",
    "lawful_moves",
    "move",
    "register",
    "workflows",
]

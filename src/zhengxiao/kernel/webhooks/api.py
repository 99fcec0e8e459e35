"""The face of webhooks: what other packages may import."""

from __future__ import annotations

from zhengxiao.kernel.webhooks.dispatch import dispatch, due_messages, send_due
from zhengxiao.kernel.webhooks.facts import KIND
from zhengxiao.kernel.webhooks.ledger import MESSAGES, TARGETS, fact_label
from zhengxiao.kernel.webhooks.listening import heard_many
from zhengxiao.kernel.webhooks.models import Message, MessageState, TargetState, WebhookTarget
from zhengxiao.kernel.webhooks.queries import Backlog, backlog, messages_for, targets_for
from zhengxiao.kernel.webhooks.resources import FIELDS, proposed
from zhengxiao.kernel.webhooks.services import (
    TargetUnknown,
    messages_resend,
    secret_rotate,
    target_disable,
    target_move,
    target_propose,
)
from zhengxiao.kernel.webhooks.sources import Source, offered_facts, register_source
from zhengxiao.kernel.webhooks.words import OUTCOMES
from zhengxiao.kernel.webhooks.workflow import WORKFLOW

__all__ = [
    "FIELDS",
    "KIND",
    "MESSAGES",
    "OUTCOMES",
    "TARGETS",
    "WORKFLOW",
    "Backlog",
    "Message",
    "MessageState",
    "Source",
    "TargetState",
    "TargetUnknown",
    "WebhookTarget",
    "backlog",
    "dispatch",
    "due_messages",
    "fact_label",
    "heard_many",
    "messages_for",
    "messages_resend",
    "offered_facts",
    "proposed",
    "register_source",
    "secret_rotate",
    "send_due",
    "target_disable",
    "target_move",
    "target_propose",
    "targets_for",
]

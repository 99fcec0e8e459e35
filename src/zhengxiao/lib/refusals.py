"""Named refusals: what is wrong, where, and what to do, in words for the person at the screen.

A refusal is raised by a rule or a verb, never returned. Its class is its name; `template` is the Chinese text (the
message id of the English catalogue) and `params` fill it. Surfaces translate; nothing below them does.
"""

from __future__ import annotations

from typing import Any


def gettext_noop(message: str) -> str:
    """Mark `message` for the English catalogue without translating it (no Django below the kernel)."""
    return message


class Refusal(Exception):
    """The common base. Subclasses set `template`; `field` names the input at fault, if one is."""

    template = gettext_noop("操作被拒绝。")

    def __init__(self, *, field: str | None = None, **params: Any) -> None:
        self.field = field
        self.params = params
        super().__init__(self.text)

    @property
    def code(self) -> str:
        """A stable name for machines, for example `LimitExceedsStatutory`."""
        return type(self).__name__

    @property
    def text(self) -> str:
        return self.template.format(**self.params)


class NotPermitted(Refusal):
    """The actor's posts do not allow the action. Pages answer 404 where existence is secret, else 403."""

    template = gettext_noop("您的岗位没有“{action}”的权限。请联系本部门负责人。")


class StaleState(Refusal):
    """Somebody else was faster: the conditional update matched no row. Nothing was written."""

    template = gettext_noop("该记录刚被他人更新，本次操作没有写入。请刷新后再试。")


class ReadOnly(Refusal):
    """The database is older than what was witnessed outside: nothing is recorded until somebody says what shall count (503)."""

    template = gettext_noop(
        "系统只读：数据库比外部检查点旧，可能恢复了较早的备份。没有写入任何内容，请联系系统管理员。"
    )

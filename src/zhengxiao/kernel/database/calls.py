"""What one call from outside may take for granted: it is undone as a whole, and what holds at its start holds to its end."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import transaction

T = TypeVar("T")

_UNDONE_WHOLE: ContextVar[bool] = ContextVar("undone_whole", default=False)
_HELD: ContextVar[dict[Hashable, Any] | None] = ContextVar("held", default=None)


@contextmanager
def undone_as_a_whole() -> Iterator[None]:
    """A transaction around a call that is rolled back whenever anything in it is refused.

    Verbs that begin with `joined()` set no savepoint then: nobody would go back to it.
    """
    token = _UNDONE_WHOLE.set(True)
    try:
        with transaction.atomic():
            yield
    finally:
        _UNDONE_WHOLE.reset(token)


def is_undone_as_a_whole() -> bool:
    """Whether we are inside such a call."""
    return _UNDONE_WHOLE.get()


def joined() -> AbstractContextManager[None]:
    """A verb's own transaction, or its part of its caller's: what it wrote is gone when it is refused.

    Outside `undone_as_a_whole` the caller may go on after a refusal; inside it the whole call is lost.
    """
    return transaction.atomic(savepoint=not _UNDONE_WHOLE.get())


@contextmanager
def holding() -> Iterator[None]:
    """Inside, a question asked by `held` is asked once. Only around work that does not change what it asks for."""
    if _HELD.get() is not None:
        yield
        return
    token = _HELD.set({})
    try:
        yield
    finally:
        _HELD.reset(token)


def held(key: Hashable, ask: Callable[[], T]) -> T:
    """The answer to a question about reference data: asked anew at each use, or once inside `holding`."""
    known = _HELD.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    answer: T = known[key]
    return answer

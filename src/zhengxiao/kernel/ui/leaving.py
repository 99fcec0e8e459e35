"""What is about to leave as a file, and the one door it leaves by.

This package knows no approvals: a package above registers the gate that lets a file out, counts it, or asks for a second
person first. Without a gate nothing leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from zhengxiao.lib.registry import Registry

ASK, FETCH = "ask", "fetch"
"""What a POST to the address of a file may mean (`act`): ask a second person, fetch what was approved."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A file that somebody asks for. `name`: the ledger's, or that of another kind of file; `form`: "xlsx", "csv",
    "print" or another ending; `rows`: how many records it will hold; `conditions` and `columns`: in words.

    `personal`: which columns tell data of natural persons in full, in words; empty when all of it is masked.
    """

    name: str
    title: str
    form: str
    rows: int
    conditions: str = ""
    columns: str = ""
    personal: str = ""


Gate = Callable[[HttpRequest, Leaving, Callable[[], HttpResponse]], HttpResponse]
"""(request, what is to leave, how the file is made) → the file, or what stands in its way."""

_gates: Registry[Gate] = Registry("gate of files")


def register_gate(gate: Gate) -> None:
    """The one gate; called from `apps.ready()`. A second one is refused."""
    _gates.add("gate", gate)


def let_out(request: HttpRequest, leaving: Leaving, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Every file of records goes through here: views hand over how it is made, and the gate decides whether.

    The view has scoped the rows to the actor, for GET and for POST alike. Raises KeyError without a gate.
    """
    return _gates["gate"](request, leaving, make)


def asks_at_the_gate(request: HttpRequest) -> bool:
    """Whether a POST to a page is one of the gate's own."""
    return request.method == "POST" and request.POST.get("act") in {ASK, FETCH}

"""What everybody may see and do in supervision, written by hand from the requirement (C2, D3; separation of duty).

The unit knows, explains and contests its own cards; supervision of the region decides, but never about the own unit and never
on a card it issued itself. The leader may rule besides. A window clerk sees cards about the own matters only; of these
cards nobody is the person concerned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.access.matrix import _ADMINS, _HEADS, _SUPERVISION, Cells, doors, table

SEE_CARDS = table("""
    approver|department_head             + + 0 0 0
    supervisor                           + + + 0 0
    leader                               + + + + 0
    auditor                              + + + + +
    head-housing|two-posts               0 0 + 0 0
    supervisor-b                         0 0 0 + 0
    system_client|window_clerk|clerk-beside|clerk-housing|clerk-b  0 0 0 0 0
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")

EXPORT_CARDS = table("""
    department_head                      + + 0 0 0
    supervisor                           + + + 0 0
    auditor                              + + + + +
    head-housing|two-posts               0 0 + 0 0
    supervisor-b                         0 0 0 + 0
    approver|leader|system_client        x x x x x
    window_clerk|clerk-beside|clerk-housing|clerk-b  x x x x x
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")

SUPERVISORS_WORK = table("""
    supervisor                           + + + 0 0
    supervisor-b                         0 0 0 + 0
    approver|department_head             x x 0 0 0
    leader                               x x x x 0
    auditor                              x x x x x
    head-housing|two-posts               0 0 x 0 0
    system_client|window_clerk|clerk-beside|clerk-housing|clerk-b  0 0 0 0 0
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""Confirming cards, checking and escalating orders."""

RULE_ON_CARDS = table("""
    supervisor                           + + + 0 0
    supervisor-b                         0 0 0 + 0
    leader                               + + + + 0
    approver|department_head             x x 0 0 0
    auditor                              x x x x x
    head-housing|two-posts               0 0 x 0 0
    system_client|window_clerk|clerk-beside|clerk-housing|clerk-b  0 0 0 0 0
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")

UNITS_WORK = table("""
    approver|department_head             + + 0 0 0
    head-housing|two-posts               0 0 + 0 0
    supervisor                           x x x 0 0
    supervisor-b                         0 0 0 x 0
    leader                               x x x x 0
    auditor                              x x x x x
    system_client|window_clerk|clerk-beside|clerk-housing|clerk-b  0 0 0 0 0
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""Explaining a card, signing for an order, reporting on it."""

HEADS_APPEAL = table("""
    department_head                      + + 0 0 0
    head-housing|two-posts               0 0 + 0 0
    approver                             x x 0 0 0
    supervisor                           x x x 0 0
    supervisor-b                         0 0 0 x 0
    leader                               x x x x 0
    auditor                              x x x x x
    system_client|window_clerk|clerk-beside|clerk-housing|clerk-b  0 0 0 0 0
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")


@dataclass(frozen=True)
class Step:
    """A move of a card or order: from which state, by whom, with what."""

    name: str
    state: str
    who: Cells
    data: Mapping[str, str] = field(default_factory=dict)


RULING, REASON = {"ruling": "示例裁定"}, {"reason": "示例理由"}
CARD_STEPS = (
    Step("confirm", "pending", SUPERVISORS_WORK),
    Step("drop", "pending", SUPERVISORS_WORK, REASON),
    Step("explain", "issued", UNITS_WORK, {"explanation": "示例说明"}),
    Step("appeal", "issued", HEADS_APPEAL, {"appeal": "示例申诉"}),
    Step("lift", "appealed", RULE_ON_CARDS, RULING),
    Step("uphold", "appealed", RULE_ON_CARDS, RULING),
    Step("lift_unasked", "issued", RULE_ON_CARDS, RULING),
)
ORDER_STEPS = (
    Step("sign", "issued", UNITS_WORK),
    Step("report", "handling", UNITS_WORK, {"report": "示例报告"}),
    Step("close", "reported", SUPERVISORS_WORK, {"conclusion": "示例结论"}),
    Step("send_back", "reported", SUPERVISORS_WORK, REASON),
    Step("escalate", "issued", SUPERVISORS_WORK, REASON),
    Step("cancel", "issued", SUPERVISORS_WORK, REASON),
)

_CLERKS = "window_clerk clerk-beside clerk-housing clerk-b"
_UNIT = f"approver {_HEADS} two-posts"
_OUTSIDE = f"citizen {_ADMINS} no-post"
_LISTS = doors(p=f"{_CLERKS} {_UNIT} {_SUPERVISION} leader auditor system_client", x=_OUTSIDE, s="visitor")
_DESKS = doors(p=_SUPERVISION, x=f"{_CLERKS} {_UNIT} leader auditor system_client {_OUTSIDE}", s="visitor")
PAGES = {
    "supervision:cards": _LISTS,
    "supervision:orders": _LISTS,
    "supervision:card-new": _DESKS,
    "supervision:order-new": _DESKS,
    "supervision:rules-propose": _DESKS,
    "supervision:rules": doors(
        p=f"{_UNIT} {_SUPERVISION} leader auditor", x=f"{_CLERKS} system_client {_OUTSIDE}", s="visitor"
    ),
    "supervision:register": doors(
        p=f"{_CLERKS} {_UNIT} {_SUPERVISION} leader auditor system_client {_OUTSIDE} visitor"
    ),
}
IN_TESTS = {
    "supervision:card": "SEE_CARDS",
    "supervision:card-letter": "SEE_CARDS",
    "supervision:card-move": "CARD_STEPS",
    "supervision:order": "SEE_CARDS",
    "supervision:order-letter": "SEE_CARDS",
    "supervision:order-move": "ORDER_STEPS",
}
LEFT_OUT = {
    "supervision:card-file": "loads the card as the page of the card does",
    "supervision:order-file": "loads the order as the page of the order does",
    "supervision:rules-version": "one thing for all who see the rules; mechanisms/supervision/tests/test_pages.py",
    "supervision:rules-move": "two people; mechanisms/supervision/tests/test_workflow.py",
}

"""What everybody may see and do in double publicity, written by hand from the requirement (C7).

Approver and head know the records of their office; supervision those of the own region, the leader those of the city,
the auditor all; a machine those of its office. The office reports; its head alone withholds; only supervision finds.
"""

from __future__ import annotations

from tests.access.matrix import _ADMINS, _SUPERVISION, doors, table
from tests.access.world import PEOPLE

SEE_RECORDS = table("""
    approver|department_head             + + 0 0 0
    supervisor                           + + + 0 0
    leader                               + + + + 0
    auditor                              + + + + +
    head-housing|two-posts               0 0 + 0 0
    supervisor-b                         0 0 0 + 0
    system_client                        0 0 0 0 0
    window_clerk|clerk-beside|clerk-housing|clerk-b  x x x x x
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")

EXPORT_RECORDS = table("""
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

WORK_ON_RECORDS = table("""
    approver|department_head             + + 0 0 0
    head-housing|two-posts               0 0 + 0 0
    supervisor                           x x x x x
    leader|auditor|supervisor-b          x x x x x
    system_client                        x x x x x
    window_clerk|clerk-beside|clerk-housing|clerk-b  x x x x x
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""Filling in: approver and head of the office; who has no such right anywhere is refused before the record is looked for."""

REVOKE_RECORDS = table("""
    approver|department_head             + + 0 0 0
    head-housing|two-posts               0 0 + 0 0
    supervisor                           x x x 0 0
    leader                               x x x x 0
    auditor                              x x x x x
    supervisor-b                         0 0 0 x 0
    system_client                        0 0 0 0 0
    window_clerk|clerk-beside|clerk-housing|clerk-b  x x x x x
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")

REPAIR_RECORDS = table("""
    department_head                      + + 0 0 0
    head-housing|two-posts               0 0 + 0 0
    approver                             x x 0 0 0
    supervisor                           x x x 0 0
    leader                               x x x x 0
    auditor                              x x x x x
    supervisor-b                         0 0 0 x 0
    system_client                        0 0 0 0 0
    window_clerk|clerk-beside|clerk-housing|clerk-b  x x x x x
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""Credit is repaired by the head of the office that penalised."""

FIND_CONCEALED = table("""
    supervisor                           + + + 0 0
    supervisor-b                         0 0 0 + 0
    approver|department_head             x x 0 0 0
    head-housing|two-posts               0 0 x 0 0
    leader                               x x x x 0
    auditor                              x x x x x
    system_client                        0 0 0 0 0
    window_clerk|clerk-beside|clerk-housing|clerk-b  x x x x x
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")

TAKE_FILES = table("""
    approver|department_head             + + 0 0 0
    head-housing|two-posts               0 0 + 0 0
    system_client                        0 0 0 0 0
    supervisor|supervisor-b|leader|auditor  x x x x x
    window_clerk|clerk-beside|clerk-housing|clerk-b  x x x x x
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""The files hold numbers of persons: the reporting office alone."""

READ_IN_PUBLIC = table("|".join(PEOPLE) + " + + + + +")

_OUTSIDE = f"window_clerk clerk-beside clerk-housing clerk-b citizen {_ADMINS} no-post"
_OFFICE = "approver department_head head-housing two-posts"
_READERS = f"{_OFFICE} {_SUPERVISION} leader auditor system_client"
_READ = doors(p=_READERS, x=_OUTSIDE, s="visitor")
_REPORT = doors(p=f"{_OFFICE} system_client", x=f"{_OUTSIDE} {_SUPERVISION} leader auditor", s="visitor")
_EDIT = doors(p=_OFFICE, x=f"{_OUTSIDE} {_SUPERVISION} leader auditor system_client", s="visitor")
PAGES = {
    "disclosures:ledger": _READ,
    "disclosures:overview": _READ,
    "disclosures:reconcile": _READ,
    "disclosures:batches": _REPORT,
    "disclosures:check": _EDIT,
    "disclosures:penalty": _EDIT,
    "disclosures:finding": doors(
        p=_SUPERVISION, x=f"{_OUTSIDE} {_OFFICE} leader auditor system_client", s="visitor"
    ),
    "disclosures:public": dict.fromkeys(PEOPLE, "+"),
}
IN_TESTS = {
    "disclosures:record": "SEE_RECORDS",
    "disclosures:edit": "WORK_ON_RECORDS",
    "disclosures:move": "REVOKE_RECORDS",
    "disclosures:batch-file": "TAKE_FILES",
    "disclosures:public-record": "READ_IN_PUBLIC",
}
LEFT_OUT: dict[str, str] = {
    "disclosures:report": "reports what the actor's own reach holds; src/zhengxiao/mechanisms/disclosures/tests",
}

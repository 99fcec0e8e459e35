"""What everybody may see and do with licences on their way to supervision, written by hand from the requirement (C15).

Approver and head know what is pushed to their office; supervision that of the own region, the leader that of the city,
the auditor all. The office claims; only supervision reroutes.
"""

from __future__ import annotations

from tests.access.matrix import _ADMINS, _SUPERVISION, doors, table

SEE_RELAYED = table("""
    approver|department_head             + + 0 0 0
    supervisor                           + + + 0 0
    leader                               + + + + 0
    auditor                              + + + + +
    head-housing|two-posts               0 0 + 0 0
    supervisor-b                         0 0 0 + 0
    window_clerk|clerk-beside|clerk-housing|clerk-b  x x x x x
    citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")

EXPORT_RELAYED = table("""
    department_head                      + + 0 0 0
    supervisor                           + + + 0 0
    auditor                              + + + + +
    head-housing|two-posts               0 0 + 0 0
    supervisor-b                         0 0 0 + 0
    approver|leader                      x x x x x
    window_clerk|clerk-beside|clerk-housing|clerk-b  x x x x x
    citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")

CLAIM = table("""
    approver|department_head             + + 0 0 0
    head-housing|two-posts               0 0 + 0 0
    supervisor                           x x x 0 0
    supervisor-b                         0 0 0 x 0
    leader                               x x x x 0
    auditor                              x x x x x
    window_clerk|clerk-beside|clerk-housing|clerk-b  x x x x x
    citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")

_READERS = f"approver department_head head-housing two-posts {_SUPERVISION} leader auditor"
PAGES = {
    "relay:ledger": doors(
        p=_READERS,
        x=f"window_clerk clerk-beside clerk-housing clerk-b citizen {_ADMINS} system_client no-post",
        s="visitor",
    ),
}
IN_TESTS = {"relay:relayed": "SEE_RELAYED", "relay:move": "CLAIM"}
LEFT_OUT: dict[str, str] = {}

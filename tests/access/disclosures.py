"""What everybody may see and do in double publicity, written by hand from the requirement (C7).

Approver and head know the records of their office; supervision those of the own region, the leader those of the city,
the auditor all; a machine those of its office. The office reports; its head alone withholds; only supervision finds.
"""

from __future__ import annotations

from tests.access.matrix import _ADMINS, _SUPERVISION, doors, table

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

_READERS = f"approver department_head head-housing two-posts {_SUPERVISION} leader auditor system_client"
PAGES = {
    "disclosures:ledger": doors(
        p=_READERS,
        x=f"window_clerk clerk-beside clerk-housing clerk-b citizen {_ADMINS} no-post",
        s="visitor",
    ),
}
IN_TESTS = {
    "disclosures:record": "SEE_RECORDS",
}
LEFT_OUT: dict[str, str] = {}

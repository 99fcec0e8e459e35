"""What everybody may see and do, written by hand from the requirements (B3, C1, E2, A1), not from the code.

One line per person, one column per place (H here, W other window, D other office, R other district, C other
city):

    +  may            0  is told "not found", as for a number nobody has
    x  is refused      >  is sent to the sign-in page

A window clerk reaches the cases of the own window; approver and head those of the office; supervision those of the
own region and below; the leader those of the city; the auditor reads all and writes nothing; administrators and
citizens have no business with cases; a system client reaches the cases of its own office.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.access.world import PEOPLE, PLACES

Cells = Mapping[tuple[str, str], str]


def table(text: str) -> Cells:
    """Lines `person H W D R C` → (person, place) → sign. Everybody of PEOPLE has one line; names may be joined by |."""
    cells: dict[tuple[str, str], str] = {}
    for line in text.strip().splitlines():
        names, *signs = line.split()
        assert len(signs) == len(PLACES), line
        for name in names.split("|"):
            for place, sign in zip(PLACES, signs, strict=True):
                assert (name, place) not in cells, line
                cells[name, place] = sign
    assert {name for name, _place in cells} == set(PEOPLE)
    return cells


# ---------------------------------------------------------------- cases
SEE_CASES = table("""
    window_clerk|clerk-beside            + 0 0 0 0
    approver|department_head             + + 0 0 0
    supervisor                           + + + 0 0
    leader                               + + + + 0
    auditor                              + + + + +
    clerk-housing|head-housing           0 0 + 0 0
    clerk-b|supervisor-b                 0 0 0 + 0
    two-posts                            + 0 + 0 0
    system_client                        0 0 0 0 0
    citizen|system_admin|security_admin  x x x x x
    no-post                              x x x x x
    visitor                              > > > > >
""")

EXPORT_CASES = table("""
    department_head                      + + 0 0 0
    supervisor                           + + + 0 0
    auditor                              + + + + +
    head-housing                         0 0 + 0 0
    supervisor-b                         0 0 0 + 0
    two-posts                            0 0 + 0 0
    window_clerk|clerk-beside|clerk-housing|clerk-b|approver|leader|system_client  x x x x x
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""A file holds the cases the right to export reaches, which for a person with two posts is less than is seen."""

CLERKS_WORK = table("""
    window_clerk|clerk-beside            + 0 0 0 0
    approver                             + + 0 0 0
    department_head                      x x 0 0 0
    supervisor                           x x x 0 0
    leader                               x x x x 0
    auditor                              x x x x x
    clerk-housing                        0 0 + 0 0
    head-housing                         0 0 x 0 0
    clerk-b                              0 0 0 + 0
    supervisor-b                         0 0 0 x 0
    two-posts                            + 0 x 0 0
    system_client                        0 0 0 0 0
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""Examining at the gate, delivering, withdrawing, archiving: the window and the office's approver."""

APPROVERS_WORK = table("""
    approver                             + + 0 0 0
    window_clerk|clerk-beside            x 0 0 0 0
    department_head                      x x 0 0 0
    supervisor                           x x x 0 0
    leader                               x x x x 0
    auditor                              x x x x x
    clerk-housing|head-housing           0 0 x 0 0
    clerk-b|supervisor-b                 0 0 0 x 0
    two-posts                            x 0 x 0 0
    system_client                        0 0 0 0 0
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""Reviewing: nobody but the approver of the office."""

DECISIONS = table("""
    approver|department_head             + + 0 0 0
    window_clerk|clerk-beside            x 0 0 0 0
    supervisor                           x x x 0 0
    leader                               x x x x 0
    auditor                              x x x x x
    head-housing                         0 0 + 0 0
    clerk-housing                        0 0 x 0 0
    clerk-b|supervisor-b                 0 0 0 x 0
    two-posts                            x 0 + 0 0
    system_client                        0 0 0 0 0
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""Deciding, terminating, correcting: approver and head of the office."""

HEADS_WORK = table("""
    department_head                      + + 0 0 0
    approver                             x x 0 0 0
    window_clerk|clerk-beside            x 0 0 0 0
    supervisor                           x x x 0 0
    leader                               x x x x 0
    auditor                              x x x x x
    head-housing                         0 0 + 0 0
    clerk-housing                        0 0 x 0 0
    clerk-b|supervisor-b                 0 0 0 x 0
    two-posts                            x 0 + 0 0
    system_client                        0 0 0 0 0
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""Extending a limit: the head of the office (licensing law art. 42)."""


NAME_HANDLERS = table("""
    approver|department_head             + + 0 0 0
    head-housing                         0 0 + 0 0
    two-posts                            x 0 + 0 0
    window_clerk|clerk-beside|clerk-housing|clerk-b|supervisor|supervisor-b|leader|auditor  x x x x x
    system_client|citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""Who has no such right anywhere is refused before the case is looked for."""


@dataclass(frozen=True)
class Step:
    """A move of a case: from how far it got, with what, by whom; `later` when the applicant's time must be over."""

    name: str
    state: str
    who: Cells
    data: Mapping[str, str]
    later: bool = False


REASON = {"reason": "示例理由"}
STEPS = (
    Step("accept", "received", CLERKS_WORK, {}),
    Step("ask_supplement", "received", CLERKS_WORK, {"items": "缺合同", "document_no": "示补 1"}),
    Step("refuse", "received", CLERKS_WORK, {**REASON, "competent_agency": "示例局"}),
    Step("not_required", "received", CLERKS_WORK, REASON),
    Step("file_supplement", "supplementing", CLERKS_WORK, {}),
    Step("lapse", "supplementing", CLERKS_WORK, {}, later=True),
    Step("withdraw", "received", CLERKS_WORK, REASON),
    Step("deliver", "granted", CLERKS_WORK, {"method": "window"}),
    Step("archive", "delivered", CLERKS_WORK, {}),
    Step("start_review", "accepted", APPROVERS_WORK, {}),
    Step(
        "finish_step", "reviewing", APPROVERS_WORK, {"step": "审查", "outcome": "passed", "opinion": "同意"}
    ),
    Step(
        "suspend",
        "reviewing",
        APPROVERS_WORK,
        {**REASON, "kind": "expert_review", "expected_days": "5", "notice_no": "示特 1"},
    ),
    Step("resume", "suspended", APPROVERS_WORK, {"outcome": "通过"}),
    Step("request_extension", "reviewing", APPROVERS_WORK, {**REASON, "amount": "5"}),
    Step("grant", "reviewing", DECISIONS, {"result_no": "示许准 1"}),
    Step("deny", "reviewing", DECISIONS, {**REASON, "result_no": "示许不 1", "remedies": "可申请行政复议"}),
    Step("terminate", "accepted", DECISIONS, REASON),
    Step("correct", "granted", DECISIONS, {**REASON, "document_no": "示更 1", "result_no": "示许准 2"}),
    Step("approve_extension", "asked", HEADS_WORK, {"document_no": "示延 1"}),
    Step("refuse_extension", "asked", HEADS_WORK, REASON),
)
BY_THE_PLATFORM = {"deem_accepted"}
"""Moves no person makes: their address does not exist."""

FILE_MATERIALS = table("""
    window_clerk|clerk-beside            + 0 0 0 0
    approver                             + + 0 0 0
    clerk-housing                        0 0 + 0 0
    clerk-b                              0 0 0 + 0
    two-posts                            + 0 x 0 0
    system_client                        0 0 0 0 0
    department_head|head-housing|supervisor|supervisor-b|leader|auditor  x x x x x
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""Filing a material: the window and the office's approver."""

READ_MATERIALS = table("""
    window_clerk|clerk-beside            + 0 0 0 0
    approver|department_head             + + 0 0 0
    supervisor                           + + + 0 0
    auditor                              + + + + +
    clerk-housing|head-housing           0 0 + 0 0
    clerk-b|supervisor-b                 0 0 0 + 0
    two-posts                            + 0 + 0 0
    system_client                        0 0 0 0 0
    leader|citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""Papers of applicants: those who handle or supervise the case; leaders see the case, not its papers."""

# ---------------------------------------------------------------- catalogue
SEE_PUBLISHED = table("|".join(PEOPLE) + " + + + + +")
"""Items in force are public."""

SEE_DRAFTS = table("""
    window_clerk|clerk-beside|approver|department_head  + + 0 0 0
    supervisor                           + + + 0 0
    leader                               + + + + 0
    auditor                              + + + + +
    clerk-housing|head-housing           0 0 + 0 0
    clerk-b|supervisor-b                 0 0 0 + 0
    two-posts                            + + + 0 0
    citizen|system_admin|security_admin|system_client|no-post|visitor  0 0 0 0 0
""")
"""Drafts are the office's own, and supervision's; elsewhere the public page knows nothing of them."""

WRITE_DRAFTS = table("""
    department_head                      + + 0 0 0
    head-housing                         0 0 + 0 0
    two-posts                            0 0 + 0 0
    window_clerk|clerk-beside|clerk-housing|clerk-b|approver|supervisor|supervisor-b|leader  x x x x x
    auditor|citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")

SUBMIT_DRAFTS = table("""
    department_head                      + + 0 0 0
    head-housing                         0 0 + 0 0
    two-posts                            x x + 0 0
    window_clerk|clerk-beside|approver   x x 0 0 0
    clerk-housing                        0 0 x 0 0
    clerk-b|supervisor-b                 0 0 0 x 0
    supervisor                           x x x 0 0
    leader                               x x x x 0
    auditor                              x x x x x
    citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")

REVIEW_ITEMS = table("""
    supervisor                           + + + 0 0
    supervisor-b                         0 0 0 + 0
    department_head|window_clerk|clerk-beside|approver  x x 0 0 0
    clerk-housing|head-housing           0 0 x 0 0
    two-posts                            x x x 0 0
    clerk-b                              0 0 0 x 0
    leader                               x x x x 0
    auditor                              x x x x x
    citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")

RETIRE_ITEMS = table("""
    supervisor                           + + + x x
    supervisor-b                         x x x + x
    department_head|window_clerk|clerk-beside|approver|clerk-housing|head-housing|two-posts  x x x x x
    clerk-b|leader|auditor|citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")
"""What is in force is no secret, so whoever may not end it is refused, not told that there is nothing."""

SEE_CLAIMS = table("""
    window_clerk|clerk-beside|approver|department_head  + + 0 0 0
    supervisor                           + + + 0 0
    leader                               + + + + 0
    auditor                              + + + + +
    clerk-housing|head-housing           0 0 + 0 0
    clerk-b|supervisor-b                 0 0 0 + 0
    two-posts                            + + + 0 0
    citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")

ANSWER_CLAIMS = table("""
    department_head                      + + 0 0 0
    head-housing                         0 0 + 0 0
    two-posts                            x x + 0 0
    window_clerk|clerk-beside|approver   x x 0 0 0
    clerk-housing                        0 0 x 0 0
    clerk-b|supervisor-b                 0 0 0 x 0
    supervisor                           x x x 0 0
    leader                               x x x x 0
    auditor                              x x x x x
    citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")

ASK_FOR_CLAIMS = table("""
    supervisor                           + + + x x
    supervisor-b                         x x x + x
    window_clerk|clerk-beside|approver|department_head|clerk-housing|head-housing|clerk-b  x x x x x
    two-posts|leader|auditor             x x x x x
    citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")
"""Offices are no secret."""

# ---------------------------------------------------------------- parties, by where they live
SEE_PARTIES = table("""
    window_clerk|clerk-beside|approver|department_head|clerk-housing|head-housing|two-posts  + + + 0 0
    supervisor                           + + + 0 0
    clerk-b|supervisor-b                 0 0 0 + 0
    auditor                              + + + + +
    leader|citizen|system_admin|security_admin|system_client|no-post  0 0 0 0 0
    visitor                              > > > > >
""")

SEE_PARTIES_PAGE = table("""
    window_clerk|clerk-beside|approver|department_head|clerk-housing|head-housing|two-posts  + + + 0 0
    supervisor                           + + + 0 0
    clerk-b|supervisor-b                 0 0 0 + 0
    auditor                              + + + + +
    leader|citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")

LINK_ACCOUNTS = table("""
    window_clerk|clerk-beside|approver|clerk-housing|two-posts  + + + 0 0
    clerk-b                              0 0 0 + 0
    department_head|head-housing|supervisor|supervisor-b|leader|auditor  x x x x x
    citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")

REVEAL_NUMBERS = table("""
    window_clerk|clerk-beside            + 0 0 0 0
    approver                             + + 0 0 0
    clerk-housing                        0 0 + 0 0
    clerk-b                              0 0 0 + 0
    two-posts                            + 0 + 0 0
    department_head|head-housing|supervisor|supervisor-b|leader|auditor  x x x x x
    citizen|system_admin|security_admin|system_client|no-post  x x x x x
    visitor                              > > > > >
""")
"""Full numbers: the window and the office's approver, of applicants in cases they see and persons of their region."""

# ---------------------------------------------------------------- pages that are one thing for everybody
Doors = Mapping[str, str]


def doors(**signs: str) -> Doors:
    """sign="person person" with p for +, x, s for >; everybody once."""
    found = {
        name: {"p": "+", "x": "x", "s": ">"}[sign] for sign, names in signs.items() for name in names.split()
    }
    assert set(found) == set(PEOPLE), set(PEOPLE) ^ set(found)
    return found


_CASE_WORKERS = "window_clerk clerk-beside approver clerk-housing clerk-b two-posts"
_HEADS = "department_head head-housing"
_SUPERVISION = "supervisor supervisor-b"
_ABOVE = f"{_SUPERVISION} leader auditor"
_ADMINS = "system_admin security_admin"
_COCKPIT = f"{_SUPERVISION} leader {_HEADS} two-posts"
_NO_COCKPIT = f"window_clerk clerk-beside approver clerk-housing clerk-b auditor system_client citizen {_ADMINS} no-post"
_FINDERS = f"{_ABOVE} {_HEADS} two-posts"
_NO_FINDERS = (
    f"window_clerk clerk-beside approver clerk-housing clerk-b system_client citizen {_ADMINS} no-post"
)
PAGES: Mapping[str, Doors] = {
    "cases:ledger": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} system_client", x=f"citizen {_ADMINS} no-post", s="visitor"
    ),
    "cases:new": doors(
        p=f"{_CASE_WORKERS} system_client", x=f"{_HEADS} {_ABOVE} citizen {_ADMINS} no-post", s="visitor"
    ),
    "desk:home": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} {_ADMINS} citizen", x="system_client no-post", s="visitor"
    ),
    "desk:search": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} {_ADMINS} citizen", x="system_client no-post", s="visitor"
    ),
    "desk:notices": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} {_ADMINS} citizen", x="system_client no-post", s="visitor"
    ),
    "parties:mine": doors(
        p="citizen",
        x=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} {_ADMINS} system_client no-post",
        s="visitor",
    ),
    "catalogue:items": dict.fromkeys(PEOPLE, "+"),
    "catalogue:versions": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE}", x=f"system_client citizen {_ADMINS} no-post", s="visitor"
    ),
    "catalogue:unified": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE}", x=f"system_client citizen {_ADMINS} no-post", s="visitor"
    ),
    "catalogue:basic": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE}", x=f"system_client citizen {_ADMINS} no-post", s="visitor"
    ),
    "catalogue:claims": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE}", x=f"system_client citizen {_ADMINS} no-post", s="visitor"
    ),
    "catalogue:item-new": doors(
        p=f"{_HEADS} two-posts",
        x=f"window_clerk clerk-beside approver clerk-housing clerk-b {_ABOVE} system_client citizen {_ADMINS} no-post",
        s="visitor",
    ),
    "console:imports": doors(
        p=f"{_SUPERVISION} system_admin auditor",
        x=f"{_CASE_WORKERS} {_HEADS} leader security_admin system_client citizen no-post",
        s="visitor",
    ),
    "console:import-new": doors(
        p=f"{_SUPERVISION} system_admin",
        x=f"{_CASE_WORKERS} {_HEADS} leader auditor security_admin system_client citizen no-post",
        s="visitor",
    ),
    "cockpit:board": doors(p=_COCKPIT, x=_NO_COCKPIT, s="visitor"),
    "cockpit:cases": doors(p=_COCKPIT, x=_NO_COCKPIT, s="visitor"),
    "cockpit:figures": doors(p=_COCKPIT, x=_NO_COCKPIT, s="visitor"),
    "process:items": doors(p=_FINDERS, x=_NO_FINDERS, s="visitor"),
    "detection:findings": doors(p=_FINDERS, x=_NO_FINDERS, s="visitor"),
    "detection:rules": doors(p=_FINDERS, x=_NO_FINDERS, s="visitor"),
    "console:accounts": doors(
        p=f"{_ADMINS} auditor",
        x=f"{_CASE_WORKERS} {_HEADS} {_SUPERVISION} leader system_client citizen no-post",
        s="visitor",
    ),
    "console:account-new": doors(
        p="system_admin",
        x=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} security_admin system_client citizen no-post",
        s="visitor",
    ),
    "console:audit": doors(
        p="auditor",
        x=f"{_CASE_WORKERS} {_HEADS} {_SUPERVISION} leader {_ADMINS} system_client citizen no-post",
        s="visitor",
    ),
    "console:calendar": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} {_ADMINS} system_client citizen", x="no-post", s="visitor"
    ),
    "console:calendar-propose": doors(
        p="system_admin",
        x=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} security_admin system_client citizen no-post",
        s="visitor",
    ),
    "console:due": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} {_ADMINS}", x="system_client citizen no-post", s="visitor"
    ),
    "console:style": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} {_ADMINS} system_client citizen", x="no-post", s="visitor"
    ),
    "console:style-ledger": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} {_ADMINS} system_client citizen", x="no-post", s="visitor"
    ),
}

SEE_FINDINGS = table("""
    department_head                      + + 0 0 0
    supervisor                           + + + 0 0
    leader                               + + + + 0
    auditor                              + + + + +
    head-housing                         0 0 + 0 0
    supervisor-b                         0 0 0 + 0
    two-posts                            0 0 + 0 0
    window_clerk|clerk-beside|clerk-housing|clerk-b|approver|system_client  x x x x x
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
SEE_PROCESSES = SEE_FINDINGS
"""The cases that a process is made of: those of the offices one heads or supervises."""
EXPORT_PROCESSES: Cells = {
    (person, place): "x" if person == "leader" else sign for (person, place), sign in SEE_PROCESSES.items()
}
SEE_TRIALS = table("""
    department_head|head-housing|two-posts  0 0 0 0 0
    supervisor                           + + + 0 0
    leader                               + + + + 0
    auditor                              + + + + +
    supervisor-b                         0 0 0 + 0
    window_clerk|clerk-beside|clerk-housing|clerk-b|approver|system_client  x x x x x
    citizen|system_admin|security_admin|no-post  x x x x x
    visitor                              > > > > >
""")
"""A rule on trial has no consequence: the office it looks at does not see what it finds."""
_NO_RULERS = f"{_NO_FINDERS} {_HEADS} auditor two-posts"
DRAFT_RULES: Doors = doors(p=_SUPERVISION, x=f"{_NO_RULERS} leader", s="visitor")
CONFIRM_RULES: Doors = doors(p=f"{_SUPERVISION} leader", x=_NO_RULERS, s="visitor")
READ_RULES: Doors = PAGES["detection:rules"]
READ_DRAFT_RULES: Doors = {
    person: "0" if person in f"{_HEADS} two-posts".split() else sign for person, sign in READ_RULES.items()
}
READ_BACK_TESTS: Doors = doors(p=_ABOVE, x=f"{_NO_FINDERS} {_HEADS} two-posts", s="visitor")
_WAYS_OUT_HIDDEN = f"{_CASE_WORKERS} {_HEADS} {_SUPERVISION} leader system_client citizen no-post"
SEE_WAYS_OUT: Doors = doors(p=f"{_ADMINS} auditor", x=_WAYS_OUT_HIDDEN, s="visitor")
PROPOSE_WAYS_OUT: Doors = doors(p="system_admin", x=f"security_admin auditor {_WAYS_OUT_HIDDEN}", s="visitor")
CONFIRM_WAYS_OUT: Doors = doors(p="security_admin", x=f"system_admin auditor {_WAYS_OUT_HIDDEN}", s="visitor")
"""Events to other systems: one administrator proposes and sends again, another confirms."""
PAGES = {
    **PAGES,
    "console:webhooks": SEE_WAYS_OUT,
    "console:webhook-messages": SEE_WAYS_OUT,
    "console:webhook-new": PROPOSE_WAYS_OUT,
    "console:exports": doors(
        p=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} {_ADMINS}", x="system_client citizen no-post", s="visitor"
    ),
}

SEE_EXPORTS = table("""
    department_head                      + + 0 0 0
    head-housing|two-posts               0 0 + 0 0
    supervisor                           + + + 0 0
    supervisor-b                         0 0 0 + 0
    auditor|security_admin               + + + + +
    window_clerk|clerk-beside|clerk-housing|clerk-b|approver|leader|system_admin  0 0 0 0 0
    citizen|system_client|no-post        x x x x x
    visitor                              > > > > >
""")
"""Requests to take records out: one's own, those of one's office, those one watches over."""
DECIDE_EXPORTS: Cells = {
    (person, place): "x" if sign == "+" and person in {"supervisor", "supervisor-b", "auditor"} else sign
    for (person, place), sign in SEE_EXPORTS.items()
}

RUNS = ("own", "other", "operator")
SEE_RUNS: Mapping[str, str] = {
    "supervisor": "+ 0 0",
    "supervisor-b": "0 + 0",
    "system_admin": "+ + +",
    "auditor": "+ + +",
    "visitor": "> > >",
}
"""Refused rows hold people's data: a supervisor sees the runs asked for by oneself. Everybody not named: x."""
CONTINUE_RUNS: Mapping[str, str] = {**SEE_RUNS, "auditor": "x x x"}

DECIDE_CALENDARS: Doors = doors(
    p=f"security_admin {_SUPERVISION}",
    x=f"{_CASE_WORKERS} {_HEADS} leader auditor system_admin system_client citizen no-post",
    s="visitor",
)
"""Dual control: one proposes (system administrator), another confirms."""

SEE_NOTICES: Mapping[str, tuple[str, ...]] = {"window_clerk": ("window_clerk",), "clerk-b": ("clerk-b",)}
"""Whose notices a person opens: one's own."""


def cells(who: Cells) -> Iterator[tuple[str, str, str]]:
    for (person, place), sign in who.items():
        yield person, place, sign


ACCEPT_LOSSES = doors(
    p="system_admin",
    x=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} security_admin system_client citizen no-post visitor",
)
"""Saying that the history goes on after a loss: whoever runs the system, by command alone."""

ERASE_PERSONS = doors(
    p="security_admin",
    x=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} system_admin system_client citizen no-post visitor",
)
"""Taking personal data out of the record: the security administrator, who sees none of it."""

PAGES = {
    **PAGES,
    "console:erase": doors(
        p="security_admin",
        x=f"{_CASE_WORKERS} {_HEADS} {_ABOVE} system_admin system_client citizen no-post",
        s="visitor",
    ),
}

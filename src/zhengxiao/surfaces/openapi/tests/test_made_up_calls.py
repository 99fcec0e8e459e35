"""Calls made up from the document: whatever is sent, none may end in a server error or a wrong kind of answer."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.openapi import document
from zhengxiao.surfaces.openapi.limits import BUCKETS
from zhengxiao.surfaces.openapi.tests.conftest import EVERYTHING, ROOT, make_api

EXAMPLES = int(os.environ.get("ZX_FUZZ_EXAMPLES", "12"))
SCHEMA = schemathesis.openapi.from_dict(json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8")))
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_made_up_call_ends_in_a_server_error(world, operation, mode) -> None:
    case = world.accepted(at=world.org.at)
    known = {"number": case.number, "transition": "start_review", "code": world.item.code, "key": "CN"}
    apis = [make_api(world, who, EVERYTHING) for who in (Role.APPROVER, Role.SUPERVISOR)]
    statuses = set(json.loads(json.dumps(document.PROBLEMS)))

    seen: set[int] = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(call=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def send(call: Any, real: bool) -> None:
        BUCKETS.clear()
        if real:
            call.path_parameters = dict(call.path_parameters or {}) | {
                name: value for name, value in known.items() if name in (call.path_parameters or {})
            }
        told = call.as_transport_kwargs(base_url="http://testserver")
        for api in apis:
            answer = _send(api, told)
            assert answer.status_code < 500, (told, answer.content)
            seen.add(answer.status_code)
            if answer.status_code >= 400:
                assert answer["Content-Type"] == "application/problem+json"
                assert str(answer.status_code) in statuses

    send()
    if mode is GenerationMode.POSITIVE:
        assert seen - {400, 401, 405, 413, 415, 429}, "nothing came as far as the operation"


def _send(api: Any, told: dict[str, Any]) -> Any:

    prepared = requests.Request(
        told["method"], told["url"], params=told.get("params"), json=told.get("json"), data=told.get("data")
    ).prepare()
    headers = {name: str(value) for name, value in (told.get("headers") or {}).items()}
    kind = headers.pop("Content-Type", prepared.headers.get("Content-Type", ""))
    headers = {name: value for name, value in headers.items() if "\n" not in value and "\r" not in value}
    headers["Authorization"] = f"Bearer {api.token}"
    path = prepared.path_url
    return api.browser.generic(told["method"], path, prepared.body or b"", content_type=kind, headers=headers)

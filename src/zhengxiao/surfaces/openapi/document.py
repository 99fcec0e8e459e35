"""The OpenAPI document, and from it the rules of every operation: what is declared is exactly what is accepted."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from zhengxiao.surfaces.openapi import (  # noqa: F401 - they declare
    calendar_operations,
    case_operations,
    figure_operations,
    material_operations,
    other_operations,
    resource_operations,
)
from zhengxiao.surfaces.openapi.gate import Rules
from zhengxiao.surfaces.openapi.schemas import ProblemOut
from zhengxiao.surfaces.openapi.service import api

ROOT = "/api/v1"
PROBLEMS = {
    "400": "unknown or malformed parameter, cursor, JSON or missing Idempotency-Key",
    "401": "token missing, malformed, expired or revoked",
    "403": "scope missing, or the posts do not allow it",
    "404": "no such thing within reach",
    "405": "method not supported here",
    "409": "somebody was faster, or the same key is in flight",
    "413": "body too large",
    "415": "content type not supported",
    "422": "refused: see code and field",
    "429": "too many requests: see Retry-After",
    "500": "our fault; nothing was written",
    "503": "busy; nothing was written: see Retry-After",
}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "The same key with the same request takes effect once and is answered with the same bytes.",
}


@cache
def document() -> dict[str, Any]:
    """The document as plain JSON values."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=f"{ROOT}/")))
    components = found["components"]
    model = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= model.pop("$defs", {}) | {"ProblemOut": model}
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{"token": []}]
    for path, methods in found["paths"].items():
        for operation in methods.values():
            _complete(path, operation)
    return found


def _complete(path: str, operation: dict[str, Any]) -> None:
    """What the framework does not say: plain names, the key, and how refusals look."""
    operation["operationId"] = operation["operationId"].rsplit("operations_", 1)[1]
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
    for status, words in PROBLEMS.items():
        operation["responses"][status] = {"description": words, "content": content}
    if operation.get("x-writes"):
        operation["parameters"] = [*operation["parameters"], KEY]


def document_text() -> str:
    """The document as it is checked in."""
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def rules() -> dict[str, dict[str, Rules]]:
    """Path → method → rules."""
    return {
        path: {method.upper(): _rules(operation) for method, operation in methods.items()}
        for path, methods in document()["paths"].items()
    }


def _rules(operation: dict[str, Any]) -> Rules:
    names = frozenset(row["name"] for row in operation["parameters"] if row["in"] == "query")
    return Rules(
        tuple(operation["x-scopes"]),
        names,
        operation.get("x-body"),
        bool(operation.get("x-writes")),
        tuple(operation.get("x-told-once", ())),
    )

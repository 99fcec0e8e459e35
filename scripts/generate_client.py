"""Write docs/openapi.json from the product and clients/python from the document.

python scripts/generate_client.py            write both
python scripts/generate_client.py --check    tell whether both are as they should be (exit 1 when not)
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "openapi.json"
CLIENT = ROOT / "clients" / "python" / "zhengxiao_client" / "__init__.py"
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
HEAD = '''"""Typed client of the interface of 政效. Generated from docs/openapi.json by scripts/generate_client.py; do not edit.

    client = Client("https://example.com/api/v1", token)
    page = client.list_cases(light="red")
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from zhengxiao_client.runtime import ApiProblem, Caller, Transport, UrllibTransport, segment

'''


def kind(schema: dict[str, Any]) -> str:
    """The Python type of a JSON schema."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return " | ".join(dict.fromkeys(kind(each) for each in schema[word]))
    if "enum" in schema:
        return f"Literal[{', '.join(json.dumps(each) for each in schema['enum'])}]"
    if "const" in schema:
        return f"Literal[{json.dumps(schema['const'])}]"
    if schema.get("type") == "array":
        return f"list[{kind(schema.get('items', {}))}]"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"dict[str, {kind(inner) if isinstance(inner, dict) else 'Any'}]"
    return PLAIN.get(schema.get("type", ""), "Any")


def record(name: str, schema: dict[str, Any]) -> str:
    """A schema as a TypedDict, or as the name of a plain type."""
    if "properties" not in schema:
        return f"{name} = {kind(schema)}\n"
    required = set(schema.get("required", ()))
    lines = [f"class {name}(TypedDict):"]
    if words := schema.get("description"):
        lines.append(f'    """{" ".join(words.split())}"""\n')
    for field, value in schema["properties"].items():
        told = kind(value)
        lines.append(f"    {field}: {told if field in required else f'NotRequired[{told}]'}")
    return "\n".join(lines) + "\n"


def operation(path: str, method: str, told: dict[str, Any]) -> str:
    """One operation as one method."""
    parameters = [row for row in told["parameters"] if row["in"] != "header"]
    in_path = [row for row in parameters if row["in"] == "path"]
    in_query = sorted(
        (row for row in parameters if row["in"] == "query"), key=lambda row: not row.get("required")
    )
    given = [f"{row['name']}: {kind(row['schema'])}" for row in in_path]
    body = told.get("requestBody", {}).get("content", {})
    if "application/json" in body:
        given.append(f"body: {kind(body['application/json']['schema'])}")
    elif body:
        given.append("feed: bytes")
    named = [_named(row) for row in in_query]
    if told.get("x-writes"):
        named.append("idempotency_key: str | None = None")
    answer = next(status for status in sorted(told["responses"]) if status.startswith("2"))
    content = told["responses"][answer]["content"]
    is_file = "application/json" not in content
    result = "bytes" if is_file else kind(content["application/json"]["schema"])
    signature = ", ".join(["self", *given, *(["*", *named] if named else [])])
    address = re.sub(r"\{(\w+)\}", r"{segment(\1)}", path.removeprefix("/api/v1"))
    call = [f'"{method.upper()}"', f'{"f" if in_path else ""}"{address}"']
    if in_query:
        pairs = ", ".join(f'"{row["name"]}": {row["name"]}' for row in in_query)
        call.append(f"query={{{pairs}}}")
    call += ["json_body=body"] * ("application/json" in body) + ["feed=feed"] * bool(
        body and "application/json" not in body
    )
    call += ["idempotency_key=idempotency_key", "writes=True"] * bool(told.get("x-writes"))
    call += ["raw=True"] * is_file
    words = " ".join(told.get("description", told["summary"]).split())
    return (
        f"    def {told['operationId']}({signature}) -> {result}:\n"
        f'        """{words} Scopes: {", ".join(told["x-scopes"])}."""\n'
        f"        answer: {result} = self._caller.call({', '.join(call)})\n"
        "        return answer\n"
    )


def _named(row: dict[str, Any]) -> str:
    told = kind(row["schema"])
    if row.get("required"):
        return f"{row['name']}: {told}"
    return f"{row['name']}: {told if 'None' in told else f'{told} | None'} = None"


def client_text(document: dict[str, Any]) -> str:
    """The client module as text."""
    schemas = document["components"]["schemas"]
    parts = [record(name, schemas[name]) for name in _ordered(schemas)]
    methods = [
        operation(path, method, told)
        for path, ways in document["paths"].items()
        for method, told in ways.items()
    ]
    head = (
        "class Client:\n"
        '    """Every operation of the interface. A call with an effect gets a key of its own unless you give one."""\n\n'
        "    def __init__(\n        self, base: str, token: str, *, transport: Transport | None = None, **options: Any\n"
        "    ) -> None:\n        self._caller = Caller(base, token, transport=transport, **options)\n"
    )
    names = sorted({"ApiProblem", "Client", "Transport", "UrllibTransport", *schemas})
    exported = "__all__ = [\n" + "".join(f'    "{name}",\n' for name in names) + "]\n"
    return HEAD + "\n" + "\n\n".join([*parts, head]) + "\n" + "\n".join(methods) + "\n\n" + exported


def _ordered(schemas: dict[str, Any]) -> list[str]:
    """Plain types first: they are evaluated where they stand."""
    return sorted(schemas, key=lambda name: ("properties" in schemas[name], name))


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengxiao.config.settings.test")
    import django

    django.setup()
    from zhengxiao.surfaces.openapi.document import document_text

    document = document_text()
    wanted = {DOCUMENT: document, CLIENT: client_text(json.loads(document))}
    if "--check" in sys.argv[1:]:
        old = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
        for path in old:
            print(f"{path.relative_to(ROOT)} is not what the product says; run scripts/generate_client.py")
        return 1 if old else 0
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The API reference: OpenAPI 3.1, generated from the code, with the webhooks that partners receive."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI
from sqlalchemy import create_engine

from app.access.matrix import access_matrix
from app.foundation.settings import Settings
from app.main import create_app
from app.vocabulary import EventType

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details. Branch on `status` and `code`, never on `detail`.",
    "required": ["type", "title", "status", "code", "detail", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "trace_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "detail")},
            },
        },
    },
}
SECURITY_SCHEMES = {
    "apiKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, `rrk_…`, sent with each call. It ends; its agency's administrator replaces it.",
    },
    "accessToken": {
        "type": "oauth2",
        "description": "A token for ten minutes, for a client that proves itself by `private_key_jwt` or a secret.",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}},
    },
    "clientSecret": {
        "type": "http",
        "scheme": "basic",
        "description": "At the token endpoint only: the id of the client and its secret, `rrs_…`.",
    },
}
ALWAYS = {
    "400": ("The request cannot be read", "malformed"),
    "401": ("The API key or access token is missing, unknown, suspended or past its end", "unauthenticated"),
    "403": ("Your role may not do this", "forbidden"),
    "404": ("There is no such object, or it is not yours to see", "not-found"),
    "429": ("A limit of the caller is spent, or the address is locked out; wait for `Retry-After`", "quota-exceeded"),
    "503": ("The database did not answer; nothing was stored, send the same request again", "unavailable"),
}
ON_POST = {
    "409": ("The present state forbids this; the answer lists what can be done", "conflict"),
    "413": ("The body is larger than 256 KiB", "payload-too-large"),
    "415": ("The body is not JSON", "unsupported-media-type"),
    "422": ("The request breaks the schema or a rule; each fault is named by pointer", "invalid"),
}


EXAMPLES = Path(__file__).resolve().parents[1] / "openapi" / "examples"


def openapi_yaml() -> str:
    """Returns the document as it is committed in openapi/openapi.yaml."""
    app = create_app(Settings(secret_key="0" * 32), create_engine("postgresql+psycopg://"))
    written: str = yaml.safe_dump(document(app), sort_keys=False, allow_unicode=True, width=110)
    return written


def document(app: FastAPI) -> dict[str, Any]:
    """Returns the OpenAPI document of an application: every operation with its problems, its roles and its example."""
    made = app.openapi()
    made["servers"] = [{"url": "/", "description": "Where this document came from"}]
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    made["components"]["responses"] = {
        f"Problem{status}": _problem_response(int(status), description, code)
        for status, (description, code) in (ALWAYS | ON_POST).items()
    }
    made["components"]["securitySchemes"] = SECURITY_SCHEMES
    for method, operation in _operations(made):
        _complete(method, operation)
    made["webhooks"] = {str(kind): _webhook(kind) for kind in EventType}
    return made


def _operations(made: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(method, operation) for path in made["paths"].values() for method, operation in path.items()]


def _complete(method: str, operation: dict[str, Any]) -> None:
    grant = access_matrix().get(operation["operationId"])
    responses = operation["responses"]
    responses.pop("422", None)
    if grant is None:
        return
    operation["security"] = [{"apiKey": []}, {"accessToken": []}]
    _require_key(operation)
    _show_example(operation)
    operation["x-roles"] = {role: rows.value for role, rows in grant.rows_by_role.items()}
    for status in ALWAYS | (ON_POST if method == "post" else {}):
        responses[status] = {"$ref": f"#/components/responses/Problem{status}"}


def _require_key(operation: dict[str, Any]) -> None:
    """Marks the idempotency key as required: FastAPI sees it as optional; the service refuses a request without it."""
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "Idempotency-Key":
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "minLength": 1, "maxLength": 255}


def _show_example(operation: dict[str, Any]) -> None:
    file = EXAMPLES / f"{operation['operationId']}.json"
    if "requestBody" in operation and file.exists():
        content = operation["requestBody"]["content"]["application/json"]
        content["example"] = json.loads(file.read_text(encoding="utf-8"))


def _webhook(kind: EventType) -> dict[str, Any]:
    """Returns what a receiver gets on an event: Standard Webhooks headers, and a thin body of ids, codes and times."""
    data = {
        "type": "object",
        "required": ["detail_url"],
        "properties": {
            "area": {"type": "string", "description": "Where it happened; left out of what is about a case"},
            "case_id": {"type": "string"},
            "detail_url": {"type": "string"},
        },
        "additionalProperties": {"type": ["string", "integer", "boolean"]},
    }
    body = {
        "type": "object",
        "required": ["id", "type", "version", "timestamp", "data"],
        "properties": {
            "id": {"type": "string"},
            "type": {"const": str(kind)},
            "version": {"const": 1},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": data,
        },
    }
    headers = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ]
    return {
        "post": {
            "operationId": "receive" + "".join(part.capitalize() for part in re.split(r"[._]", kind)),
            "summary": f"Sent on {kind}",
            "tags": ["webhooks"],
            "parameters": headers,
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": {"2XX": {"description": "Received. Receipt is not review: nothing is marked as done by it."}},
        }
    }


def _problem_response(status: int, description: str, code: str) -> dict[str, Any]:
    example = {
        "type": f"/problems#{code}",
        "title": description.partition(";")[0],
        "status": status,
        "code": code,
        "detail": description,
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    }
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {"description": description, "content": {"application/problem+json": content}}

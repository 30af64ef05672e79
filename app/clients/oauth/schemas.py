"""What the token endpoint answers, and how the service describes itself to a client library."""

from typing import Any

from app.clients.oauth.token_request import ASSERTION_TYPE, FORM
from app.foundation.web.schema import Shown


class AccessTokenOut(Shown):
    """An access token by RFC 6749 (5.1). Send it as `Authorization: Bearer`, and ask for the next before it ends."""

    access_token: str
    token_type: str
    expires_in: int


class TokenRefusalOut(Shown):
    """A refusal by RFC 6749 (5.2). Branch on `error`, never on the description."""

    error: str
    error_description: str


class AuthorizationServerOut(Shown):
    """The service as an OAuth 2 authorisation server (RFC 8414)."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str]
    response_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    service_documentation: str


class KeySetOut(Shown):
    """The public halves of the keys that sign access tokens (RFC 7517)."""

    keys: list[dict[str, str]]


_FIELDS = {
    "grant_type": {"type": "string", "const": "client_credentials"},
    "client_id": {"type": "string"},
    "client_assertion_type": {"type": "string", "const": ASSERTION_TYPE},
    "client_assertion": {"type": "string"},
}
TOKEN_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {FORM: {"schema": {"type": "object", "required": ["grant_type"], "properties": _FIELDS}}},
    },
    "security": [{"clientSecret": []}, {}],
}
"""How the API reference describes the form: an assertion in it, or a secret in the header."""

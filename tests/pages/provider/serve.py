"""Runs Canaille, a real OpenID Connect provider, with one person; `make test` keeps it in an environment of its own.

`python serve.py SETTINGS`: a JSON object of port, redirect_uri, client_id, client_secret, and the person's user_name,
password and one-time secret. Prints a line once it listens.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import canaille
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Says nothing of each request."""


def serve(wanted: dict[str, Any]) -> None:
    listening = make_server("localhost", wanted["port"], None, handler_class=Quiet)
    name = f"localhost:{listening.server_port}"
    app = canaille.create_app(
        {
            "SECRET_KEY": "a provider of one test",
            "SERVER_NAME": name,
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {
                "DATABASE": "memory",
                "AUTHENTICATION_FACTORS": ["password", "otp"],
                "JAVASCRIPT": False,
                "HTMX": False,
                "CAPTCHA_ENABLED": False,
                "ACL": {"DEFAULT": {"PERMISSIONS": ["use_oidc", "edit_self"]}},
            },
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [RSAKey.generate_key(2048, {"use": "sig"}).as_dict(private=True)]},
        }
    )
    with app.app_context():
        _furnish(wanted)
    listening.set_app(app)
    print(f"http://{name}", flush=True)
    listening.serve_forever()


def _furnish(wanted: dict[str, Any]) -> None:
    person = models.User(
        user_name=wanted["user_name"],
        formatted_name="Ann Lee",
        family_name="Lee",
        emails=["ann.lee@agency.example"],
        password=wanted["password"],
        secret_token=wanted["secret_token"],
        last_otp_login=datetime.now(UTC),  # the one-time password is set up already
    )
    Backend.instance.save(person)
    client = models.Client(
        client_id=wanted["client_id"],
        client_secret=wanted["client_secret"],
        client_name="Referral routing",
        client_uri="http://127.0.0.1",
        redirect_uris=[wanted["redirect_uri"]],
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid"],
        token_endpoint_auth_method="client_secret_basic",
    )
    Backend.instance.save(client)
    client.audience = [client]  # kept by its id, which the first save gives
    Backend.instance.save(client)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    serve(json.loads(sys.argv[1]))

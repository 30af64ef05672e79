"""The person who signs in to the pages in a test: of the same agency, role and areas as one of its systems."""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.access.key_format import hash_of_key
from app.access.models import Account, Client
from app.access.repository import key_by_hash
from app.access.service import scope_to_system
from app.access.vocabulary import ClientKeyKind, role_of_post
from app.foundation.identifiers import new_id
from app.vocabulary import Role


def account_behind(app: Any, key: str) -> str:
    """The id of the account; it is added where the agency has nobody like that. Empty for an unknown key."""
    with app.state.sessions.begin() as session:
        scope_to_system(session)
        found = key_by_hash(session, ClientKeyKind.API_KEY, hash_of_key(key), app.state.clock.now())
        if found is None:
            return ""
        client = found.client
        people = session.scalars(select(Account).where(Account.agency == client.agency).order_by(Account.name))
        account = next((one for one in people if _is_like(one, client)), None)
        if account is None:
            account = _somebody_like(client, app.state.clock.now())
            session.add(account)
        return account.id


def _is_like(account: Account, client: Client) -> bool:
    return role_of_post(account.post) == client.role and set(account.areas) == set(client.areas)


def _somebody_like(client: Client, now: Any) -> Account:
    return Account(
        id=new_id("acc"),
        agency=client.agency,
        name=client.id,
        full_name="Somebody else",
        team="Domestic abuse",
        post=next(post for post in Role if role_of_post(post) == client.role),
        areas=client.areas,
        subject=None,
        added_at=now,
        suspended_at=None,
    )


def signed_in(app: FastAPI, key: str) -> tuple[TestClient, Any]:
    """A browser in which that person has signed in, and the page it then shows."""
    return signed_in_as(app, account_behind(app, key))


def signed_in_as(app: FastAPI, account_id: str) -> tuple[TestClient, Any]:
    """The same for the person of an account."""
    # Over HTTPS: outside loopback the cookies of a visit are sent no other way.
    browser = TestClient(app, base_url="https://testserver")
    token = re.search(r'name="form_token" value="([^"]+)"', browser.get("/sign-in").text)
    assert token is not None
    form = {"form_token": token[1], "account": account_id, "then": ""}
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    return browser, browser.post("/sign-in/development", data=form, headers=headers)

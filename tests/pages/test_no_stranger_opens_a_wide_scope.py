"""A browser of whom nothing is known yet opens no scope wider than one agency's."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from tests.given import Callers
from tests.signing_in import signed_in


@pytest.fixture
def opened(app_engine: Engine) -> Iterator[list[str]]:
    """The kind of each row scope that is opened, in order."""
    kinds: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "open_row_scope" in statement:
            kinds.append(next(iter(parameters.values())))

    event.listen(app_engine, "before_cursor_execute", note)
    yield kinds
    event.remove(app_engine, "before_cursor_execute", note)


def test_signing_in_reading_a_page_and_signing_out_open_no_scope_of_every_row(
    app: FastAPI, callers: Callers, opened: list[str]
) -> None:
    signed_in(app, callers.probation.key)  # adds the account, as an administrator would have
    opened.clear()
    browser = TestClient(app, base_url="https://testserver")

    browser.get("/sign-in")
    browser.get("/board", headers={"Accept": "text/html"})
    browser.cookies.set("__Host-session", "forged")
    browser.get("/board", headers={"Accept": "text/html"})

    assert set(opened) == {"agency"}


def test_viewer_is_found_without_a_scope_of_every_row(app: FastAPI, callers: Callers, opened: list[str]) -> None:
    browser, _ = signed_in(app, callers.probation.key)
    opened.clear()

    page = browser.get("/board", headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert opened[0] == "agency"
    assert "system" not in opened

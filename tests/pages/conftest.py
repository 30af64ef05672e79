"""A real browser on a real server: Chromium against uvicorn on loopback, over the database under test."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

from app.foundation.clock import SettableClock
from tests.given import Callers, a_serial_perpetrator, in_full
from tests.node import ROOT, node
from tests.pages.visiting import HEIGHT, WIDE, History, Visitor

UNPACKED = str(ROOT / ".chromium" / "start")
REFERRED_AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
DECLINED_AT = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
LOOKED_AT = datetime(2026, 3, 19, 10, 0, tzinfo=UTC)


# One for each module, not for the session: while it is open its event loop runs in this thread, and a test in another
# folder that starts a loop of its own would fail.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium that `CHROMIUM` names, or is installed, or `make browser` unpacked. Without one, tests fail."""
    installed = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome", UNPACKED))
    path = os.environ.get("CHROMIUM") or next(filter(None, installed), None)
    assert path, "The page tests need Chromium: run `make browser`."
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node()))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def listening() -> socket.socket:
    """The port of the service. It listens before the server runs, so no test waits for it."""
    return socket.create_server(("127.0.0.1", 0))


@pytest.fixture
def site(app: FastAPI, listening: socket.socket) -> Iterator[str]:
    """The address of the service."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive(), "the server did not stop"


@pytest.fixture
def visitor(browser: Browser, site: str, app: FastAPI) -> Iterator[Visitor]:
    """A window of a desk's width."""
    with browser.new_context(viewport={"width": WIDE, "height": HEIGHT}) as context:
        yield Visitor(site, context.new_page(), app)


@pytest.fixture
def visitor_without_script(browser: Browser, site: str, app: FastAPI) -> Iterator[Visitor]:
    """A window in which JavaScript is off."""
    with browser.new_context(viewport={"width": WIDE, "height": HEIGHT}, java_script_enabled=False) as context:
        yield Visitor(site, context.new_page(), app)


@pytest.fixture
def busy_board(callers: Callers, clock: SettableClock) -> History:
    """A referral of 10 March; MATAC has declined, one action was reported as not done, one came back.

    It is the 19th.
    """
    clock.set(REFERRED_AT)
    routed = in_full(callers.coordinator, callers.hub.post("/v1/referrals", a_serial_perpetrator()).json())
    clock.set(DECLINED_AT)
    _decline_what_matac_was_asked(callers)
    actions = routed["actions"][::-1]  # the one that is due last first, so that the most overdue stay as they are
    _report(callers, actions[0], "NOT_DONE")
    _report(callers, actions[1], "DECLINED_BY_RECIPIENT")
    clock.set(LOOKED_AT)
    return History(routed["case_reference"], routed["referral_id"], routed["decision"]["id"], actions)


def _decline_what_matac_was_asked(callers: Callers) -> None:
    asked = callers.matac.get("/v1/proposals", state="PROPOSED").json()["items"]
    ours = next(proposal for proposal in asked if proposal["forum"] == "MATAC")
    claim = {
        "code": "MANAGED_ELSEWHERE",
        "reason": "NOTE-CANARY managed at level 2, so outside the remit",
        "claimed_forum": "MAPPA_L2",
    }
    answer = callers.matac.post(f"/v1/proposals/{ours['id']}/declines", claim)
    assert answer.status_code == 201, answer.text


def _report(callers: Callers, action: dict[str, Any], outcome: str) -> None:
    sent = {"outcome": outcome, "note": "NOTE-CANARY said so at the meeting"}
    named = callers.coordinator.on_behalf_of("jo.smith") | {"If-Match": f'"{action["version"]}"'}
    answer = callers.coordinator.post(f"/v1/actions/{action['id']}/outcomes", sent, **named)
    assert answer.status_code == 201, answer.text

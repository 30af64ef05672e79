"""A person at a browser, and what happened before they opened it."""

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Locator, Page, Request, Response

from tests.signing_in import account_behind

WIDE, NARROW = 1280, 320
HEIGHT = 900


@dataclass
class Visitor:
    """One browser window, and everything that it asked for or complained about on the way."""

    site: str
    page: Page
    app: FastAPI
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def _asked(self, request: Request) -> None:
        self.requests.append(request)

    def opens(self, path: str) -> Response:
        """What the server answered, after any redirect, once the page and all its files are there."""
        answer = self.page.goto(self.site + path, wait_until="load")
        assert answer is not None
        return answer

    def signs_in(self, key: str) -> None:
        """Signs in as the person who works with the system of this key."""
        self.opens("/sign-in")
        self.chooses(key)

    def chooses(self, key: str) -> None:
        wanted = account_behind(self.app, key)
        self.page.reload()  # the person may have been added since the page was opened
        self.page.get_by_label("Who you are").select_option(wanted)
        self.goes_by(self.page.get_by_role("button", name="Sign in"))

    def signs_out(self) -> None:
        self.goes_by(self.page.get_by_role("button", name="Sign out"))

    def goes_by(self, link_or_button: Locator) -> None:
        """The page that a link or a button leads to is there."""
        with self.page.expect_navigation():
            link_or_button.click()

    def narrows_to(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.site)

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def region(self, name: str) -> str:
        """The text of a headed part of the page, on one line."""
        return " ".join(self.page.get_by_role("region", name=name, exact=True).inner_text().split())

    def rows(self, caption: str) -> list[str]:
        """The lines of the table with this caption, in the order shown."""
        table = self.page.get_by_role("table", name=caption)
        return [row.inner_text() for row in table.locator("tbody tr").all()]

    def axe_violations(self) -> list[str]:
        """What axe finds wrong on this page; Swagger UI's own part is named in the accessibility statement."""
        found = Axe().run(self.page, context={"exclude": ["#swagger-ui"]}, options={"resultTypes": ["violations"]})
        return [
            f"{self.path}: {one['id']} at {[node['target'] for node in one['nodes']][:3]}"
            for one in found.response["violations"]
        ]


@dataclass(frozen=True, slots=True)
class History:
    """The one case of a busy board: its reference, its decision, and its actions as they were first assigned."""

    case: str
    referral_id: str
    decision_id: str
    actions: list[dict[str, Any]]

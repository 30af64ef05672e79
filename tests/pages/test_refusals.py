"""A browser is refused in words, a system by problem details, and every code is explained."""

import re
from pathlib import Path

from fastapi.testclient import TestClient

import app as package
from app.foundation.errors import ServiceError
from app.pages.views.problems import all_problems
from tests.given import Callers
from tests.pages.visiting import Visitor

SOURCES = Path(package.__file__).parent


def test_browser_that_asks_for_nothing_we_have_gets_a_page(visitor: Visitor) -> None:
    answer = visitor.opens("/no-such-page")

    assert (answer.status, visitor.heading) == (404, "Page not found")
    assert answer.headers["x-request-id"] in visitor.text


def test_system_that_asks_for_nothing_we_have_gets_problem_details(http: TestClient) -> None:
    answer = http.get("/v1/no-such-thing", headers={"Accept": "application/json"})

    assert answer.headers["content-type"] == "application/problem+json"


def test_api_path_answers_problem_details_even_to_a_browser(http: TestClient) -> None:
    answer = http.get("/v1/actions", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_unknown_filter_is_refused_on_a_page_that_repeats_nothing(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in(callers.coordinator.key)

    answer = visitor.opens("/board?surname=CANARY")

    assert (answer.status, visitor.heading) == (400, "This address cannot be read")
    assert "CANARY" not in visitor.page.content()


def test_every_code_that_the_service_can_send_is_explained(http: TestClient) -> None:
    sent = {kind.code for kind in ServiceError.__subclasses__()} | {
        code
        for source in SOURCES.rglob("*.py")
        for code in re.findall(r'\bcode="([a-z][a-z-]+)"', source.read_text(encoding="utf-8"))
    }
    explained = {problem.code for problem in all_problems()}

    page = http.get("/problems").text

    assert len(sent) > 12
    assert sent - explained == set(), "add these codes to app/pages/problems.toml"
    assert [code for code in explained if f'id="{code}"' not in page] == []


def test_problem_details_link_to_where_their_code_is_explained(visitor: Visitor, http: TestClient) -> None:
    link = http.get("/v1/actions").json()["type"]

    visitor.opens(link)

    assert visitor.page.locator(f"h2[id='{link.partition('#')[2]}']").is_visible()


def test_each_code_is_explained_once_with_cause_and_remedy() -> None:
    problems = all_problems()

    codes = [problem.code for problem in problems]

    assert len(codes) == len(set(codes))
    assert all(problem.cause and problem.remedy.endswith(".") for problem in problems)

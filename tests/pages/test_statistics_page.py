"""The page of statistics shows what the API counts, in tables and in words, and names nobody."""

from typing import Any

from app.foundation.clock import SettableClock
from tests.given import Callers
from tests.pages.visiting import History, Visitor

PERIOD = "from=2026-03-01&to=2026-03-31"


def counted(callers: Callers, forum: str) -> dict[str, Any]:
    days = {"from": "2026-03-01", "to": "2026-03-31"}
    body = callers.chair.get("/v1/statistics", area="ANYTOWN", forum=forum, **days).json()
    found: dict[str, Any] = body["forums"][0]
    return found


def lines(visitor: Visitor, caption: str) -> dict[str, str]:
    return dict(row.split("\t") for row in visitor.rows(caption))


def test_page_of_statistics_shows_what_the_api_counts(visitor: Visitor, callers: Callers, busy_board: History) -> None:
    visitor.signs_in(callers.chair.key)
    statistics = counted(callers, "MATAC")

    visitor.opens(f"/board/statistics?{PERIOD}")

    requests, actions = lines(visitor, "Requests and answers of MATAC"), lines(visitor, "Actions of MATAC")
    assert requests["Asked to lead or to support"] == str(statistics["screening"]["asked"])
    assert requests["declined: managed elsewhere"] == str(statistics["screening"]["refusals"]["MANAGED_ELSEWHERE"])
    assert actions["Set"] == str(statistics["actions"]["set"])
    assert lines(visitor, "The area") == {"Referrals received": "1", "Needs without an owner": "0"}


def test_page_of_statistics_is_reached_from_the_board_and_shows_the_last_three_months(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.coordinator.key)

    visitor.goes_by(visitor.page.get_by_role("link", name="Statistics of past months"))

    assert visitor.heading == "Statistics from 1 January 2026 to 19 March 2026"
    assert "do not publish" in visitor.text


def test_form_of_statistics_works_without_script_and_keeps_what_was_chosen(
    visitor_without_script: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor = visitor_without_script
    visitor.signs_in(callers.chair.key)
    visitor.opens("/board/statistics")
    visitor.page.get_by_label("Forum").select_option("MARAC")
    visitor.page.get_by_label("First day").fill("2026-03-10")
    visitor.page.get_by_label("Last day").fill("2026-03-11")

    visitor.goes_by(visitor.page.get_by_role("button", name="Show"))

    assert visitor.heading == "Statistics from 10 March 2026 to 11 March 2026"
    assert visitor.page.get_by_label("Forum").input_value() == "MARAC"
    assert [part.inner_text() for part in visitor.page.locator("h2[id^=forum]").all()] == ["MARAC"]


def test_period_that_ends_before_it_begins_is_said_on_the_page(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in(callers.chair.key)

    answer = visitor.opens("/board/statistics?from=2026-03-31&to=2026-03-01")

    assert answer.status == 422
    assert "lies before" in visitor.page.get_by_role("alert").inner_text()
    assert visitor.page.get_by_label("First day").input_value() == "2026-03-31"


def test_days_in_which_nothing_happened_say_so_in_words(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.chair.key)

    visitor.opens("/board/statistics?from=2025-01-01&to=2025-01-31")

    assert "No forum has anything to count in these days." in visitor.text


def test_page_of_statistics_shows_no_case_no_agency_and_no_person(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.chair.key)

    visitor.opens(f"/board/statistics?{PERIOD}")

    hidden = (busy_board.case, "V-1", "P-1", "V-OTHER", "NOTE-CANARY", "Anytown police", "ANYTOWN-POLICE")
    assert [word for word in hidden if word in visitor.page.content()] == []


def test_partner_is_offered_no_statistics_and_is_refused_them(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.idva.key)
    offered = visitor.page.get_by_role("link", name="Statistics of past months").count()

    answer = visitor.opens("/board/statistics")

    assert (offered, answer.status) == (0, 403)


def test_visitor_whose_session_ended_comes_back_to_the_statistics_after_signing_in(
    visitor: Visitor, callers: Callers, clock: SettableClock
) -> None:
    visitor.opens("/board/statistics")

    visitor.chooses(callers.chair.key)

    assert visitor.path == "/board/statistics"

"""What holds for every page: marked, accessible, quiet on the wire, whole without JavaScript and on paper."""

from io import BytesIO

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.given import Callers
from tests.pages.visiting import NARROW, WIDE, History, Visitor

OPEN_PAGES = ("/sign-in", "/problems", "/docs", "/accessibility", "/no-such-page")
MARKING = "OFFICIAL-SENSITIVE"


def pages_of(history: History) -> tuple[str, ...]:
    filtered = "/board?section=CAME_BACK&role=MARAC_CHAIR"
    return (
        *OPEN_PAGES,
        "/board",
        filtered,
        "/board?kind=NOWHERE",
        f"/board/decisions/{history.decision_id}",
        "/board/statistics",
    )


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_axe_finds_nothing_wrong_on_any_page_with_much_to_show(
    visitor: Visitor, callers: Callers, busy_board: History, width: int
) -> None:
    visitor.narrows_to(width)
    visitor.signs_in(callers.chair.key)
    found = []

    for path in pages_of(busy_board):
        visitor.opens(path)
        found += visitor.axe_violations()

    assert found == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_axe_finds_nothing_wrong_on_an_empty_board_or_a_refused_sign_in(
    visitor: Visitor, callers: Callers, width: int
) -> None:
    visitor.narrows_to(width)
    visitor.signs_in("no such key")
    found = visitor.axe_violations()

    visitor.signs_in(callers.chair.key)
    found += visitor.axe_violations()

    assert visitor.heading == "My work"
    assert found == []


def test_every_page_is_marked_at_both_ends_and_keeps_within_the_narrowest_screen(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.narrows_to(NARROW)
    visitor.signs_in(callers.chair.key)
    ends, widths = {}, {}

    for path in pages_of(busy_board):
        visitor.opens(path)
        lines = visitor.text.strip().splitlines()
        ends[path] = (lines[0], lines[-1])
        widths[path] = visitor.page.evaluate("document.documentElement.scrollWidth")

    assert set(ends.values()) == {(MARKING, MARKING)}, ends
    assert set(widths.values()) == {NARROW}, widths


def test_every_page_obeys_the_strict_policy_and_asks_no_other_host_for_anything(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.chair.key)

    policies = [visitor.opens(path).headers["content-security-policy"] for path in pages_of(busy_board)]

    outside = [r.url for r in visitor.requests if not r.url.startswith((f"{visitor.site}/", "data:"))]
    assert all(policy.startswith("default-src 'none'; script-src 'self' 'sha256-") for policy in policies)
    assert [policy for policy in policies if "unsafe" in policy] == []
    assert [said for said in visitor.complaints if "status of 4" not in said] == []
    assert (outside, [r.url for r in visitor.requests if r.resource_type == "font"]) == ([], [])


def test_every_printed_sheet_is_marked_and_shows_no_address(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.chair.key)
    sheets = []

    for path in ("/board", f"/board/decisions/{busy_board.decision_id}", "/board/statistics"):
        visitor.opens(path)
        printed = PdfReader(BytesIO(visitor.page.pdf(prefer_css_page_size=True)))
        sheets += [sheet.extract_text() for sheet in printed.pages]

    assert len(sheets) > 2
    assert [sheet for sheet in sheets if sheet.count(MARKING) < 2] == []
    assert [sheet for sheet in sheets if "/board" in sheet or "http" in sheet or "Sign out" in sheet] == []


def test_whole_journey_works_with_javascript_off(
    visitor_without_script: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor = visitor_without_script
    visitor.signs_in(callers.chair.key)
    visitor.page.get_by_text("Show only some").click()
    visitor.page.get_by_label("When").select_option("Came back")
    visitor.goes_by(visitor.page.get_by_role("button", name="Show"))
    filtered = visitor.rows("Came back, the longest waiting first")

    visitor.goes_by(visitor.page.get_by_role("link", name=busy_board.case).first)
    decision = visitor.heading
    visitor.signs_out()

    assert filtered
    assert decision == "Why it went there, and who owns what"
    assert "You have signed out" in visitor.text


def test_first_press_of_tab_offers_to_skip_to_the_content(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in(callers.chair.key)
    visitor.opens("/board")

    visitor.page.keyboard.press("Tab")
    offered = visitor.page.evaluate("document.activeElement.textContent")
    visitor.page.keyboard.press("Enter")

    assert offered == "Skip to main content"
    assert visitor.page.evaluate("document.activeElement.id") == "main-content"


def test_interactive_reference_loads_from_our_own_host(visitor: Visitor) -> None:
    visitor.opens("/docs")

    visitor.page.locator("#swagger-ui .opblock").nth(10).wait_for()

    assert visitor.complaints == []


def test_first_look_at_the_board_takes_eight_requests_and_sixty_kilobytes_at_most(
    visitor: Visitor, callers: Callers, busy_board: History, browser: Browser
) -> None:
    visitor.signs_in(callers.chair.key)
    with browser.new_context(storage_state=visitor.page.context.storage_state()) as nothing_kept:
        newcomer = Visitor(visitor.site, nothing_kept.new_page(), visitor.app)

        newcomer.opens("/board")

        taken = sum(request.sizes()["responseBodySize"] for request in newcomer.requests)
        heading = newcomer.heading

    assert heading == "My work"
    assert len(newcomer.requests) <= 8
    assert taken <= 60_000

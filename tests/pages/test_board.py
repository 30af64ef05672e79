"""The board shows what is asked of the viewer's posts, by section, in the order of the inbox."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.models import Action
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock, london_instant
from app.foundation.identifiers import new_id
from tests.given import Caller, Callers, a_referral, a_serial_perpetrator
from tests.pages.visiting import History, Visitor

SECTIONS = ("Danger", "Came back", "Late", "Today", "Next")


def shown_in(visitor: Visitor, section: str) -> list[str]:
    """The rows of a section; none when the page does not have it."""
    caption = f"{section}, the longest waiting first"
    table = visitor.page.get_by_role("table", name=caption)
    return visitor.rows(caption) if table.count() else []


def all_rows(visitor: Visitor) -> list[str]:
    return [row for section in SECTIONS for row in shown_in(visitor, section)]


def inbox(caller: Caller, **params: Any) -> list[dict[str, Any]]:
    """As a named colleague reads it: a system that names nobody is asked to check no report of its own agency."""
    headers = caller._headers() | caller.on_behalf_of("sam.reid")
    answer = caller.client.get("/v1/inbox", params={"limit": 200, **params}, headers=headers)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize("who", ["hub", "coordinator", "probation"])
def test_board_shows_the_inbox_in_its_order_under_its_sections(
    who: str, visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    caller: Caller = getattr(callers, who)
    visitor.signs_in(caller.key)

    for section in SECTIONS:
        asked = inbox(caller, section=section.upper().replace(" ", "_"))
        words = [
            row.split("\t")[1].split("\n")[0].removesuffix(" LIFE SAFETY").strip() for row in shown_in(visitor, section)
        ]
        assert words == [one["what"] for one in asked], section


def test_board_counts_what_its_links_then_show(visitor: Visitor, callers: Callers, busy_board: History) -> None:
    visitor.signs_in(callers.hub.key)
    counted = [
        item.inner_text().split(maxsplit=1)
        for item in visitor.page.get_by_label("Counts").get_by_role("listitem").all()
    ]
    links = [link.get_attribute("href") for link in visitor.page.get_by_label("Counts").get_by_role("link").all()]
    shown = {}

    for link in links:
        visitor.opens(str(link))
        shown[visitor.page.locator("h2").first.inner_text()] = len(all_rows(visitor))

    assert [label for _, label in counted] == [section.lower() for section in SECTIONS]
    assert {label.capitalize(): int(figure) for figure, label in counted if figure != "0"} == shown
    assert len(shown) >= 3


def test_declined_request_names_the_holder_and_doubts_an_empty_claim(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.chair.key)

    (row,) = (one for one in shown_in(visitor, "Came back") if "Not taken" in one)

    assert busy_board.case in row
    assert "MATAC declined: managed elsewhere, by MAPPA level 2." in row
    assert "No acceptance by MAPPA level 2 is on record." in row
    assert "The police PVP hub still owns it" in row
    assert "Since 11 March 2026 at 10:00am" in row


def test_declined_request_leaves_the_board_when_somebody_else_owns_the_need(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    asked = callers.mappa.get("/v1/proposals", state="PROPOSED").json()["items"]
    ours = next(proposal for proposal in asked if proposal["forum"] == "MAPPA_L2")
    callers.mappa.post(f"/v1/proposals/{ours['id']}/acceptances", {})

    visitor.signs_in(callers.chair.key)

    assert not [one for one in shown_in(visitor, "Came back") if "Not taken" in one]


def test_holder_is_asked_who_is_next(visitor: Visitor, callers: Callers, busy_board: History) -> None:
    visitor.signs_in(callers.hub.key)

    (row,) = shown_in(visitor, "Came back")

    assert "Propose who manages the perpetrator now that MATAC has not taken it" in row


def test_action_that_its_recipient_declined_is_shown_as_come_back_not_as_closed(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.chair.key)

    (row,) = (one for one in shown_in(visitor, "Came back") if busy_board.actions[1]["what"] in one)

    assert "Its recipient declined it, give it to somebody" in row


def test_reported_action_is_asked_of_a_second_person_until_they_have_looked(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    reported = busy_board.actions[0]
    visitor.signs_in(callers.chair.key)
    before = [row for row in all_rows(visitor) if f"Check what was reported: {reported['what']}" in row]
    callers.chair.post(
        f"/v1/actions/{reported['id']}/reviews",
        {"verdict": "ACCEPTED", "note": "Seen the record"},
        **callers.chair.on_behalf_of("marac.chair"),
        **{"If-Match": '"2"'},
    ).raise_for_status()

    visitor.opens("/board")

    after = [row for row in all_rows(visitor) if "Check what was reported" in row]
    assert (len(before), after) == (1, [])


def test_late_row_says_how_late_and_danger_is_marked(visitor: Visitor, callers: Callers, busy_board: History) -> None:
    visitor.signs_in(callers.hub.key)

    late, danger = shown_in(visitor, "Late"), shown_in(visitor, "Danger")

    assert late
    assert all("Overdue by" in row for row in (*late, *danger))
    assert all("LIFE SAFETY" in row.upper() for row in danger)
    assert not any("LIFE SAFETY" in row.upper() for row in late)


def test_filters_narrow_the_list_and_stay_chosen(visitor: Visitor, callers: Callers, busy_board: History) -> None:
    visitor.signs_in(callers.hub.key)
    visitor.page.get_by_text("Show only some").click()
    visitor.page.get_by_label("What is asked").select_option("Action")
    visitor.page.get_by_label("Post").select_option("Police inspector")

    visitor.goes_by(visitor.page.get_by_role("button", name="Show"))

    shown = all_rows(visitor)
    assert shown
    assert all("Police inspector" in row and "Action" in row for row in shown)
    assert visitor.page.get_by_label("Post").input_value() == "POLICE_INSPECTOR"


def test_long_list_is_paged_without_losing_or_repeating_an_action(
    visitor: Visitor,
    callers: Callers,
    busy_board: History,
    sessions: sessionmaker[Session],
    clock: SettableClock,
) -> None:
    _add_actions(sessions, busy_board, clock, 120)
    visitor.signs_in(callers.hub.key)
    pages = [all_rows(visitor)]

    while visitor.page.get_by_role("link", name="Next page").count():
        visitor.goes_by(visitor.page.get_by_role("link", name="Next page"))
        pages.append(all_rows(visitor))

    numbered = [row for page in pages for row in page if "Numbered action" in row]
    assert [len(page) for page in pages[:-1]] == [50] * (len(pages) - 1)
    assert (len(numbered), len(set(numbered))) == (120, 120)
    assert visitor.page.title() == "My work (continued) - Referral routing"


def test_next_page_of_a_section_opens_although_time_has_passed(
    visitor: Visitor,
    callers: Callers,
    busy_board: History,
    sessions: sessionmaker[Session],
    clock: SettableClock,
) -> None:
    _add_actions(sessions, busy_board, clock, 60)
    visitor.signs_in(callers.hub.key)
    visitor.opens("/board?section=NEXT")
    first = all_rows(visitor)
    clock.set(clock.now() + timedelta(minutes=5))

    visitor.goes_by(visitor.page.get_by_role("link", name="Next page"))

    assert len(first) == 50
    assert len({*first, *all_rows(visitor)}) == 60


def _add_actions(sessions: sessionmaker[Session], history: History, clock: SettableClock, number: int) -> None:
    """So many actions of the hub that are due on the Friday of the week in which the board is opened."""
    with sessions.begin() as session:
        scope_to_system(session)
        like = session.get_one(Action, history.actions[2]["id"])
        same = {name: getattr(like, name) for name in ("case_id", "area", "forums", "done_when")}
        hubs = {"owner_agency": "ANYTOWN-POLICE", "owner_role": "PVP_HUB", "agencies": ["ANYTOWN-POLICE"]}
        due = {"due_on": date(2026, 3, 20), "sort_at": london_instant(date(2026, 3, 21), 0)}
        own = {"life_safety": False, "reaches_victim": False, "due_version": 1, "version": 1, "created_at": clock.now()}
        session.add_all(
            Action(id=new_id("act"), what=f"Numbered action {n}", state="OPEN", **same, **hubs, **due, **own)
            for n in range(number)
        )


def test_partner_sees_only_its_own_work_and_no_link_it_may_not_open(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.idva.key)

    shown = all_rows(visitor)

    assert shown
    assert all("Anytown idva" in row for row in shown)
    assert busy_board.case in shown[0]
    assert visitor.page.locator("a[href*='/decisions/']").count() == 0


def test_whoever_works_with_the_perpetrator_reads_and_counts_nothing_of_the_disclosure_scheme(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    applied = {"route": "RIGHT_TO_ASK", "applied_on": "2026-03-09"}
    callers.hub.post(
        "/v1/referrals", a_serial_perpetrator(source_reference="DV-9", disclosure=applied)
    ).raise_for_status()
    assert [one for one in inbox(callers.hub) if "disclosure" in one["what"]]
    visitor.signs_in(callers.probation.key)

    counted = visitor.page.get_by_label("Counts").inner_text().split()

    assert "disclosure" not in visitor.page.content()
    assert sum(int(figure) for figure in counted if figure.isdigit()) == len(all_rows(visitor))


def test_board_holds_no_reference_of_a_person_and_no_note(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.coordinator.key)

    source = visitor.page.content()

    assert [canary for canary in ("V-1", "P-1", "V-OTHER", "NOTE-CANARY") if canary in source] == []


def test_each_look_at_the_board_is_on_the_audit_trail(
    visitor: Visitor, callers: Callers, busy_board: History, owner_engine: Engine
) -> None:
    visitor.signs_in(callers.coordinator.key)
    visitor.opens("/board")

    with owner_engine.connect() as connection:
        looks = connection.execute(
            text("SELECT category, subject_type, agency FROM audit_entry WHERE route = 'showBoard'")
        ).all()

    assert [tuple(look) for look in looks] == [("consultation", "inbox", "ANYTOWN-MARAC")] * 2


def test_empty_board_says_so(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in(callers.council.key)

    assert "Nothing is waiting for you." in visitor.text
    visitor.opens("/board?section=LATE")
    assert "Nothing that waits for you matches." in visitor.text


def test_referral_of_another_area_never_reaches_the_board(
    visitor: Visitor,
    callers: Callers,
    busy_board: History,
    sessions: sessionmaker[Session],
    clock: SettableClock,
) -> None:
    callers.hub.post("/v1/referrals", a_referral("DV-2", victim={"ref": "V-2", "age": 30}))
    stranger = _coordinator_elsewhere(sessions, clock)

    visitor.signs_in(stranger)

    # The other area has no calendar either.
    assert [row for row in all_rows(visitor) if "Set the year's meetings" not in row] == []


def _coordinator_elsewhere(sessions: sessionmaker[Session], clock: SettableClock) -> str:
    with sessions.begin() as session:
        return create_demo_area(session, "OTHERTOWN", "national-baseline", clock.now(), name="Othertown").keys[
            "coordinator"
        ]

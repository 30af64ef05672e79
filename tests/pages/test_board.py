"""The board shows what is overdue and who owns it, what came back declined, and what nobody reviewed."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.models import Action
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock, london_instant
from app.foundation.identifiers import new_id
from tests.given import Callers, a_referral
from tests.pages.visiting import History, Visitor

ALL, RETURNED = "Open actions, the most overdue first", "Actions that came back declined"
UNREVIEWED = "Actions that nobody has reviewed, the longest waiting first"


def test_open_actions_are_listed_the_most_overdue_first(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.coordinator.key)

    shown = visitor.rows(ALL)

    listed = callers.coordinator.get("/v1/actions", limit=50).json()["items"]
    assert [row.split("\t")[1].split("\n")[0].strip() for row in shown] == [_as_shown(one) for one in listed]
    assert "Overdue by 9 days" in shown[0]
    assert "Overdue" not in shown[-1]


def _as_shown(action: dict[str, Any]) -> str:
    return str(action["what"]) + (" LIFE SAFETY" if action["life_safety"] else "")


def test_board_counts_what_its_filters_then_show(visitor: Visitor, callers: Callers, busy_board: History) -> None:
    visitor.signs_in(callers.coordinator.key)
    counted = [item.inner_text().split() for item in visitor.page.get_by_label("Counts").get_by_role("link").all()]
    shown = []

    for name in ("overdue", "due_this_week", "unreviewed"):
        visitor.opens(f"/board?{name}=true")
        table = visitor.page.get_by_role("table", name=ALL)
        shown.append(len(visitor.rows(ALL)) if table.count() else 0)

    assert [int(figure) for figure, *_ in counted[:3]] == shown
    assert counted[3] == ["2", "came", "back", "declined"]


def test_declined_request_names_the_holder_and_doubts_an_empty_claim(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.chair.key)

    block = visitor.region("Came back declined")

    assert f"MATAC was asked to support on the perpetrator: Decision for case {busy_board.case}" in block
    assert "Declined: managed elsewhere, by MAPPA level 2" in block
    assert "No acceptance by MAPPA level 2 is on record" in block
    assert "Still owned by Anytown police (the police PVP hub), since 10 March 2026 at 9:30am" in block


def test_declined_request_leaves_the_board_when_somebody_else_owns_the_need(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    asked = callers.mappa.get("/v1/proposals", state="PROPOSED").json()["items"]
    ours = next(proposal for proposal in asked if proposal["forum"] == "MAPPA_L2")
    callers.mappa.post(f"/v1/proposals/{ours['id']}/acceptances", {})

    visitor.signs_in(callers.chair.key)

    block = visitor.region("Came back declined")
    assert "was asked to" not in block


def test_action_that_its_recipient_declined_is_shown_as_come_back_not_as_closed(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.chair.key)

    (row,) = visitor.rows(RETURNED)

    assert busy_board.actions[1]["what"] in row
    assert "Came back declined" in row
    assert "Reported declined by recipient by Anytown marac, 11 March 2026 at 10:00am" in row


def test_action_reported_done_stays_listed_until_a_second_person_looks(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    reported = busy_board.actions[0]
    visitor.signs_in(callers.chair.key)
    before = [row for row in visitor.rows(ALL) if "Reported completed" in row]
    callers.chair.post(
        f"/v1/actions/{reported['id']}/reviews",
        {"verdict": "ACCEPTED", "note": "Seen the record"},
        **{"If-Match": '"2"'},
    )

    visitor.opens("/board")

    after = [row for row in visitor.rows(ALL) if "Reported completed" in row]
    assert (len(before), after) == (1, [])
    assert reported["what"] in before[0]


def test_overdue_action_that_nobody_looked_at_is_listed_as_unreviewed(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.chair.key)

    shown = visitor.rows(UNREVIEWED)

    assert len(shown) == 5
    assert all("Never" in row for row in shown)


def test_filters_narrow_the_list_and_stay_chosen(visitor: Visitor, callers: Callers, busy_board: History) -> None:
    visitor.signs_in(callers.coordinator.key)
    visitor.page.get_by_text("Filter the actions").click()
    visitor.page.get_by_label("Owner's agency").select_option("Anytown probation")
    visitor.page.get_by_label("Overdue", exact=True).check()

    visitor.goes_by(visitor.page.get_by_role("button", name="Show"))

    shown = visitor.rows(ALL)
    assert shown
    assert all("Anytown probation" in row and "Overdue by" in row for row in shown)
    assert visitor.page.get_by_label("Owner's agency").input_value() == "ANYTOWN-PROBATION"


def test_filter_by_forum_shows_that_forums_actions_only(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.coordinator.key)

    visitor.opens("/board?forum=MATAC")

    assert [row.split("\t")[1] for row in visitor.rows(ALL)] == [
        "Propose who manages the perpetrator now that MATAC has not taken it"
    ]


def test_long_list_is_paged_without_losing_or_repeating_an_action(
    visitor: Visitor,
    callers: Callers,
    busy_board: History,
    sessions: sessionmaker[Session],
    clock: SettableClock,
) -> None:
    _add_actions(sessions, busy_board, clock, 120)
    visitor.signs_in(callers.coordinator.key)
    pages = [visitor.rows(ALL)]

    while visitor.page.get_by_role("link", name="Next page").count():
        visitor.goes_by(visitor.page.get_by_role("link", name="Next page"))
        pages.append(visitor.rows(ALL))

    numbered = [row for page in pages for row in page if "Numbered action" in row]
    assert [len(page) for page in pages[:-1]] == [50] * (len(pages) - 1)
    assert (len(numbered), len(set(numbered))) == (120, 120)
    assert visitor.page.title() == "Open actions (continued) - Referral routing"


def test_next_page_of_this_weeks_actions_opens_although_time_has_passed(
    visitor: Visitor,
    callers: Callers,
    busy_board: History,
    sessions: sessionmaker[Session],
    clock: SettableClock,
) -> None:
    _add_actions(sessions, busy_board, clock, 60)
    visitor.signs_in(callers.coordinator.key)
    visitor.opens("/board?due_this_week=true")
    first = visitor.rows(ALL)
    clock.set(clock.now() + timedelta(minutes=5))

    visitor.goes_by(visitor.page.get_by_role("link", name="Next page"))

    assert len(first) == 50
    assert len({*first, *visitor.rows(ALL)}) == 60


def _add_actions(sessions: sessionmaker[Session], history: History, clock: SettableClock, number: int) -> None:
    """So many actions that are due on the Friday of the week in which the board is opened."""
    with sessions.begin() as session:
        scope_to_system(session)
        like = session.get_one(Action, history.actions[2]["id"])
        copied = ("case_id", "area", "agencies", "forums", "done_when", "owner_agency", "owner_role", "state")
        same = {name: getattr(like, name) for name in copied}
        due = {"due_on": date(2026, 3, 20), "sort_at": london_instant(date(2026, 3, 21), 0)}
        own = {"life_safety": False, "reaches_victim": False, "due_version": 1, "version": 1, "created_at": clock.now()}
        session.add_all(
            Action(id=new_id("act"), what=f"Numbered action {n}", **same, **due, **own) for n in range(number)
        )


def test_partner_sees_only_its_own_actions_and_no_link_it_may_not_open(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.idva.key)

    shown = visitor.rows(ALL)

    assert shown
    assert all("Anytown idva" in row for row in shown)
    assert busy_board.case in shown[0]
    assert visitor.page.locator("a[href*='/decisions/']").count() == 0


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

    assert [tuple(look) for look in looks] == [("consultation", "action", "ANYTOWN-MARAC")] * 2


def test_empty_board_says_so_in_every_block(visitor: Visitor, callers: Callers) -> None:
    visitor.signs_in(callers.coordinator.key)

    said = visitor.text

    assert "Nothing has come back." in said
    assert "Everything reported or overdue has been reviewed." in said
    assert "There is no open action." in said


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

    assert "There is no open action." in visitor.text


def _coordinator_elsewhere(sessions: sessionmaker[Session], clock: SettableClock) -> str:
    with sessions.begin() as session:
        return create_demo_area(session, "OTHERTOWN", "national-baseline", clock.now(), name="Othertown").keys[
            "coordinator"
        ]

"""A chair reads why a case went where it went, in the sentences of the decision itself."""

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client, scope_to_system
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from app.referrals.repositories.decision_repository import decision_by_id
from app.referrals.stored_records import decision_of
from app.routing.handbook.explain import Audience, explain
from tests.given import Caller, Callers, a_referral, an_incident
from tests.pages.visiting import History, Visitor


def test_decision_page_says_every_sentence_that_the_chair_is_told(
    visitor: Visitor, callers: Callers, busy_board: History, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        scope_to_system(session)
        stored = decision_by_id(session, busy_board.decision_id)
        assert stored is not None
        told = explain(decision_of(session, stored), Audience.CHAIR)
    visitor.signs_in(callers.chair.key)

    visitor.opens(f"/board/decisions/{busy_board.decision_id}")

    shown = visitor.text
    sentences = [sentence for passage in told.passages for sentence in passage.sentences]
    assert len(sentences) > 5
    assert [sentence for sentence in sentences if sentence not in shown] == []


def test_decision_page_names_policy_and_figures_of_each_rule(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.chair.key)

    visitor.opens(f"/board/decisions/{busy_board.decision_id}")

    rules = " ".join(visitor.rows("Rules that held, in the order they were asked"))
    assert "under the policy national-baseline" in visitor.text
    assert "the rule asks for at least 14" in rules


def test_decision_that_a_later_one_replaces_says_so_and_links_to_it(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    further = {"incident": an_incident("2026-03-18T20:00:00Z")}
    later = callers.hub.post(f"/v1/referrals/{busy_board.referral_id}/incidents", further).json()["decision"]["id"]
    visitor.signs_in(callers.chair.key)
    visitor.opens(f"/board/decisions/{busy_board.decision_id}")
    warned = "A later decision replaces this one" in visitor.text

    visitor.goes_by(visitor.page.get_by_role("link", name="19 March 2026 at 10:00am"))

    assert warned
    assert visitor.path == f"/board/decisions/{later}"
    assert "A later decision replaces this one" not in visitor.text


def test_decision_of_another_area_looks_like_one_that_does_not_exist(
    visitor: Visitor,
    callers: Callers,
    busy_board: History,
    sessions: sessionmaker[Session],
    clock: SettableClock,
) -> None:
    with sessions.begin() as session:
        stranger = create_demo_area(session, "OTHERTOWN", "national-baseline", clock.now(), name="Othertown").keys[
            "chair"
        ]
    visitor.signs_in(stranger)

    foreign = (
        visitor.opens(f"/board/decisions/{busy_board.decision_id}"),
        visitor.page.locator("main p").first.inner_text(),
    )
    missing = (
        visitor.opens(f"/board/decisions/dec_{'0' * 32}"),
        visitor.page.locator("main p").first.inner_text(),
    )

    assert (foreign[0].status, foreign[1]) == (missing[0].status, missing[1])
    assert foreign[0].status == 404


def test_partner_whose_role_may_not_read_decisions_is_told_so(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    visitor.signs_in(callers.idva.key)

    answer = visitor.opens(f"/board/decisions/{busy_board.decision_id}")

    assert (answer.status, visitor.heading) == (403, "You cannot see this page")


def test_agency_that_supervises_the_perpetrator_reads_no_decision_of_its_referral(
    visitor: Visitor, callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    with sessions.begin() as session:
        agency, role, areas = "ANYTOWN-PROBATION", "hub.referrer", ["ANYTOWN"]
        _, key = add_client(session, name="Probation refers", agency=agency, role=role, areas=areas, now=clock.now())
    routed = Caller(callers.hub.client, key).post("/v1/referrals", a_referral()).json()
    visitor.signs_in(key)

    assert visitor.opens(f"/board/decisions/{routed['decision_id']}").status == 404


def test_each_look_at_a_decision_is_on_the_audit_trail(
    visitor: Visitor, callers: Callers, busy_board: History, owner_engine: Engine
) -> None:
    visitor.signs_in(callers.chair.key)
    visitor.opens(f"/board/decisions/{busy_board.decision_id}")

    with owner_engine.connect() as connection:
        looks = connection.execute(text("SELECT subject_id FROM audit_entry WHERE route = 'showDecision'")).all()

    assert [tuple(look) for look in looks] == [(busy_board.decision_id,)]


def test_decision_page_marks_what_must_never_reach_the_perpetrator_and_does_not_show_it(
    visitor: Visitor, callers: Callers, busy_board: History
) -> None:
    marked = "information that must never be disclosed to the perpetrator"
    visitor.signs_in(callers.chair.key)
    visitor.opens(f"/board/decisions/{busy_board.decision_id}")
    before = marked in visitor.text
    path = f"/v1/referrals/{busy_board.referral_id}/facts"
    callers.coordinator.post(path, {"not_for_disclosure": "WITHHELD-CANARY"}).raise_for_status()

    visitor.opens(f"/board/decisions/{busy_board.decision_id}")

    assert (before, marked in visitor.text) == (False, True)
    assert "WITHHELD-CANARY" not in visitor.page.content()

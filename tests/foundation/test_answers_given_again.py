"""A stored answer that is given again is read again: it is on the audit trail as the first was."""

from typing import Any

from sqlalchemy import Engine, text

from tests.given import Callers, a_referral
from tests.ownership.test_handshake import need_of, proposal_to


def trail(owner_engine: Engine, agency: str) -> list[tuple[str, str, str]]:
    """What is on the trail of the agency: the category, and what was read or changed."""
    with owner_engine.connect() as connection:
        query = text(
            "SELECT category, subject_type, subject_id FROM audit_entry WHERE agency = :agency ORDER BY number"
        )
        return [
            (one.category, one.subject_type, one.subject_id) for one in connection.execute(query, {"agency": agency})
        ]


def test_referral_whose_answer_is_asked_for_again_is_read_again(callers: Callers, owner_engine: Engine) -> None:
    first = callers.hub.post("/v1/referrals", a_referral(), key="one")
    before = trail(owner_engine, "ANYTOWN-POLICE")

    again = callers.hub.post("/v1/referrals", a_referral(), key="one")

    added = trail(owner_engine, "ANYTOWN-POLICE")[len(before) :]
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    assert [(kind, subject) for _, kind, subject in added] == [(kind, subject) for _, kind, subject in before]
    assert {category for category, _, _ in added} == {"consultation"}


def test_every_repetition_is_on_the_trail_with_who_asked(callers: Callers, owner_engine: Engine) -> None:
    body = callers.hub.post("/v1/referrals", a_referral()).json()
    path = f"/v1/proposals/{proposal_to(need_of(body), 'MAPPA_L1_LEAD_AGENCY')['id']}/acceptances"
    person = callers.probation.on_behalf_of("jo.smith")
    callers.probation.post(path, {}, key="one", **person).raise_for_status()
    before = len(trail(owner_engine, "ANYTOWN-PROBATION"))

    for _ in range(3):
        callers.probation.post(path, {}, key="one", **person).raise_for_status()

    assert len(trail(owner_engine, "ANYTOWN-PROBATION")) == before + 3
    with owner_engine.connect() as connection:
        query = text(
            "SELECT on_behalf_of FROM audit_entry WHERE agency = 'ANYTOWN-PROBATION' ORDER BY number DESC LIMIT 3"
        )
        assert set(connection.scalars(query)) == {"jo.smith"}


def test_key_that_was_used_with_another_body_reads_nothing(callers: Callers, owner_engine: Engine) -> None:
    callers.hub.post("/v1/referrals", a_referral(), key="one")
    before: list[Any] = [one for one in trail(owner_engine, "ANYTOWN-POLICE") if one[0] != "refusal"]

    answer = callers.hub.post("/v1/referrals", a_referral("DV-2"), key="one")

    assert answer.json()["code"] == "idempotency-key-reused"
    assert [one for one in trail(owner_engine, "ANYTOWN-POLICE") if one[0] != "refusal"] == before

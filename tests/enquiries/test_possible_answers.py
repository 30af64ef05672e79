"""An answer must be possible, given what is on record."""

import pytest

from tests.enquiries.given_enquiries import Asked, value


@pytest.mark.parametrize(("ticks", "status"), [(7, 422), (8, 201), (18, 201), (19, 422)])
def test_ticks_lie_between_what_is_ticked_and_what_could_be(ticks: int, status: int, asked: Asked) -> None:
    body = asked.referred()  # 8 ticks, 10 questions unanswered

    answer = asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", ticks))

    assert answer.status_code == status, answer.text
    if status == 422:
        assert answer.json()["errors"][0]["pointer"] == "/answers/0/value"
        assert "from 8 to 18" in answer.json()["errors"][0]["detail"]

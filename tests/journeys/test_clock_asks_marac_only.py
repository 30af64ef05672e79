"""The end of the clock asks MARAC, because nobody answered: it says nothing of the perpetrator and asks nobody else."""

from tests.journeys.hours import HALF_ANSWERED, LAPSE, Hours

AT_LEVEL_1 = {"ref": "P-1", "mappa": {"level": 1, "category": 2}}


def test_level_2_is_asked_on_evidence_and_not_on_silence(hours: Hours) -> None:
    hours.at(0)
    hours.report(HALF_ANSWERED, perpetrator=AT_LEVEL_1)

    hours.at(LAPSE)

    assert hours.asked() == ["PROPOSED"]
    assert hours.asked("MAPPA_L2") == []


def test_level_2_is_asked_once_the_answer_meets_marac(hours: Hours) -> None:
    hours.at(0)
    hours.report(HALF_ANSWERED, perpetrator=AT_LEVEL_1)
    hours.at(LAPSE)

    hours.answered("ticks", 16)

    assert hours.asked("MAPPA_L2") == ["PROPOSED"]

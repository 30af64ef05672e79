"""A hundred referrals as hubs send them: most optional fields left out, one report per couple, the form complete."""

import random
from collections import Counter
from typing import Any

import pytest

from tests.given import Callers, a_referral, an_incident

Body = dict[str, Any]
SEED, TIMES = 20261129, 100
GRADES = {"HIGH": 12, "MEDIUM": 35, "STANDARD": 53}
TICKS = {"HIGH": (14, 20), "MEDIUM": (6, 13), "STANDARD": (0, 5)}


def a_report(chance: random.Random, number: int) -> Body:
    """Grades in the shares that forces report [B]; each optional field is there with the chance beside it."""
    grade = chance.choices(list(GRADES), list(GRADES.values()))[0]
    perpetrator: Body = {"ref": f"P-{number}"}
    if chance.random() < 0.8:
        perpetrator["age"] = chance.randint(18, 60)
    if chance.random() < 0.4:
        perpetrator["in_custody"] = chance.random() < 0.1
    if chance.random() < 0.25:
        level = chance.choices([0, 1, 2], [85, 12, 3])[0]
        perpetrator["mappa"] = {"level": level, "category": 2} if level else {"level": 0}
    incidents = [an_incident()]
    if chance.random() < 0.1:
        incidents.append(an_incident("2025-11-02T20:00:00Z", victim_ref=f"V-OTHER-{number}"))
    assessment: Body = {"tool": "DASH24", "ticks": chance.randint(*TICKS[grade]), "completed": True}
    if chance.random() < 0.7:
        assessment["seen_alone"] = True
    return a_referral(
        f"DV-{number}",
        victim={"ref": f"V-{number}", "age": chance.randint(16, 80)},
        perpetrator=perpetrator,
        assessment={**assessment, "officer_grade": grade},
        incidents=incidents,
    )


@pytest.fixture
def answers(callers: Callers) -> list[tuple[str, Body]]:
    """The grade of each report and the decision that it got over HTTP."""
    chance = random.Random(SEED)  # noqa: S311 - referrals, not secrets
    reports = [a_report(chance, number) for number in range(TIMES)]
    posted = [callers.hub.post("/v1/referrals", body) for body in reports]
    return [
        (body["assessment"]["officer_grade"], answer.json()["decision"]["decision"])
        for body, answer in zip(reports, posted, strict=True)
    ]


def test_referrals_as_hubs_send_them_are_told_apart(answers: list[tuple[str, Body]]) -> None:
    """Nobody asked apart, no pair of leads is given to most.

    A STANDARD first report without a ground stays where it is.
    """
    pairs = Counter((d["victim_candidates"][0]["forum"], d["perpetrator_candidates"][0]["forum"]) for _, d in answers)
    nobody_asked = ("REFERRING_AGENCY", "HUB")
    print(pairs.most_common())

    assert max(count for pair, count in pairs.items() if pair != nobody_asked) <= 0.6 * TIMES
    assert len(pairs) >= 5
    for grade, decision in answers:
        grounds = [finding for finding in decision["findings"] if finding["outcome"] == "marac"]
        assert grade != "STANDARD" or grounds or decision["outcomes"]["marac"] == "no"
        assert grade != "HIGH" or decision["victim_candidates"][0]["forum"] == "MARAC"

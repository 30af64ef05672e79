"""Until when an answer says that a question is open, never until a day that has passed, and what ends it then."""

from tests.journeys.hours import HALF_ANSWERED, LAPSE, Hours, Row

MEDIUM = {"tool": "DASH24", "ticks": 9, "unanswered": 0, "officer_grade": "MEDIUM", "seen_alone": True}


def test_answer_to_a_new_report_names_the_clock_of_that_report(hours: Hours) -> None:
    first = hours.report(MEDIUM)
    hours.at(12 * 24)
    second = hours.report(MEDIUM)

    (before,), (after,) = ([one["until"] for one in body["open"]] for body in (first, second))
    assert (before, after) == ("2026-03-11T09:31:00Z", "2026-03-23T09:31:00Z")


def test_end_of_a_clock_about_a_victim_of_whom_no_abuse_is_reported_is_the_inspectors(hours: Hours) -> None:
    body = hours.report(HALF_ANSWERED, incidents=[])
    ((outcome, then),) = [(one["outcome"], one["then"]) for one in body["open"] if one["outcome"] == "marac"]
    before = _asked_of_the_inspector(hours, body)
    hours.at(LAPSE)

    assert (outcome, before) == ("marac", [])
    assert then == "the hub's police inspector is asked what follows; nobody is asked to lead on silence"
    assert _asked_of_the_inspector(hours, body) == ["POLICE_INSPECTOR"]
    assert hours.asked() == []


def test_inspector_is_not_asked_where_marac_is_asked_at_the_end_of_the_clock(hours: Hours) -> None:
    body = hours.report(HALF_ANSWERED)
    hours.at(LAPSE)

    assert (_asked_of_the_inspector(hours, body), hours.asked()) == ([], ["PROPOSED"])


def test_inspector_s_action_ends_once_what_nobody_answered_is_answered(hours: Hours) -> None:
    body = hours.report(HALF_ANSWERED, incidents=[])
    hours.at(LAPSE)
    hours.learn(body, {"assessment": {"ticks": 8, "unanswered": 0}})

    (ended,) = [one for one in hours.owed(body, state="ENDED") if one["duty"] == "MARAC_OPEN_WITHOUT_ABUSE"]
    assert (_asked_of_the_inspector(hours, body), ended["outcome"]) == ([], "NO_LONGER_OWED")


def test_inspector_s_action_ends_once_abuse_is_reported_and_marac_is_asked(hours: Hours) -> None:
    body = hours.report(HALF_ANSWERED, incidents=[])
    hours.at(LAPSE)
    hours.report(HALF_ANSWERED)

    assert (_asked_of_the_inspector(hours, body), hours.asked()) == ([], ["PROPOSED"])


def test_inspector_s_action_goes_on_while_the_questions_are_open(hours: Hours) -> None:
    body = hours.report(HALF_ANSWERED, incidents=[])
    hours.at(LAPSE)
    hours.learn(body, {"victim": {"age": 34}})

    assert _asked_of_the_inspector(hours, body) == ["POLICE_INSPECTOR"]


def _asked_of_the_inspector(hours: Hours, body: Row) -> list[str]:
    return [one["owner_role"] for one in hours.owed(body) if one["duty"] == "MARAC_OPEN_WITHOUT_ABUSE"]

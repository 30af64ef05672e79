"""The steps of the chronology as calls: each is made through the API, and what came back is put into words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.demo import wording
from app.demo.narrative import Body, Narrative
from app.foundation.clock import london_date
from app.foundation.working_days import england_and_wales
from app.pages.rendering.labels import DECLINES
from app.vocabulary import DeclineCode

JOINT_VISIT_WITHIN = 5  # [I] the baseline's figure for duty D30


@dataclass(frozen=True, slots=True)
class Said:
    """What the service said, in full and as one cell of the table at the end."""

    lines: tuple[str, ...]
    brief: str


def as_json(value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    """The value as JSON carries it: dates and instants in ISO form."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: as_json(part) for name, part in value.items()}
    return [as_json(part) for part in value] if isinstance(value, list) else value


def _referral(story: Narrative, step: Body) -> Said:
    body = _people(story, as_json(step["body"]))
    routed = _refer(story, body, [body.pop("incident")] if "incident" in body else [])
    if not story.referral_id:
        story.referral_id, story.case_id = routed["referral_id"], routed["case_id"]
    return _routed(story, routed)


def _refer(story: Narrative, body: Body, incidents: list[Body]) -> Body:
    body |= {
        "source_system": "REVIEW",
        "source_reference": f"STEP-{next(story.numbers)}",
        "area": story.area,
        "incidents": incidents,
    }
    return story.created("hub", "/v1/referrals", body)


def _people(story: Narrative, body: Body) -> Body:
    body["victim"] = body.get("victim", {}) | {"ref": story.ref("JEAN")}
    body["perpetrator"] = body.get("perpetrator", {}) | {"ref": story.ref("PERPETRATOR")}
    for order in body.get("orders", []):
        order["protected_ref"] = story.ref(order["protected_ref"])
    return body


def _other_referral(story: Narrative, step: Body) -> Said:
    """Another man; the same victim. The first perpetrator is a victim here."""
    body = as_json(step["body"])
    body["perpetrator"] = {"ref": story.ref("ABUSER-1"), "in_custody": False}
    body["victim"] = {"ref": story.ref("JEAN")}
    story.lead = ""
    said = _routed(story, _refer(story, body, [body.pop("incident")]))
    own = "A case of its own, linked by the victim; who harmed whom is kept for each incident"
    return Said((own, *said.lines), f"opened a case of its own, linked by the victim; {said.brief}")


def _incident(story: Narrative, step: Body) -> Said:
    path = f"/v1/referrals/{story.referral_id}/incidents"
    for earlier in as_json(step.get("earlier", [])):
        earlier["victim_ref"] = story.ref(earlier["victim_ref"])
        story.created("hub", path, {"incident": earlier})
    body = {"incident": as_json(step["incident"])} if "incident" in step else as_json(step["body"])
    return _routed(story, story.created("hub", path, body))


def _facts(story: Narrative, step: Body) -> Said:
    path = f"/v1/referrals/{story.referral_id}/facts"
    return _routed(story, story.created("hub", path, as_json(step["body"])))


def _routed(story: Narrative, routed: Body) -> Said:
    decision, estimate = routed["decision"]["decision"], routed["hearing"]
    lines = [wording.criteria(name, decision) for name in ("MARAC", "MATAC")]
    lines.append(wording.leads(decision))
    if decision["outcomes"]["marac"] == "yes" and estimate["held_on"]:
        lines.append(wording.hearing(estimate))
    new = [action for action in routed["actions"] if action["id"] not in story.seen_actions]
    story.seen_actions |= {action["id"] for action in new}
    lines += wording.new_actions(new) if new else []
    lines.append(wording.owners(routed["needs"]))
    asked_before, story.lead = story.lead, decision["perpetrator"]["forum"]
    done = [wording.marac_in_brief(decision, estimate)]
    done += [] if story.lead == asked_before else [wording.lead_in_brief(story.lead)]
    done += [wording.actions_in_brief(len(new))] if new else []
    return Said(tuple(wording.sentence(line) for line in lines), "; ".join(done))


def _accept(story: Narrative, step: Body) -> Said:
    name = wording.forum(step["forum"])
    asked = {p["forum"] for n in story.needs() for p in n["proposals"] if p["state"] == "PROPOSED"}
    if step["forum"] not in asked:
        owned = wording.owners(story.needs())
        return Said(
            (f"{name} has not been asked: there is nothing to accept", owned), f"not yet asked {name}"
        )
    proposal = story.waiting(step["forum"])
    story.call(step["by"], "POST", f"/v1/proposals/{proposal['id']}/acceptances", {})
    return Said((f"{name} accepts", wording.owners(story.needs())), f"made {name} the owner of her safety")


def _vague_action(story: Narrative, step: Body) -> Said:
    body = {"what": step["what"]}
    _, problem = story.call("chair", "POST", f"/v1/cases/{story.case_id}/actions", body)
    pointed = {fault["pointer"] for fault in problem["errors"]}
    missing = ", ".join(words for pointer, words in wording.MISSING.items() if pointer in pointed)
    return Said(
        (f"'{step['what']}' is refused: it does not say {missing}",), "refused it, and named what it lacks"
    )


def _ask(story: Narrative, step: Body) -> Said:
    need = next(need for need in story.needs() if need["kind"] == "PERPETRATOR")
    body = {"forum": step["forum"], "reason": step["because"]}
    name = wording.forum(step["forum"])
    story.created("chair", f"/v1/needs/{need['id']}/proposals", body)
    by = wording.until(story.waiting(step["forum"])["answer_by"])
    return Said(
        (
            f"{name} is asked and must answer by {by}; being asked, it owns nothing",
            wording.owners(story.needs()),
        ),
        f"asked {name} for an answer by {by}, and kept {_his_owner(story)} as his owner",
    )


def _decline(story: Narrative, step: Body) -> Said:
    proposal = story.waiting(step["forum"])
    body = {name: step[name] for name in ("code", "claimed_forum", "reason")}
    story.call(step["by"], "POST", f"/v1/proposals/{proposal['id']}/declines", body)
    listed = story.call("chair", "GET", f"/v1/proposals?state=DECLINED&area={story.area}")[1]["items"]
    answer = next(one["answer"] for one in listed if one["id"] == proposal["id"])
    claimed, code = wording.forum(answer["claimed_forum"]), DECLINES[DeclineCode(answer["code"])]
    does = "does" if answer["claim_holds"] else "does not"
    verdict = "holds" if answer["claim_holds"] else "does not hold: it is not the accepted owner"
    return Said(
        (
            f"The refusal is on the chair's list the same day, with its reason: {code}",
            f"The claim that {claimed} manages him {verdict}",
            wording.owners(story.needs()),
        ),
        f"told the chair the same day; shown that {claimed} {does} manage him; "
        f"kept {_his_owner(story)} as his owner",
    )


def _his_owner(story: Narrative) -> str:
    need = next(need for need in story.needs() if need["kind"] == "PERPETRATOR")
    return wording.forum(need["owner"]["forum"])


def _discharge(story: Narrative, _step: Body) -> Said:
    body = {"plan": "Joint visit and safety plan go on"}
    _, problem = story.call("chair", "POST", f"/v1/cases/{story.case_id}/discharges", body)
    return Said(
        (f"MARAC's discharge is refused: {problem['detail']}",),
        "refused the discharge while nobody outside MARAC had taken him",
    )


def _working_days(story: Narrative, step: Body) -> Said:
    calendar, today = england_and_wales(), london_date(story.clock.now())
    earlier = {day: calendar.between(step["since"], date(2018, 9, day)) for day in (5, 11)}
    taken = calendar.between(step["since"], today)
    line = (
        f"Working days from the meeting: {earlier[5]} to 5 September, {earlier[11]} to 11 September, "
        f"{taken} to today; a joint visit is due within {JOINT_VISIT_WITHIN} unless an area says otherwise"
    )
    return Said((line,), f"counted {taken} working days, where {JOINT_VISIT_WITHIN} is the limit")


ACTS: Mapping[str, Callable[[Narrative, Body], Said]] = {
    "referral": _referral,
    "incident": _incident,
    "facts": _facts,
    "accept": _accept,
    "ask": _ask,
    "decline": _decline,
    "discharge": _discharge,
    "vague action": _vague_action,
    "working days": _working_days,
    "other referral": _other_referral,
}

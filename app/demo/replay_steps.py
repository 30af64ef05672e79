"""Makes each step of the chronology through the API and puts the answer in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from app.access.service import scope_to_system
from app.demo import wording
from app.demo.replay_run import Body, ReplayRun, as_json
from app.foundation.clock import london_date
from app.foundation.working_days import working_days_of
from app.meetings.parameters import duty_of
from app.pages.rendering.labels import DECLINES
from app.policies.registry import policy_of_area
from app.routing.policy.duty_ids import JOINT_VISIT
from app.vocabulary import DeclineCode, Nation

WHOLE = "?expand=decision"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service answered, in full and as one cell of the table at the end, and how many actions it made."""

    lines: tuple[str, ...]
    brief: str
    actions: int = 0


def _referral(run: ReplayRun, step: Body) -> Reply:
    body = _people(run, as_json(step["body"]))
    routed = _refer(run, body, [body.pop("incident")] if "incident" in body else [])
    if not run.referral_id:
        run.referral_id, run.case_id = routed["referral_id"], routed["case_id"]
    return _routed(run, routed)


def _refer(run: ReplayRun, body: Body, incidents: list[Body]) -> Body:
    body |= {
        "source_system": "REVIEW",
        "source_reference": f"STEP-{next(run.numbers)}",
        "area": run.area,
        "incidents": incidents,
    }
    return run.created("hub", f"/v1/referrals{WHOLE}", body)


def _people(run: ReplayRun, body: Body) -> Body:
    body["victim"] = body.get("victim", {}) | {"ref": run.ref("JEAN")}
    body["perpetrator"] = body.get("perpetrator", {}) | {"ref": run.ref("PERPETRATOR")}
    for order in body.get("orders", []):
        order["protected_ref"] = run.ref(order["protected_ref"])
    return body


def _other_referral(run: ReplayRun, step: Body) -> Reply:
    """Refers another perpetrator and the same victim. The first perpetrator is a victim of this incident."""
    body = as_json(step["body"])
    body["perpetrator"] = {"ref": run.ref("ABUSER-1"), "in_custody": False}
    body["victim"] = {"ref": run.ref("JEAN")}
    run.lead = ""
    reply = _routed(run, _refer(run, body, [body.pop("incident")]))
    own = "A case of its own, linked by the victim; who harmed whom is kept for each incident"
    return Reply((own, *reply.lines), f"opened a case of its own, linked by the victim; {reply.brief}", reply.actions)


def _incident(run: ReplayRun, step: Body) -> Reply:
    path = f"/v1/referrals/{run.referral_id}/incidents{WHOLE}"
    for earlier in as_json(step.get("earlier", [])):
        earlier["victim_ref"] = run.ref(earlier["victim_ref"])
        run.created("hub", path, {"incident": earlier})
    body = {"incident": as_json(step["incident"])} if "incident" in step else as_json(step["body"])
    return _routed(run, run.created("hub", path, body))


def _facts(run: ReplayRun, step: Body) -> Reply:
    path = f"/v1/referrals/{run.referral_id}/facts{WHOLE}"
    return _routed(run, run.created("hub", path, as_json(step["body"])))


def _routed(run: ReplayRun, routed: Body) -> Reply:
    decision, estimate = routed["decision"]["decision"], routed["hearing"]
    lines = [wording.criteria(name, decision) for name in ("MARAC", "MATAC")]
    lines.append(wording.leads(decision))
    if decision["outcomes"]["marac"] == "yes" and estimate["held_on"]:
        lines.append(wording.hearing(estimate))
    new = run.new_actions(routed["case_id"])
    lines += wording.new_actions(new) if new else []
    lines += [wording.asked(routed["enquiries"])] if routed["enquiries"] else []
    lines.append(wording.owners(routed["needs"]))
    asked_before, run.lead = run.lead, decision["perpetrator"]["forum"]
    done = [wording.marac_in_brief(decision, estimate)]
    done += [] if run.lead == asked_before else [wording.lead_in_brief(run.lead)]
    done += [wording.actions_in_brief(len(new))] if new else []
    return Reply(tuple(wording.sentence(line) for line in lines), "; ".join(done), len(new))


def _accept(run: ReplayRun, step: Body) -> Reply:
    name = wording.forum(step["forum"])
    asked = {p["forum"] for n in run.needs() for p in n["proposals"] if p["state"] == "PROPOSED"}
    if step["forum"] not in asked:
        owned = wording.owners(run.needs())
        return Reply((f"{name} has not been asked: there is nothing to accept", owned), f"not yet asked {name}")
    proposal = run.waiting(step["forum"])
    run.call(step["by"], "POST", f"/v1/proposals/{proposal['id']}/acceptances", {})
    return Reply((f"{name} accepts", wording.owners(run.needs())), f"made {name} the owner of the victim's safety")


def _vague_action(run: ReplayRun, step: Body) -> Reply:
    body = {"what": step["what"]}
    _, problem = run.call("chair", "POST", f"/v1/cases/{run.case_id}/actions", body)
    pointed = {fault["pointer"] for fault in problem["errors"]}
    missing = ", ".join(words for pointer, words in wording.MISSING.items() if pointer in pointed)
    return Reply((f"'{step['what']}' is refused: it does not say {missing}",), "refused it, and named what it lacks")


def _ask(run: ReplayRun, step: Body) -> Reply:
    need = next(need for need in run.needs() if need["kind"] == "PERPETRATOR")
    body = {"forum": step["forum"], "reason": step["because"]}
    name = wording.forum(step["forum"])
    run.created("chair", f"/v1/needs/{need['id']}/proposals", body)
    by = wording.until(run.waiting(step["forum"])["answer_by"])
    return Reply(
        (
            f"{name} is asked and must answer by {by}; until it accepts, it owns nothing",
            wording.owners(run.needs()),
        ),
        f"asked {name} for an answer by {by}, and kept {_perpetrator_owner(run)} as the perpetrator's owner",
    )


def _decline(run: ReplayRun, step: Body) -> Reply:
    proposal = run.waiting(step["forum"])
    body = {name: step[name] for name in ("code", "claimed_forum", "reason")}
    run.call(step["by"], "POST", f"/v1/proposals/{proposal['id']}/declines", body)
    listed = run.call("chair", "GET", f"/v1/proposals?state=DECLINED&area={run.area}")[1]["items"]
    answer = next(one["answer"] for one in listed if one["id"] == proposal["id"])
    claimed, code = wording.forum(answer["claimed_forum"]), DECLINES[DeclineCode(answer["code"])]
    does = "does" if answer["claim_holds"] else "does not"
    verdict = "holds" if answer["claim_holds"] else "does not hold: it is not the accepted owner"
    return Reply(
        (
            f"The refusal is on the chair's list the same day, with its reason: {code}",
            f"The claim that {claimed} manages the perpetrator {verdict}",
            wording.owners(run.needs()),
        ),
        f"told the chair the same day; shown that {claimed} {does} manage the perpetrator; "
        f"kept {_perpetrator_owner(run)} as the perpetrator's owner",
    )


def _perpetrator_owner(run: ReplayRun) -> str:
    need = next(need for need in run.needs() if need["kind"] == "PERPETRATOR")
    return wording.forum(need["owner"]["forum"])


def _discharge(run: ReplayRun, _step: Body) -> Reply:
    body = {"plan": "Joint visit and safety plan continue"}
    _, problem = run.call("chair", "POST", f"/v1/cases/{run.case_id}/discharges", body)
    return Reply(
        (f"MARAC's discharge is refused: {problem['detail']}",),
        "refused the discharge while nobody outside MARAC had accepted the perpetrator",
    )


def _working_days(run: ReplayRun, step: Body) -> Reply:
    calendar, today = working_days_of(Nation.ENGLAND), london_date(run.clock.now())
    earlier = {day: calendar.between(step["since"], date(2018, 9, day)) for day in (5, 11)}
    taken = calendar.between(step["since"], today)
    with run.sessions.begin() as session:
        scope_to_system(session)
        limit = duty_of(policy_of_area(session, run.area, run.clock.now()), JOINT_VISIT).due.amount
    line = (
        f"Working days from the meeting: {earlier[5]} to 5 September, {earlier[11]} to 11 September, "
        f"{taken} to today; a joint visit is due within {limit} here"
    )
    return Reply((line,), f"counted {taken} working days, where {limit} is the limit")


STEPS: Mapping[str, Callable[[ReplayRun, Body], Reply]] = {
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

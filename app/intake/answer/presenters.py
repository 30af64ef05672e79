"""Builds the answer to whoever sent a referral, an incident or facts."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.access.calls import Call
from app.actions.api.scheme import is_for_others
from app.actions.models import Action
from app.audit.service import Category, record_act
from app.enquiries.presenters import open_enquiries_out
from app.foundation.web.idempotency import OperationResult
from app.intake.answer.briefs import action_brief, need_brief, open_briefs
from app.intake.answer.limit import within_limit
from app.intake.answer.schemas import LeftOut, RoutedOut
from app.intake.service import Routed
from app.meetings.schemas import HearingEstimateOut
from app.ownership.models import Need
from app.ownership.proposals.leads import lead_candidates
from app.ownership.repository import current_ownership
from app.referrals.before_contact.perpetrators_side import works_for_perpetrator
from app.referrals.presenters import decision_out
from app.referrals.schemas.perpetrator import MappaIn
from app.referrals.service import as_now_known
from app.routing.facts.perpetrator import LEVEL_OF_OWNER
from app.routing.policy.labels import forum_name
from app.vocabulary import Forum, NeedKind


def routed_result(call: Call, routed: Routed, category: Category, expand: str | None) -> OperationResult:
    """Records the act on the audit trail, and returns the 201 answer with what follows from a referral.

    Call it while the session sees across agencies: needs and actions of other agencies are part of the answer.
    """
    record_act(call.tx, category, "referral", routed.referral.id)
    answer = within_limit(_routed_out(call, routed))
    if expand == "decision" and not works_for_perpetrator(call, routed.referral.id):
        answer = answer.model_copy(update={"decision": decision_out(call.session, routed.decision)})
    headers = {"Location": answer.links["self"]}
    return OperationResult(status=201, body=answer.model_dump(mode="json"), headers=headers)


def _routed_out(call: Call, routed: Routed) -> RoutedOut:
    session, case = call.session, routed.case
    return RoutedOut(
        referral_id=routed.referral.id,
        case_id=case.id,
        case_reference=case.reference,
        decision_id=routed.decision.id,
        needs=[need_brief(session, need, _order(routed, need)) for need in routed.needs],
        open=open_briefs(session, case, routed.made, routed.needs, routed.decision.decided_at),
        actions=[action_brief(action) for action in sorted(_actions_shown(call, routed), key=_urgency)],
        enquiries=open_enquiries_out(session, case.id, call.caller),
        hearing=HearingEstimateOut.model_validate(routed.hearing),
        deceased=routed.deceased,
        retracted=list(routed.learned.retracted),
        not_lowered=_not_lowered(session, routed),
        left_out=LeftOut(),
        links=_links(routed),
        decision=None,
    )


def _actions_shown(call: Call, routed: Routed) -> list[Action]:
    """Returns the actions, for whoever works with the perpetrator without the duties of the disclosure scheme."""
    kept = [one for one in routed.actions if not is_for_others(one, call.caller.agency)]
    hides = len(kept) < len(routed.actions) and works_for_perpetrator(call, routed.referral.id)
    return kept if hides else list(routed.actions)


def _not_lowered(session: Session, routed: Routed) -> str | None:
    """Returns which higher statement stands although the request states a lower one, and how a person lowers it."""
    level = _level_of_mappa(session, routed)
    tried = dict.fromkeys(routed.learned.not_lowered)
    assessed = [part for part in tried if part.startswith("/assessment/")]
    contact = [part for part in tried if part not in assessed]
    sentences = [_assessment_stands(routed, assessed) if assessed else None, _contact_stands(routed, contact), level]
    return " ".join(one for one in sentences if one) or None


def _assessment_stands(routed: Routed, parts: Sequence[str]) -> str:
    return (
        f"Both statements are kept, and the higher one stands: {', '.join(parts)}. A named person "
        f"lowers a grade or a judgement with the reason: POST /v1/referrals/{routed.referral.id}/assessment-reviews. "
        "Ticks or a danger that were entered in error are corrected here, in the name of a person (X-On-Behalf-Of)."
    )


def _contact_stands(routed: Routed, parts: Sequence[str]) -> str | None:
    if not parts:
        return None
    return (
        f"Both statements are kept, and the one that protects contact with the victim stands: {', '.join(parts)}. A "
        f"person lifts it in their own name (X-On-Behalf-Of): POST /v1/referrals/{routed.referral.id}/facts."
    )


def _level_of_mappa(session: Session, routed: Routed) -> str | None:
    """Returns that the level of the MAPPA that accepted stands, where a lower one is stated, and how it is lowered."""
    need = next((one for one in routed.needs if one.kind == NeedKind.PERPETRATOR and one.ended_at is None), None)
    mappa = as_now_known(session, routed.referral).perpetrator.mappa
    stated = "That MAPPA does not manage them" if mappa.not_managed else f"Level {mappa.level}"
    owner = current_ownership(session, need).forum if need else None
    if need is None or owner not in LEVEL_OF_OWNER or not _is_below(mappa, LEVEL_OF_OWNER[owner]):
        return None
    return (
        f"{stated} is kept, and {forum_name(Forum(owner))}, which accepted the perpetrator, stands until it "
        f"gives up: its chair names the next owner (POST /v1/needs/{need.id}/overrides), and that forum accepts."
    )


def _is_below(mappa: MappaIn, level: int) -> bool:
    return bool(mappa.not_managed) or (mappa.level is not None and mappa.level < level)


def _order(routed: Routed, need: Need) -> list[Forum]:
    """Returns the forums that may lead the need, in the order to ask: two can be asked at one instant."""
    return [draft.forum for draft in lead_candidates(routed.made, need.kind)]


def _urgency(action: Action) -> tuple[bool, float, str]:
    return not action.life_safety, action.sort_at.timestamp(), action.id


def _links(routed: Routed) -> dict[str, str]:
    case_id = routed.case.id
    return {
        "self": f"/v1/referrals/{routed.referral.id}",
        "decision": f"/v1/decisions/{routed.decision.id}",
        "case": f"/v1/cases/{case_id}",
        "actions": f"/v1/actions?case_id={case_id}",
        "enquiries": f"/v1/enquiries?case_id={case_id}",
    }

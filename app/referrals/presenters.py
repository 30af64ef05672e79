"""Builds the responses about referrals and decisions."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from app.referrals.models import Decision, LaterFacts, NotForDisclosure, Referral
from app.referrals.response_schemas import DecisionOut, PassageOut, ReferralOut, SubmissionOut
from app.referrals.stored_records import printed_decision
from app.routing.handbook.explain import Audience, explain
from app.routing.record.decision import RoutingDecision


def referral_out(
    referral: Referral, learned: Sequence[LaterFacts], withheld: Sequence[NotForDisclosure]
) -> ReferralOut:
    """Returns the referral as it was sent and the facts learned since.

    Of what the perpetrator must never learn it returns only the address where a named person reads it.
    """
    return ReferralOut(
        id=referral.id,
        case_id=referral.case_id,
        area=referral.area,
        source_system=referral.source_system,
        source_reference=referral.source_reference,
        referring_agency=referral.referring_agency,
        received_at=referral.received_at,
        document=referral.document,
        learned=[row.document for row in learned],
        not_for_disclosure=f"/v1/referrals/{referral.id}/not-for-disclosure" if withheld else None,
    )


def submission_out(referral: Referral, *, names_case: bool) -> SubmissionOut:
    """Returns the referral as its sender finds it again, with its case for those of the case's area."""
    here = f"/v1/referrals/{referral.id}"
    links = {"self": here, "decisions": f"{here}/decisions", "case": f"/v1/cases/{referral.case_id}"}
    names = SubmissionOut.model_fields.keys() - {"links", "case_id"}
    return SubmissionOut(
        **{name: getattr(referral, name) for name in names},
        case_id=referral.case_id if names_case else None,
        links=links if names_case else {},
    )


def decision_out(session: Session, row: Decision) -> DecisionOut:
    """Returns the stored decision, printed whole and explained for a practitioner."""
    printed = printed_decision(session, row)
    return DecisionOut(
        id=row.id,
        referral_id=row.referral_id,
        case_id=row.case_id,
        decided_at=row.decided_at,
        because=row.because,
        printing=printed.printing,
        decision=printed.decision,
        explanation=explanation_out(printed.decision, row.stated),
    )


def explanation_out(decision: RoutingDecision, stated: Iterable[str]) -> list[PassageOut]:
    """Returns the explanation of a decision for a practitioner, passage by passage.

    In short first, then the details.
    """
    return [
        PassageOut(heading=passage.heading, sentences=list(passage.sentences))
        for passage in explain(decision, Audience.PRACTITIONER, stated).passages
    ]

"""Gathers what everybody stated about a case: every referral of these two people, and all that was learned since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.people.service import canonical_refs
from app.referrals import repository
from app.referrals.models import Case, LaterFacts, Referral
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.statements.reports import ReportedAssessment, ReportReview, addressed, reports_of
from app.referrals.statements.standing import ASSESSMENT, OF_ONE_REPORT, disputed, overlaid, retracted_by, standing
from app.referrals.statements.statement import AgencyStatement, StatementKind
from app.referrals.withheld.documents import references_in
from app.vocabulary import Grade

# Says which referral it is, and nothing about the case.
_OF_THE_REFERRAL = ("source_system", "source_reference", "area", "referrer_role", "incidents")


@dataclass(frozen=True, slots=True)
class CaseStatements:
    """What is known of a case: the facts that stand, each report with its assessment, and what authors dispute."""

    facts: ReferralRequest
    reports: tuple[ReportedAssessment, ...] = ()
    disputed: tuple[str, ...] = ()


def known_facts(session: Session, referral: Referral, until: datetime | None = None) -> CaseStatements:
    """Returns everything stated until then about the case, its people under the pseudonyms of the case."""
    case = repository.case_by_id(session, referral.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    referrals = list(repository.referrals_of_case(session, case, until))
    if all(one.id != referral.id for one in referrals):  # one that is previewed is not stored
        referrals.append(referral)
    reviews = [
        ReportReview(row.incident_id or row.referral_id, row.agency, Grade(row.grade), row.reviewed_at)
        for row in repository.assessment_reviews_of(session, [one.id for one in referrals], until)
    ]
    known = facts_from(referral, _statements(session, referrals, until), reviews)
    return CaseStatements(_under_names_of_case(session, known.facts, case, until), known.reports, known.disputed)


def facts_from(
    referral: Referral, statements: Sequence[AgencyStatement], reviews: Sequence[ReportReview] = ()
) -> CaseStatements:
    """Returns what these statements, the oldest first, make known of the case for a decision on the referral."""
    of_case = [one if one.referral == referral.id else _without(one, OF_ONE_REPORT) for one in statements]
    document = overlaid([_without(one, {ASSESSMENT}) for one in of_case])
    own = {name: referral.document[name] for name in _OF_THE_REFERRAL if name in referral.document}
    victim = {**document.get("victim", {}), "ref": referral.document["victim"]["ref"]}
    facts = ReferralRequest.model_validate({"perpetrator": {}, **document, **own, "victim": victim})
    return CaseStatements(facts, tuple(reports_of(statements, reviews)), disputed(of_case))


def referral_statement(referral: Referral) -> AgencyStatement:
    """Returns what the referral itself states."""
    author, at = referral.referring_agency, referral.received_at
    return AgencyStatement(author, referral.document, StatementKind.REFERRAL, referral.id, referral.id, at)


def standing_references(session: Session, referral: Referral) -> list[str]:
    """Returns the ids of the sealed texts that stand: every author's own, save what that author took back."""
    case = repository.case_by_id(session, referral.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    stated = standing(_statements(session, repository.referrals_of_case(session, case, None), None))
    values = (one.value for by_author in stated.values() for one in by_author.values())
    return list(dict.fromkeys(row for value in values for row in references_in(value)))


def taken_back(session: Session, referral: Referral, row: LaterFacts) -> list[str]:
    """Returns the JSON pointers of the facts that the statement, not stored yet, takes back by null."""
    case = repository.case_by_id(session, referral.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    earlier = _statements(session, repository.referrals_of_case(session, case, None), None)
    *before, statement = addressed([*earlier, _learned_statement(row)])
    same = [one if one.report == statement.report else _without(one, {ASSESSMENT}) for one in before]
    return retracted_by(statement, same)


def _statements(session: Session, referrals: Sequence[Referral], until: datetime | None) -> list[AgencyStatement]:
    """Returns every statement of these referrals, the oldest first.

    Those of one instant in the order they were stored.
    """
    ids = [one.id for one in referrals]
    stated = [
        *map(referral_statement, referrals),
        *(
            AgencyStatement(row.reported_by, {}, StatementKind.INCIDENT, row.referral_id, row.id, row.recorded_at)
            for row in repository.incidents_sent_later(session, ids, until)
        ),
        *map(_learned_statement, repository.learned_about_any(session, ids, until)),
    ]
    return sorted(stated, key=lambda one: one.stated_at)


def _learned_statement(row: LaterFacts) -> AgencyStatement:
    kind = StatementKind.INCIDENT if row.incident_id else StatementKind.FACTS
    report = row.incident_id or ""
    return AgencyStatement(row.learned_by, row.document, kind, row.referral_id, report, row.learned_at)


def _without(one: AgencyStatement, parts: frozenset[str] | set[str]) -> AgencyStatement:
    document = {name: value for name, value in one.document.items() if name not in parts}
    return AgencyStatement(one.agency, document, one.kind, one.referral, one.report, one.stated_at)


def _under_names_of_case(
    session: Session, facts: ReferralRequest, case: Case, until: datetime | None
) -> ReferralRequest:
    refs = {ref for ref in (facts.victim.ref, facts.perpetrator.ref) if ref}
    names = canonical_refs(session, refs, {ref for ref in (case.victim_ref, case.perpetrator_ref) if ref}, until)
    victim = facts.victim.model_copy(update={"ref": names[facts.victim.ref]})
    perpetrator = facts.perpetrator.model_copy(update={"ref": names.get(facts.perpetrator.ref or "")})
    return facts.model_copy(update={"victim": victim, "perpetrator": perpetrator})

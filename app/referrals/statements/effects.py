"""Says what a statement does to what was stated before: what it takes back, and what it does not lower."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.referrals.models import LaterFacts, Referral
from app.referrals.repositories import case_repository, report_repository
from app.referrals.schemas.assessment import AssessmentIn
from app.referrals.statements.births import as_sent
from app.referrals.statements.gathering import elsewhere_of_victim, in_order, not_lifted, reviews_of, without
from app.referrals.statements.reports import addressed, assessed_in, assessment_of, newest_form
from app.referrals.statements.standing import ASSESSMENT, not_lowered, retracted_by, takes_protection_back
from app.referrals.statements.statement import parts_of, pointer
from app.referrals.statements.stored import learned_statement, statements_of


class Learned(NamedTuple):
    """What follows from facts that an agency adds: the JSON pointers of what it took back, and of what stays higher.

    `assessment` is what the agency has assessed with them in the report that they are part of, `form` the same with
    the newest value of each part, also where it is lower. `takes_protection_back`: a program may not take that back.
    """

    retracted: Sequence[str]
    not_lowered: Sequence[str]
    assessment: AssessmentIn
    form: Mapping[str, Any]
    takes_protection_back: bool = False


NOTHING_LEARNED = Learned((), (), AssessmentIn(), {})


def what_follows(session: Session, referral: Referral, row: LaterFacts) -> Learned:
    """Returns what a statement that is not stored yet takes back by null, and what it states lower in vain."""
    case = case_repository.case_by_id(session, referral.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    referrals = report_repository.referrals_of_case(session, case, None)
    *before, statement = addressed([*statements_of(session, referrals, None), learned_statement(row)])
    same = [one if one.report == statement.report else without(one, {ASSESSMENT}) for one in before]
    reviews = reviews_of(session, referrals, None)
    own = assessed_in(statement.report, statement.agency, [*before, statement], reviews)
    stated = {path for path, _ in parts_of(statement.document)}
    tried = [pointer(path) for path in not_lowered(own) if path in stated]
    same = in_order([*same, *elsewhere_of_victim(session, case, referrals, None)])
    tried += not_lifted([*same, statement], statement)
    retracted = as_sent(retracted_by(statement, same), row.document)
    assessment = assessment_of(statement.agency, (), own)
    takes_back = takes_protection_back(statement, same)
    return Learned(retracted, tried, assessment, newest_form([*before, statement]), takes_back)


def what_report_follows(session: Session, referral: Referral) -> Learned:
    """Returns what a referral that is stored states lower in vain of what its author said of contact before."""
    case = case_repository.case_by_id(session, referral.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    referrals = report_repository.referrals_of_case(session, case, None)
    stated = [*statements_of(session, referrals, None), *elsewhere_of_victim(session, case, referrals, None)]
    before = [one for one in stated if one.report != referral.id]
    last = next(one for one in stated if one.report == referral.id)
    return NOTHING_LEARNED._replace(not_lowered=not_lifted([*in_order(before), last], last))

"""Gathers what everybody stated about a case: every referral of these two people, and all that was learned since.

The module is long because a reader follows each statement of a case through it, from its row to what stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.foundation.storage.read_once import read_once
from app.people.service import canonical_refs, refs_of_same_person
from app.referrals.crossed_roles_repository import who_harm_victim
from app.referrals.models import Case, Referral
from app.referrals.repositories import case_repository, report_repository
from app.referrals.schemas.history import MaracHistoryIn
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.statements.ages import ages_in_doubt
from app.referrals.statements.births import NOBODY_DATED, Births, take_births
from app.referrals.statements.custody import heard_of_custody
from app.referrals.statements.incidents import newest_abuse_on_record
from app.referrals.statements.lists import unconfirmed
from app.referrals.statements.reading import read
from app.referrals.statements.reports import (
    ReportedAssessment,
    ReportReview,
    of_newest_abuse,
    reports_of,
)
from app.referrals.statements.standing import (
    ASSESSMENT,
    OF_ONE_REPORT,
    as_each_says,
    disputed,
    not_lowered,
    overlaid,
    standing,
    without_answer,
)
from app.referrals.statements.statement import AgencyStatement, parts_of, pointer
from app.referrals.statements.stored import (
    of_contact,
    stated_elsewhere,
    stated_of_victim,
    statements_of,
    who_may_say,
)
from app.referrals.withheld.documents import references_in
from app.vocabulary import Grade

# Says which referral it is, and nothing about the case.
_OF_THE_REFERRAL = ("source_system", "source_reference", "area", "referrer_role", "referred_on", "incidents")

_GATHERED = "statements"

WAYS_OF_CONTACT = "/safe_contact/channels"


@dataclass(frozen=True, slots=True)
class CaseStatements:
    """What is known of a case: the facts that stand, each report with its assessment, and what authors dispute.

    `settled` says, by JSON pointer, when a reviewer last settled what authors state differently.
    `may_say` are the agencies whose word it is who acts, and whether a suspect was arrested. `histories` is what each
    author says of MARACs elsewhere, where several do. `custody_in_doubt`: the perpetrator is said to be
    held, and nobody says so whose word counts now; `custody_said_on`: the last day on which somebody said it whose
    word counts. `ages_in_doubt` are the people whose age nobody states whose word it is. `harming_parents` are those
    whom a setting must never be sent to. `no_child_said`: when each author whose list of children stands empty said so.
    `without_answer` are the facts, by JSON pointer, that are on record and of which no statement stands.
    """

    facts: ReferralRequest
    reports: tuple[ReportedAssessment, ...] = ()
    disputed: tuple[str, ...] = ()
    births: Births = NOBODY_DATED
    received_at: datetime | None = None
    settled: Mapping[str, datetime] = field(default_factory=dict)
    may_say: frozenset[str] = frozenset()
    histories: tuple[MaracHistoryIn, ...] = ()
    custody_in_doubt: bool = False
    custody_said_on: date | None = None
    ages_in_doubt: frozenset[str] = frozenset()
    harming_parents: frozenset[str] = frozenset()
    without_answer: frozenset[str] = frozenset()
    no_child_said: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What is on record of the two people of a case, in whichever area.

    The referrals of the couple, those of the perpetrator for harming others, and what was stated of contact with the
    victim beside others.
    """

    of_couple: Sequence[Referral]
    of_perpetrator: Sequence[Referral]
    of_victim: Sequence[AgencyStatement]


def known_facts(
    session: Session,
    referral: Referral,
    until: datetime | None = None,
    perpetrator_refs: frozenset[str] = frozenset(),
) -> CaseStatements:
    """Returns everything stated until then about the case, its people under the pseudonyms of the case.

    `perpetrator_refs` are pseudonyms of the perpetrator that no link joins yet. What stands now is gathered once in a
    transaction, until somebody states more.
    """
    if until is not None or perpetrator_refs:
        return _gathered(session, referral, until, perpetrator_refs)
    gathered: dict[str, CaseStatements] = read_once(session).setdefault(_GATHERED, {})
    if referral.id not in gathered:
        gathered[referral.id] = _gathered(session, referral, None, perpetrator_refs)
    return gathered[referral.id]


def _gathered(
    session: Session, referral: Referral, until: datetime | None, perpetrator_refs: frozenset[str]
) -> CaseStatements:
    case = case_repository.case_by_id(session, referral.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    of_couple = report_repository.referrals_of_case(session, case, until)
    others = other_cases_of_perpetrator(session, case, until, perpetrator_refs)
    of_victim = elsewhere_of_victim(session, case, [*of_couple, referral], until)
    return stated_of_case(session, case, referral, OnRecord(of_couple, others, of_victim), until)


def stated_of_case(
    session: Session, case: Case, referral: Referral, record: OnRecord, until: datetime | None
) -> CaseStatements:
    """Returns everything stated about the case by what is on record and by this referral. The case need not be stored.

    A report of the same two people to another area counts as one to this area does: where they live changes no risk.
    """
    referrals = list(record.of_couple)
    if all(one.id != referral.id for one in referrals):  # one that is previewed is not stored
        referrals.append(referral)
    reviews = reviews_of(session, referrals, until)
    newest = newest_abuse_on_record(session, case, referral, until)
    may_say = who_may_say(session, {one.area for one in (*referrals, *record.of_perpetrator)})
    elsewhere_stated = [*stated_elsewhere(session, record.of_perpetrator, until), *record.of_victim]
    stated = statements_of(session, referrals, until), elsewhere_stated
    statements, elsewhere = ([replace(one, may_say=one.agency in may_say) for one in each] for each in stated)
    of_newest = of_newest_abuse(statements, newest.recorded_at if newest else None)
    heard = heard_of_custody(of_newest, newest.occurred_at if newest else None)
    known = facts_from(referral, heard.statements, reviews, elsewhere)
    facts = _under_names_of_case(session, known.facts, case, until)
    in_doubt = ages_in_doubt([*statements, *elsewhere])
    parents = {child.parent_to_tell for child in facts.children or () if child.parent_to_tell}
    return replace(
        known,
        facts=facts,
        may_say=may_say,
        custody_in_doubt=heard.in_doubt,
        custody_said_on=heard.said_on,
        ages_in_doubt=in_doubt,
        harming_parents=who_harm_victim(session, case, parents, until),
    )


def facts_from(
    referral: Referral,
    statements: Sequence[AgencyStatement],
    reviews: Sequence[ReportReview] = (),
    elsewhere: Sequence[AgencyStatement] = (),
) -> CaseStatements:
    """Returns what these statements, the oldest first, make known of the case for a decision on the referral.

    `elsewhere` is what was stated of the perpetrator in other cases: it is known here, and no report of this case.
    """
    of_case = [one if one.referral == referral.id else without(one, OF_ONE_REPORT) for one in statements]
    if any(one.may_say for one in of_case):
        of_case = [one if one.may_say else _without_confirmations(one) for one in of_case]
    of_case = in_order([*of_case, *elsewhere])
    document = overlaid([without(one, {ASSESSMENT}) for one in of_case])
    births = take_births(document)
    own = {name: referral.document[name] for name in _OF_THE_REFERRAL if name in referral.document}
    victim = {**document.get("victim", {}), "ref": referral.document["victim"]["ref"]}
    facts = read(ReferralRequest, {"perpetrator": {}, **document, **own, "victim": victim})
    histories = tuple(read(MaracHistoryIn, one) for one in as_each_says(of_case, "marac_history"))
    settled = {pointer: review.reviewed_at for review in reviews for pointer in review.settles}
    reports = tuple(reports_of(statements, reviews))
    tried = {part for one in reports for part in one.not_lowered} | set(not_lifted(of_case))
    differences = {*disputed(of_case, settled), *(part for part in tried if part not in settled)}
    known = CaseStatements(facts, reports, tuple(sorted(differences)), births, referral.received_at)
    known = replace(known, without_answer=without_answer(of_case), no_child_said=_no_child_said(of_case))
    return replace(known, settled=settled, histories=histories)


def _no_child_said(statements: Sequence[AgencyStatement]) -> dict[str, datetime]:
    """Returns when each author who says that there is no child said so last."""
    lists = standing(statements).get(("children",), {})
    return {agency: statements[one.number].stated_at for agency, one in lists.items() if one.value == []}


def standing_references(session: Session, referral: Referral) -> list[str]:
    """Returns the ids of the sealed texts that stand: every author's own, save what that author took back."""
    case = case_repository.case_by_id(session, referral.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    referrals = report_repository.referrals_of_case(session, case, None)
    elsewhere = elsewhere_of_victim(session, case, referrals, None)
    stated = standing(in_order([*statements_of(session, referrals, None), *elsewhere]))
    values = (one.value for by_author in stated.values() for one in by_author.values())
    return list(dict.fromkeys(row for value in values for row in references_in(value)))


def other_cases_of_perpetrator(
    session: Session, case: Case, until: datetime | None, known_as: frozenset[str] = frozenset()
) -> Sequence[Referral]:
    """Returns the referrals until then of the perpetrator of the case for harming somebody else."""
    perpetrator = case_repository.perpetrator_then(case, until)
    if perpetrator is None:
        return []
    refs, victim = (refs_of_same_person(session, one, until) for one in (perpetrator, case.victim_ref))
    return report_repository.referrals_about_perpetrator(session, refs | known_as, victim, until)


def not_lifted(statements: Sequence[AgencyStatement], last: AgencyStatement | None = None) -> list[str]:
    """Returns the JSON pointers of what holds contact although its author, or the last statement, says otherwise."""
    contact = [of_contact(one) for one in statements]
    agencies = dict.fromkeys(one.agency for one in contact if last is None or one.agency == last.agency)
    tried = [not_lowered([one for one in contact if one.agency == agency and one.document]) for agency in agencies]
    stated = None if last is None else {path for path, _ in parts_of(last.document)}
    return [pointer(path) for paths in tried for path in paths if stated is None or path in stated]


def in_order(statements: Sequence[AgencyStatement]) -> list[AgencyStatement]:
    """Returns the statements in the order in which they were made."""
    return sorted(statements, key=lambda one: one.stated_at)


def elsewhere_of_victim(
    session: Session, case: Case, of_case: Sequence[Referral], until: datetime | None
) -> list[AgencyStatement]:
    """Returns what was stated of contact with the victim of the case in every other case of theirs."""
    own = {one.id for one in of_case}
    refs = refs_of_same_person(session, case.victim_ref, until)
    others = report_repository.referrals_about_victim(session, refs, own, until)
    return stated_of_victim(session, others, until)


def reviews_of(session: Session, referrals: Sequence[Referral], until: datetime | None) -> list[ReportReview]:
    """Returns the reviews of the reports of these referrals, the oldest first."""
    return [
        ReportReview(
            row.incident_id or row.referral_id, row.agency, Grade(row.grade), row.reviewed_at, tuple(row.settles)
        )
        for row in report_repository.assessment_reviews_of(session, [one.id for one in referrals], until)
    ]


def without(one: AgencyStatement, parts: frozenset[str] | set[str]) -> AgencyStatement:
    """Returns the statement without these parts of its document."""
    document = {name: value for name, value in one.document.items() if name not in parts}
    return replace(one, document=document)


def _without_confirmations(one: AgencyStatement) -> AgencyStatement:
    if not one.document.get("claims"):
        return one
    return replace(one, document=one.document | {"claims": unconfirmed(one.document["claims"])})


def _under_names_of_case(
    session: Session, facts: ReferralRequest, case: Case, until: datetime | None
) -> ReferralRequest:
    of_case = case_repository.perpetrator_then(case, until)
    refs = {ref for ref in (facts.victim.ref, facts.perpetrator.ref) if ref}
    names = canonical_refs(session, refs, {ref for ref in (case.victim_ref, of_case) if ref}, until)
    victim = facts.victim.model_copy(update={"ref": names[facts.victim.ref]})
    perpetrator = facts.perpetrator.model_copy(update={"ref": names.get(facts.perpetrator.ref or "")})
    if case.identified_at is not None and of_case is not None:
        # The first report said that nobody knew; that is what it said then, and not what is known now.
        perpetrator = perpetrator.model_copy(update={"ref": of_case, "known": True})
    return facts.model_copy(update={"victim": victim, "perpetrator": perpetrator})

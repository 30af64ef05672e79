"""Gathers what is stored about one perpetrator, each statement with the case that it is of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.flows import repository
from app.foundation.clock import london_date
from app.people.service import canonical_refs, refs_of_same_person
from app.referrals.models import Case, Referral
from app.referrals.repositories.report_repository import referrals_about_perpetrator
from app.referrals.statements.statement import AgencyStatement
from app.referrals.statements.stored import statements_of


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What is stored about the perpetrator. `victims` gives each victim of a case one pseudonym."""

    cases: Sequence[Case]
    referrals: Sequence[Referral]
    statements: Sequence[AgencyStatement]
    case_of: Mapping[str, str]
    victims: Mapping[str, str]
    now: datetime

    @property
    def today(self) -> date:
        """The London date of this reading."""
        return london_date(self.now)

    @property
    def case_ids(self) -> list[str]:
        """The ids of the cases, the oldest first."""
        return [one.id for one in self.cases]

    def statements_of(self, case_id: str) -> list[AgencyStatement]:
        """Returns what was stated in one case, the oldest first."""
        return [one for one in self.statements if self.case_of[one.referral] == case_id]


def gather_stored_facts(session: Session, perpetrator: str, now: datetime) -> StoredFacts:
    """Returns everything stored about the perpetrator with this pseudonym, under all their pseudonyms."""
    refs = refs_of_same_person(session, perpetrator)
    cases = repository.cases_of_perpetrator(session, refs)
    referrals = referrals_about_perpetrator(session, refs, (), None)
    return StoredFacts(
        cases=cases,
        referrals=referrals,
        statements=statements_of(session, referrals, None),
        case_of={one.id: one.case_id for one in referrals},
        victims=canonical_refs(session, {case.victim_ref for case in cases}, ()),
        now=now,
    )

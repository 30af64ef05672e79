"""Reads what agencies stated, as it is stored: each referral, each incident added, all that was learned since."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.referrals.models import LaterFacts, Referral
from app.referrals.repositories import report_repository
from app.referrals.statements.births import FIELDS, with_births
from app.referrals.statements.statement import AgencyStatement, StatementKind, only_within
from app.vocabulary import Role

# The police, probation and the prison: their own records say who works with the perpetrator and who holds them.
WHO_MAY_SAY = (Role.PVP_HUB, Role.SUPERVISING_PRACTITIONER, Role.PRISON_OMU)
# What is so of a perpetrator whoever their victim is: it is looked up once, and holds in each of their cases.
OF_THE_PERSON = frozenset(
    {
        *FIELDS,
        "home_area",
        "support_needs",
        "no_fixed_abode",
        "position_of_trust",
        "convictions",
        "notification_requirement",
        "hospital_order",
        "terrorism_risk",
        "licences",
        "mappa",
        "rosh",
        "panels",
        "escalations",
    }
)
# What is so of contact with a victim whoever harms them: no case of theirs is one in which it may be forgotten.
OF_CONTACT = frozenset({"victim_aware", "safe_contact", "must_not_be_told", "also_feared", "consent_limits"})
HOW_TO_SPEAK = frozenset(
    {"interpreter_needed", "language", "access_needs", "capacity_doubted", "advocate_needed", "on_lost_contact"}
)


def referral_statement(referral: Referral) -> AgencyStatement:
    """Returns what the referral itself states."""
    author, at = referral.referring_agency, referral.received_at
    stated = AgencyStatement(author, referral.document, StatementKind.REFERRAL, referral.id, referral.id, at)
    return with_births(stated)


def statements_of(session: Session, referrals: Sequence[Referral], until: datetime | None) -> list[AgencyStatement]:
    """Returns every statement of these referrals, the oldest first.

    Those of one instant in the order they were stored.
    """
    ids = [one.id for one in referrals]
    stated = [
        *map(referral_statement, referrals),
        *(
            AgencyStatement(row.reported_by, {}, StatementKind.INCIDENT, row.referral_id, row.id, row.recorded_at)
            for row in report_repository.incidents_sent_later(session, ids, until)
        ),
        *map(learned_statement, report_repository.learned_about_any(session, ids, until)),
    ]
    return sorted(stated, key=lambda one: one.stated_at)


def stated_elsewhere(session: Session, referrals: Sequence[Referral], until: datetime | None) -> list[AgencyStatement]:
    """Returns what these referrals of other victims, and all that was learned since, state of their perpetrator.

    Only what is so of that person in every case. Two reports of one person to two services, of which each knew half,
    left probation without the other (DHR "Jean" 14.1.5, 14.1.13).
    """
    return [only_within(one, "perpetrator", OF_THE_PERSON) for one in statements_of(session, referrals, until)]


def stated_of_victim(session: Session, referrals: Sequence[Referral], until: datetime | None) -> list[AgencyStatement]:
    """Returns what these referrals of one victim, and all that was learned since, state of contact with the victim.

    A victim whom contact could harm is as little reached about one perpetrator as about another.
    """
    return [of_contact(one) for one in statements_of(session, referrals, until)]


def of_contact(one: AgencyStatement) -> AgencyStatement:
    """Returns the statement with nothing but what it says of contact with the victim."""
    kept = {name: value for name, value in one.document.items() if name in OF_CONTACT}
    return replace(one, document=kept | only_within(one, "victim", HOW_TO_SPEAK).document)


def who_may_say(session: Session, areas: set[str]) -> frozenset[str]:
    """Returns the hubs, the services that supervise and the prisons of the areas that referred."""
    posts = (agency_in_post(session, area, role) for area in sorted(areas) for role in WHO_MAY_SAY)
    return frozenset(agency for agency in posts if agency is not None)


def learned_statement(row: LaterFacts) -> AgencyStatement:
    kind = StatementKind.INCIDENT if row.incident_id else StatementKind.FACTS
    if row.answers_report:
        kind = StatementKind.ANSWER
    report = row.answers_report or row.incident_id or ""
    stated = AgencyStatement(
        row.learned_by,
        row.document,
        kind,
        row.referral_id,
        report,
        row.learned_at,
        by_person=row.learned_by_person is not None,
    )
    return with_births(stated)

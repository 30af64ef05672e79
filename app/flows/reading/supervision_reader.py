"""Reads under which licences, orders and levels the perpetrator is managed now, by whom, and which cases say so."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post, area_by_code
from app.flows.reading.stored_facts import StoredFacts
from app.flows.state import SUPERVISED_BY, SupervisionOnRecord
from app.referrals.schemas.perpetrator import LicenceIn
from app.referrals.statements.reading import read
from app.referrals.statements.standing import standing
from app.referrals.supervision import agency_here, runs
from app.vocabulary import Role

LICENCES = ("perpetrator", "licences")
_MAPPA = ("perpetrator", "mappa")
_SAME = ("kind", "service", "area", "starts_on", "ends_on")
LEAD_LEVEL = 1


def supervisions_on_record(session: Session, facts: StoredFacts) -> list[SupervisionOnRecord]:
    """Returns every licence, order and level that runs today, each once, whoever states it."""
    found: dict[str, SupervisionOnRecord] = {}
    for one in (*_licences(session, facts), *_levels(session, facts)):
        known = found.get(one.key)
        found[one.key] = one if known is None else _joined(known, one)
    return list(found.values())


def _joined(known: SupervisionOnRecord, one: SupervisionOnRecord) -> SupervisionOnRecord:
    return SupervisionOnRecord(
        known.key,
        known.kind,
        known.agency,
        known.role,
        known.area,
        known.until,
        known.level,
        known.case_ids | one.case_ids,
    )


def _licences(session: Session, facts: StoredFacts) -> Iterator[SupervisionOnRecord]:
    for stated in standing(facts.statements).get(LICENCES, {}).values():
        for entry in stated.value:
            licence = read(LicenceIn, entry)
            if runs(licence, facts.today):
                yield _licence(session, licence, _cases_stating(facts, entry))


def _licence(session: Session, one: LicenceIn, case_ids: frozenset[str]) -> SupervisionOnRecord:
    role = SUPERVISED_BY.get(one.kind, Role.SUPERVISING_PRACTITIONER)
    agency = agency_here(session, one.service) or (agency_in_post(session, one.area, role) if one.area else None)
    key = f"{one.kind}:{one.service or one.area or ''}:{one.starts_on or ''}:{one.ends_on or ''}"
    return SupervisionOnRecord(key, one.kind, agency, role, _area_here(session, one.area), one.ends_on, None, case_ids)


def _area_here(session: Session, named: str | None) -> str | None:
    """Returns the area if the directory holds it, else None: what nobody here works in moves no deadline."""
    return named if named is not None and area_by_code(session, named) else None


def _cases_stating(facts: StoredFacts, entry: Mapping[str, Any]) -> frozenset[str]:
    """Returns the cases in which anybody states this very licence and has not taken it back there."""
    wanted = [entry.get(name) for name in _SAME]
    return frozenset(
        case_id
        for case_id in facts.case_ids
        for stated in standing(facts.statements_of(case_id)).get(LICENCES, {}).values()
        for other in stated.value
        if [other.get(name) for name in _SAME] == wanted
    )


def _levels(session: Session, facts: StoredFacts) -> Iterator[SupervisionOnRecord]:
    by_part = standing(facts.statements)
    for author, stated in by_part.get((*_MAPPA, "level"), {}).items():
        if stated.value:
            whose = {name: by_part.get((*_MAPPA, name), {}).get(author) for name in ("area", "lead_agency")}
            area, lead = (one.value if one is not None else None for one in whose.values())
            yield from _level(session, stated.value, area, lead, _cases_with_level(facts, stated.value))


def _level(
    session: Session, level: int, area: str | None, lead: str | None, case_ids: frozenset[str]
) -> Iterator[SupervisionOnRecord]:
    leads = agency_here(session, lead)
    if leads is None and level == LEAD_LEVEL and area:
        leads = agency_in_post(session, area, Role.SUPERVISING_PRACTITIONER)
    coordinates = agency_in_post(session, area, Role.MAPPA_COORDINATOR) if area else None
    posts = [(leads, Role.SUPERVISING_PRACTITIONER), (coordinates, Role.MAPPA_COORDINATOR)]
    named: list[tuple[str | None, Role]] = [(agency, role) for agency, role in posts if agency]
    unnamed: list[tuple[str | None, Role]] = [(None, Role.MAPPA_COORDINATOR)]
    for agency, role in named or unnamed:
        key = f"MAPPA:{level}:{role}:{agency or area or ''}"
        yield SupervisionOnRecord(key, "MAPPA", agency, role, _area_here(session, area), None, level, case_ids)


def _cases_with_level(facts: StoredFacts, level: int) -> frozenset[str]:
    return frozenset(
        case_id
        for case_id in facts.case_ids
        for stated in standing(facts.statements_of(case_id)).get((*_MAPPA, "level"), {}).values()
        if stated.value == level
    )

"""Says which of the return's fourteen sources a referral came from: by the kind of its agency, and the referrer's role.

A kind that does not decide gives no source, so that the check of the return fails instead of a guess being counted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.vocabulary import AgencyKind, Role

NOT_KNOWN = "NOT_KNOWN"


class ReferralSource(StrEnum):
    """The sources of the SafeLives quarterly return, in the order of its columns G to T; our words for them [I]."""

    POLICE = "POLICE"
    IDVA = "IDVA"
    CHILDRENS_SOCIAL_CARE = "CHILDRENS_SOCIAL_CARE"
    PRIMARY_CARE = "PRIMARY_CARE"
    SECONDARY_CARE = "SECONDARY_CARE"
    EDUCATION = "EDUCATION"
    HOUSING = "HOUSING"
    MENTAL_HEALTH = "MENTAL_HEALTH"
    PROBATION = "PROBATION"
    VOLUNTARY_SECTOR = "VOLUNTARY_SECTOR"
    SUBSTANCE_MISUSE = "SUBSTANCE_MISUSE"
    ADULT_SAFEGUARDING = "ADULT_SAFEGUARDING"
    MASH = "MASH"
    OTHER = "OTHER"


# A council and a health trust hold several of the sources; the referrer's role tells which.
_BY_ROLE: Mapping[AgencyKind, Mapping[str, ReferralSource]] = {
    AgencyKind.COUNCIL: {
        Role.CHILDRENS_SOCIAL_CARE: ReferralSource.CHILDRENS_SOCIAL_CARE,
        Role.ADULT_SOCIAL_CARE: ReferralSource.ADULT_SAFEGUARDING,
        Role.HOUSING: ReferralSource.HOUSING,
    },
    AgencyKind.HEALTH: {},
    AgencyKind.VOLUNTARY_SECTOR: {Role.IDVA: ReferralSource.IDVA},
}


def source_of(kind: AgencyKind | None, role: str) -> ReferralSource | None:
    """Returns the source; None where the directory does not say, or where kind and role do not decide it."""
    if kind is None:
        return None
    by_role = _BY_ROLE.get(kind, {})
    if role in by_role:
        return by_role[role]
    return ReferralSource(kind.value) if kind.value in set(ReferralSource) else None


def count_sources(referrals: Iterable[tuple[AgencyKind | None, str]]) -> dict[str, int]:
    """Returns how many referrals came from each source, and of how many it is not known."""
    counted = Counter(source_of(kind, role) for kind, role in referrals)
    return {**{source.value: counted[source] for source in ReferralSource}, NOT_KNOWN: counted[None]}

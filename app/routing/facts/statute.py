"""What statute says of a conviction on a date. It is reference data and not policy: no partnership may change it.

Sources: Criminal Justice Act 2003 ss 325-327 and Schedule 15,
Victims and Prisoners Act 2024 (controlling or coercive behaviour from 3 February 2025).
"""

from dataclasses import dataclass
from datetime import date

from app.routing.facts.dates import months_before
from app.routing.facts.moving.custody import custody_overtaken, in_custody
from app.routing.facts.snapshot.perpetrator import Conviction, Perpetrator
from app.routing.facts.three_valued import three_valued_and, three_valued_or
from app.routing.policy.vocabulary import SentenceKind

CCB = "controlling_or_coercive_behaviour"
CCB_AUTOMATIC_FROM = date(2025, 2, 3)
AUTOMATIC_MONTHS = 12
# The longest time for which a sentence is suspended (Sentencing Act 2026; two years before).
LONGEST_SUSPENSION_MONTHS = 36
# When the sections of the Act on MAPPA came into force.
_START = date(2004, 4, 5)


@dataclass(frozen=True, slots=True)
class ListedOffence:
    """An offence that can make a person a MAPPA category 2 offender, and from which date.

    `confirmed` False: nobody on the project has read the entry in the Schedule itself.
    """

    title: str
    listed_from: date
    confirmed: bool


SCHEDULE_15: dict[str, ListedOffence] = {
    "murder": ListedOffence("Murder", _START, True),
    "manslaughter": ListedOffence("Manslaughter", _START, True),
    "kidnapping": ListedOffence("Kidnapping", _START, True),
    "false_imprisonment": ListedOffence("False imprisonment", _START, True),
    "wounding_with_intent": ListedOffence("Wounding with intent (OAPA 1861 s18)", _START, True),
    "malicious_wounding": ListedOffence("Malicious wounding (OAPA 1861 s20)", _START, True),
    "actual_bodily_harm": ListedOffence("Assault occasioning ABH (OAPA 1861 s47)", _START, True),
    "threats_to_kill": ListedOffence("Threats to kill (OAPA 1861 s16)", _START, True),
    "choking_or_strangling": ListedOffence("Attempting to choke (OAPA 1861 s21)", _START, True),
    "robbery": ListedOffence("Robbery", _START, True),
    "aggravated_burglary": ListedOffence("Aggravated burglary", _START, True),
    "arson": ListedOffence("Arson", _START, True),
    "affray": ListedOffence("Affray", _START, True),
    "violent_disorder": ListedOffence("Violent disorder", _START, True),
    "rape": ListedOffence("Rape", _START, True),
    "sexual_assault": ListedOffence("Sexual assault", _START, True),
    "stalking_fear_of_violence": ListedOffence("Stalking, fear of violence", date(2012, 11, 25), False),
    "putting_in_fear_of_violence": ListedOffence("Putting people in fear of violence", _START, False),
    CCB: ListedOffence("Controlling or coercive behaviour", CCB_AUTOMATIC_FROM, True),
}
UNLISTED_OFFENCES = frozenset({"bladed_article", "common_assault", "criminal_damage", "harassment", "theft"})


def listed_offence(offence: str, on: date) -> bool | None:
    """Returns whether the offence is listed on that date; None when this table does not have the offence."""
    if offence in UNLISTED_OFFENCES:
        return False
    listed = SCHEDULE_15.get(offence)
    return None if listed is None else listed.listed_from <= on


def qualifying_sentence(conviction: Conviction) -> bool | None:
    """Returns whether it is 12 months or more of custody (suspended counts), a hospital order or guardianship."""
    match conviction.sentence:
        case None:
            return None
        case SentenceKind.HOSPITAL_ORDER | SentenceKind.GUARDIANSHIP:
            return True
        case SentenceKind.CUSTODY | SentenceKind.DETENTION:
            months = conviction.sentence_months
            return None if months is None else months >= AUTOMATIC_MONTHS
        case _:
            return False


def may_still_run(conviction: Conviction, on: date) -> bool | None:
    """Returns True while the sentence may still be served or supervised on that day, None once its months have passed.

    Not False: the months told may leave out an extended licence. A suspended sentence runs as long as it is suspended.
    """
    if conviction.sentence_months is None:
        return True
    longest = LONGEST_SUSPENSION_MONTHS if conviction.suspended is not False else 0
    months = longest if conviction.suspended else max(conviction.sentence_months, longest)
    return True if months_before(on, months) <= conviction.convicted_on else None


def category_two(person: Perpetrator, on: date, *, supervised: bool | None) -> bool | None:
    """Returns whether a sentence that qualifies, for a listed offence, is still served or supervised.

    Supervision that runs is not known to be of a sentence whose months have passed: that is asked.
    """
    if person.convictions is None:
        return None
    convicted = three_valued_or(
        three_valued_and(listed_offence(c.offence, on), qualifying_sentence(c), not c.caution, may_still_run(c, on))
        for c in person.convictions
    )
    # Released since, and then supervised or not: nobody has said.
    held = None if custody_overtaken(person, on) else bool(in_custody(person, on))
    supervised_now = three_valued_or((supervised, held, bool(person.hospital_order)))
    return three_valued_and(convicted, supervised_now)


def automatic_mappa(person: Perpetrator, on: date, *, supervised: bool | None) -> bool | None:
    """Returns whether statute puts the person in MAPPA category 1, 2 or 4 on that date."""
    # Whoever tells convictions has looked: notification and a terrorism connection not told with them are no.
    looked_for = person.convictions is not None
    return three_valued_or(
        (
            _no_if(person.notification_requirement, looked_for),
            category_two(person, on, supervised=supervised),
            _no_if(person.terrorism_risk, looked_for),
        )
    )


def _no_if(stated: bool | None, looked_for: bool) -> bool | None:
    return False if stated is None and looked_for else stated


def capability_shown(person: Perpetrator) -> bool | None:
    """Returns whether there is a conviction or caution, without which nobody enters MAPPA category 3.

    PDP and MATAC take people without a conviction or caution.
    """
    return None if person.convictions is None else bool(person.convictions)

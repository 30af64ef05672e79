"""What statute says of a conviction on a date, by the lines of `policies/law`.

Source: Criminal Justice Act 2003, sections 325 to 327 and Schedule 15, as amended; Sexual Offences Act 2003, sections
80, 82 and 103G.
"""

from datetime import date

from app.routing.facts.dates import months_before
from app.routing.facts.moving.custody import custody_overtaken, in_custody
from app.routing.facts.snapshot.perpetrator import Conviction, Perpetrator
from app.routing.facts.three_valued import three_valued_and, three_valued_or
from app.routing.law.book import LawPart, ListedOffence, SentenceForm
from app.routing.law.files import law_book
from app.routing.policy.vocabulary import Inchoate, SentenceLength

CCB = "controlling_or_coercive_behaviour"


def listed_offence(offence: str, on: date, inchoate: Inchoate | None = None) -> bool | None:
    """Returns whether the offence, or an attempt and the like at it, is listed on that date.

    None when no line names the offence, or nobody has read whether it was listed that day: that is asked.
    """
    book = law_book()
    lines = book.by_key.get(offence)
    if lines is None:
        return book.unlisted[offence].dates.hold(on) if offence in book.unlisted else None
    return three_valued_or(
        three_valued_and(line.provision.dates.hold(on), _form_counts(line, inchoate, on)) for line in lines
    )


def _form_counts(line: ListedOffence, inchoate: Inchoate | None, on: date) -> bool | None:
    if inchoate is None:
        return True
    forms = (one for one in law_book().inchoate if one.part is line.part and inchoate in one.forms)
    return three_valued_or(one.provision.dates.hold(on) for one in forms)


def qualifying_sentence(conviction: Conviction, on: date) -> bool | None:
    """Returns whether the sentence is one that section 327(3)(b) or (4) names; None when its length is not known."""
    if conviction.sentence is None:
        return None
    forms = law_book().forms_of(conviction.sentence)
    return three_valued_or(
        three_valued_and(form.provision.dates.hold(on), _has_its_length(form, conviction)) for form in forms
    )


def _has_its_length(form: SentenceForm, conviction: Conviction) -> bool | None:
    if form.length is None:
        return True
    lengths = _lengths(conviction)
    if not lengths:
        return None
    if form.length not in lengths:
        return False
    if form.length is not SentenceLength.FIXED:
        return True
    return None if conviction.sentence_months is None else conviction.sentence_months >= form.least_months


def _lengths(conviction: Conviction) -> frozenset[SentenceLength]:
    """Returns the kind of length: as stated, and fixed where months were told. Of two authors' each may be so."""
    by_months = SentenceLength.FIXED if conviction.sentence_months is not None else None
    return frozenset(length for length in (conviction.length_kind, by_months) if length is not None)


def may_still_run(conviction: Conviction, on: date, *, supervised: bool | None = None) -> bool | None:
    """Returns True while the sentence may still be served or supervised on that day, None once its months have passed.

    Not False: the months told may leave out an extended licence. Supervision that runs now is of the index offence. A
    suspended sentence runs as long as it is suspended.
    """
    if conviction.sentence_ended_on is not None:
        return on <= conviction.sentence_ended_on
    without_end = _lengths(conviction) - {SentenceLength.FIXED}
    if conviction.sentence_months is None or without_end or (conviction.index and supervised):
        return True
    longest = law_book().longest_suspension(conviction.convicted_on) if conviction.suspended is not False else 0
    months = longest if conviction.suspended else max(conviction.sentence_months, longest)
    if months_before(on, months) <= conviction.convicted_on:
        return True
    return False if conviction.index is False else None


def category_two(person: Perpetrator, on: date, *, supervised: bool | None) -> bool | None:
    """Returns whether a sentence that qualifies, for a listed offence, is still served, suspended or supervised.

    Supervision that runs is not known to be of a sentence whose months have passed: that is asked.
    """
    if person.convictions is None:
        return None
    # Released since, and then supervised or not: nobody has said. A stay in doubt (`_as_statute_may_see`) counts,
    # and so does one that a period tells.
    held = None if custody_overtaken(person, on) else three_valued_or((person.in_custody, in_custody(person, on)))
    served = three_valued_or((supervised, held, person.hospital_order))
    return three_valued_or(_makes_category_two(conviction, on, served) for conviction in person.convictions)


def _makes_category_two(conviction: Conviction, on: date, served: bool | None) -> bool | None:
    runs = may_still_run(conviction, on, supervised=served)
    return three_valued_and(
        listed_offence(conviction.offence, on, conviction.inchoate),
        qualifying_sentence(conviction, on),
        not conviction.caution,
        runs,
        _served_by(conviction, runs=runs, served=served),
    )


def _served_by(conviction: Conviction, *, runs: bool | None, served: bool | None) -> bool | None:
    """Returns whether the sentence is served: suspended, in custody or hospital, or under supervision.

    Section 327(3)(b) and (4) ask for no supervision. So one that still runs, and of which nobody says how, is asked.
    """
    if runs and conviction.suspended:
        return True
    return None if runs and not served else served


def category_one(person: Perpetrator, *, by_order: bool | None) -> bool | None:
    """Returns whether the person must notify the police under Part 2 of the Sexual Offences Act 2003.

    `by_order`: a sexual harm prevention order runs, which brings notification whatever is stated (section 103G). A
    conviction, finding or caution for a sexual offence brings it by section 80, for a period that the sentence sets
    (section 82): where nobody says whether it runs, it is asked.
    """
    if by_order:
        return True
    if person.notification_requirement is not None or person.convictions is None:
        return person.notification_requirement
    # Whoever tells convictions has looked: none of them sexual, and notification not told with them is no.
    return None if any(may_be_sexual(conviction.offence) for conviction in person.convictions) else False


def may_be_sexual(offence: str) -> bool:
    """Returns whether the offence is a sexual one of Schedule 15, or one that no line names.

    Schedule 3 of the Sexual Offences Act 2003, by which section 80 goes, has thresholds of age and sentence besides.
    """
    book = law_book()
    lines = book.by_key.get(offence)
    if lines is None:
        return offence not in book.unlisted
    return any(line.part is LawPart.PART_2 for line in lines)


def automatic_mappa(
    person: Perpetrator, on: date, *, supervised: bool | None, by_order: bool | None = None
) -> bool | None:
    """Returns whether statute puts the person in MAPPA category 1, 2 or 4 on that date."""
    # Whoever tells convictions has looked: a terrorism connection not told with them is no.
    terrorism = False if person.terrorism_risk is None and person.convictions is not None else person.terrorism_risk
    return three_valued_or(
        (
            category_one(person, by_order=by_order),
            category_two(person, on, supervised=supervised),
            terrorism,
        )
    )


def capability_shown(person: Perpetrator) -> bool | None:
    """Returns whether there is a conviction or caution, without which nobody enters MAPPA category 3.

    PDP and MATAC take people without a conviction or caution.
    """
    return None if person.convictions is None else bool(person.convictions)


def domestic_abuse_found(person: Perpetrator) -> bool | None:
    """Returns whether a court found, when it passed sentence, that the offence involved domestic abuse."""
    if person.convictions is None:
        return None
    return three_valued_or(conviction.domestic_abuse_finding for conviction in person.convictions)

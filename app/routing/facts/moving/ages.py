"""Works out how old a person is on a day. An age moves with time, and for most of a year it is one of two.

A limit of age that lies between the youngest and the oldest that a person can be is open: what protects the younger
age applies, what takes it away does not, and the age is asked for.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from app.routing.facts.dates import months_before
from app.routing.facts.snapshot.births import Birth
from app.routing.facts.snapshot.perpetrator import Perpetrator
from app.routing.facts.snapshot.victim import Victim
from app.routing.policy.parameters import ADULT_AGE, OLDEST, PERPETRATOR_LIMITS, VICTIM_LIMITS, Parameters
from app.routing.policy.types import Fact

_MONTHS = 12


def born_in(year: int) -> Birth:
    """Returns the birth of somebody born in that year."""
    return Birth(date(year, 1, 1), date(year, 12, 31))


def born_by_age(age: int, as_of: date) -> Birth:
    """Returns the birth of somebody who has completed that many years on a day, the birthday itself included."""
    return Birth(months_before(as_of, _MONTHS * (age + 1)) + timedelta(days=1), months_before(as_of, _MONTHS * age))


def combined(births: Sequence[Birth]) -> Birth:
    """Returns what statements of one birth say together: what all allow, else everything that any allows.

    Where they contradict each other every limit between them is open, so that each protection applies.
    """
    if contradict(births):
        return Birth(min(one.earliest for one in births), max(one.latest for one in births))
    return Birth(max(one.earliest for one in births), min(one.latest for one in births))


def contradict(births: Sequence[Birth]) -> bool:
    """Returns whether nobody can have been born as all these statements say."""
    return max(one.earliest for one in births) > min(one.latest for one in births)


def birth_of_text(text: str) -> Birth:
    """Returns the birth that was written as text."""
    earliest, latest = text.split("/")
    return Birth(date.fromisoformat(earliest), date.fromisoformat(latest))


def combined_texts(texts: Sequence[str]) -> str:
    """Returns what births, each written as text, say together."""
    return str(combined([birth_of_text(text) for text in texts]))


def youngest(birth: Birth, on: date) -> int:
    """Returns the years that the person has completed on that day at least."""
    return _years(birth.latest, on)


def oldest(birth: Birth, on: date) -> int:
    """Returns the years that the person has completed on that day at most."""
    return _years(birth.earliest, on)


def _years(born: date, on: date) -> int:
    passed = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return min(max(passed, 0), OLDEST)


def settled_age(birth: Birth | None, on: date, limits: Iterable[int]) -> int | None:
    """Returns the age, at least, where no limit lies inside the uncertain year; else None, which is asked for."""
    if birth is None:
        return None
    least, most = youngest(birth, on), oldest(birth, on)
    return None if any(least < limit <= most for limit in limits) else least


def under(birth: Birth | None, on: date, limit: int) -> bool | None:
    """Returns whether the person is under the limit; None where the limit lies inside the uncertain year."""
    if birth is None or youngest(birth, on) < limit <= oldest(birth, on):
        return None
    return oldest(birth, on) < limit


def of_school_age(birth: Birth | None, on: date, parameters: Parameters) -> bool | None:
    """Returns whether the person is of an age that schools teach. At the upper limit the younger age counts."""
    if birth is None:
        return None
    first, last = parameters.number("school_first_age"), parameters.number("school_last_age")
    if first <= youngest(birth, on) <= last:
        return True
    # At the lower limit the younger age has no school to tell: that is asked.
    return None if youngest(birth, on) < first <= oldest(birth, on) else False


def victim_age_facts(victim: Victim, on: date, parameters: Parameters) -> dict[str, Fact]:
    """Returns the facts about the victim's age."""
    birth = _heard(victim.birth, on, parameters.number("min_age_victim"), in_doubt=victim.age_in_doubt)
    return {
        "victim_age": settled_age(birth, on, map(parameters.number, VICTIM_LIMITS)),
        "victim_youngest": youngest(birth, on) if birth else _age_meanwhile(parameters),
        "victim_oldest": oldest(birth, on) if birth else _age_meanwhile(parameters),
        "victim_at_school": of_school_age(birth, on, parameters),
    }


def perpetrator_age_facts(person: Perpetrator, on: date, parameters: Parameters) -> dict[str, Fact]:
    """Returns the facts about the perpetrator's age."""
    birth = _heard(person.birth, on, parameters.number(ADULT_AGE), in_doubt=person.age_in_doubt)
    least = youngest(birth, on) if birth else _age_meanwhile(parameters)
    return {
        "perpetrator_age": settled_age(birth, on, map(parameters.number, PERPETRATOR_LIMITS)),
        "perpetrator_youngest": least,
        "perpetrator_oldest": oldest(birth, on) if birth else _age_meanwhile(parameters),
        "perpetrator_too_young": least < parameters.number("criminal_responsibility_age"),
    }


def _heard(birth: Birth | None, on: date, limit: int, *, in_doubt: bool) -> Birth | None:
    """Returns the birth; one in doubt only where it reaches the limit, below which less is owed to the person."""
    return None if in_doubt and birth is not None and youngest(birth, on) < limit else birth


def _age_meanwhile(parameters: Parameters) -> int:
    # Somebody whose age nobody has told is an adult until told otherwise, so that nothing waits.
    return parameters.number(ADULT_AGE)

"""The limits of age that a policy may compare a person's age with. A rule names one of them, never a bare number.

An age is known only as far as no limit lies inside its uncertain year; a limit that is not here would be missed.
"""

from collections.abc import Mapping

OLDEST = 120
ADULT_AGE = "adult_age"
VICTIM_LIMITS = ("min_age_victim", "child_victim_age", "notice_victim_age", "adult_age")
PERPETRATOR_LIMITS = ("criminal_responsibility_age", "matac_min_age", "adult_age")
LIMITS_OF_FACT: Mapping[str, tuple[str, ...]] = {
    "victim_age": VICTIM_LIMITS,
    "victim_youngest": VICTIM_LIMITS,
    "victim_oldest": VICTIM_LIMITS,
    "perpetrator_age": PERPETRATOR_LIMITS,
    "perpetrator_youngest": PERPETRATOR_LIMITS,
    "perpetrator_oldest": PERPETRATOR_LIMITS,
}

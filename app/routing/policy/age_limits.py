"""The limits of age that a policy may compare a settled age with. A rule names one of them, never a bare number.

An age is known only as far as no limit lies inside its uncertain year; a limit that is not here would be missed.
"""

from collections.abc import Mapping

OLDEST = 120
ADULT_AGE = "adult_age"
VICTIM_LIMITS = ("min_age_victim", "child_victim_age", "dapn_min_age_victim", ADULT_AGE)
PERPETRATOR_LIMITS = (
    "criminal_responsibility_age",
    "matac_min_age",
    "dvpn_min_age_perpetrator",
    "dapn_min_age_perpetrator",
    ADULT_AGE,
)
LIMITS_OF_FACT: Mapping[str, tuple[str, ...]] = {
    "victim_age": VICTIM_LIMITS,
    "perpetrator_age": PERPETRATOR_LIMITS,
}
ENDS_OF_AGE = frozenset({"victim_youngest", "victim_oldest", "perpetrator_youngest", "perpetrator_oldest"})
"""The ends of the uncertain year. They are known for every limit, and may be compared with any number."""

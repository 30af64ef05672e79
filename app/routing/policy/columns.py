"""The columns of the two lead tables: what a row of each may read, refusals included.

The columns come from code, so that no policy can forget a refusal. A forum that declined has the value
"declined". A forum that may be asked has "met", and one of which nobody knows yet whether its criteria are met
has "open", which asks nobody. A person at level 2 or 3 stays there, because nobody can decline a statutory level
in this tool (a recorded refusal is an escalation, and a warning says so).
"""

from collections.abc import Mapping

from app.routing.policy.outcomes import OPEN, QUESTIONS_BY_NAME, YES_NO
from app.routing.policy.refusals import DECLINED_FACTS
from app.routing.policy.types import Facts
from app.vocabulary import Forum

MAPPA_PATHS = (
    "none",
    "open",
    "supervised",
    "refer",
    "refer_supervised",
    "lead_agency",
    "lead_agency_keeps",
    "propose_l2",
    "propose_l2_alone",
    "l2",
    "l3",
)
MARAC_PATHS = ("none", "open", "met", "declined", "discharged")
PANEL_PATHS = ("none", "met", "declined")
YOUTH_PATHS = ("none", "met", "social_care", "declined")
SUPPORTING_PANEL_PATHS = ("none", "supports", "met", "declined")

VICTIM_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "marac_path": MARAC_PATHS,
    "mappa": QUESTIONS_BY_NAME["mappa"].answers,
    "matac": QUESTIONS_BY_NAME["matac"].answers,
    "child_path": PANEL_PATHS,
    "stands_aside": YES_NO,
}
PERPETRATOR_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "mappa_path": MAPPA_PATHS,
    "identified": ("yes", "no"),
    "youth_path": YOUTH_PATHS,
    "custody_path": PANEL_PATHS,
    "iom_path": SUPPORTING_PANEL_PATHS,
    "dapp_path": SUPPORTING_PANEL_PATHS,
    "matac_path": ("none", "open", "met", "barred", "declined"),
    "pdp_path": PANEL_PATHS,
    "marac_path": MARAC_PATHS,
}
NEVER_DECLINES = frozenset({Forum.HUB, Forum.REFERRING_AGENCY})
HAS_NOT_DECLINED: Mapping[Forum, Mapping[str, tuple[str, ...]]] = {
    Forum.MARAC: {"marac_path": ("met",)},
    Forum.MAPPA_L3: {"mappa_path": ("l3",), "mappa": ("l3",)},
    Forum.MAPPA_L2: {
        "mappa_path": ("refer", "refer_supervised", "propose_l2", "propose_l2_alone", "l2"),
        "mappa": ("l2",),
    },
    Forum.MAPPA_L1_LEAD_AGENCY: {"mappa_path": ("lead_agency", "lead_agency_keeps", "propose_l2")},
    Forum.SUPERVISING_SERVICE: {"mappa_path": ("supervised", "refer_supervised")},
    Forum.IOM: {"iom_path": ("supports", "met")},
    Forum.DAPP: {"dapp_path": ("supports", "met")},
    Forum.MATAC: {"matac_path": ("met",)},
    Forum.PDP: {"pdp_path": ("met",)},
    Forum.PRISON_OMU: {"custody_path": ("met",)},
    Forum.YOUTH_JUSTICE: {"youth_path": ("met",)},
    Forum.CHILDRENS_SOCIAL_CARE: {"child_path": ("met",), "youth_path": ("social_care",)},
}
"""For each forum, the column values that show that it may be asked and has not declined."""

_PATH_WORD = {"yes": "met", "owns": "met", "leads": "met"}


def mappa_path(state: str, *, l2_declined: bool, lead_agency_declined: bool, supervised: bool) -> str:
    """Returns MAPPA's column: whom MAPPA offers for the perpetrator in that state, after refusals.

    `supervised`: a service supervises the perpetrator under a known licence or order and has not declined to hold.
    """
    match state:
        case "referable" if not l2_declined:
            return "refer_supervised" if supervised else "refer"
        case "referable" | "open" if supervised:
            return "supervised"
        case "l1_escalating" if not l2_declined:
            return "propose_l2_alone" if lead_agency_declined else "propose_l2"
        case "l1" | "l1_escalating" if not lead_agency_declined:
            return "lead_agency" if state == "l1" else "lead_agency_keeps"
        case "open" | "l2" | "l3":
            return state
        case _:
            return "none"


def panel_path(answer: str, *, declined: bool) -> str:
    """Returns a panel's column: not applicable, supporting, to be asked, or declined."""
    if answer in {"no", "none"}:
        return "none"
    return "declined" if declined else _PATH_WORD.get(answer, answer)


def youth_path(youth: str, *, youth_justice_declined: bool, social_care_declined: bool) -> str:
    """Returns the column of a perpetrator who may be a child: below the age of guilt social care is asked instead."""
    if youth == "under_age":
        return "declined" if social_care_declined else "social_care"
    return panel_path(youth, declined=youth_justice_declined)


def matac_path(matac: str, barred: str, *, declined: bool) -> str:
    """Returns MATAC's column. A refusal comes before a bar, because it is final for these facts."""
    if matac in {"no", OPEN}:
        return "none" if matac == "no" else OPEN
    if declined:
        return "declined"
    return "barred" if barred == "yes" else "met"


def marac_path(marac: str, stage: str, *, declined: bool) -> str:
    """Returns MARAC's column. MARAC hears a case once and discharges it, so it does not lead after that."""
    if marac in {"no", OPEN}:
        return "none" if marac == "no" else OPEN
    if declined:
        return "declined"
    return "discharged" if stage == "DISCHARGED" else "met"


def column_values(answers: Mapping[str, str], facts: Facts) -> dict[str, str]:
    """Returns the value of every column of both tables, when every question has one answer."""
    declined = {forum: facts[name] is True for forum, name in DECLINED_FACTS}
    return {
        "mappa": answers["mappa"],
        "matac": answers["matac"],
        "stands_aside": answers["stands_aside"],
        "identified": answers["identified"],
        "mappa_path": mappa_path(
            answers["mappa"],
            l2_declined=declined[Forum.MAPPA_L2],
            lead_agency_declined=declined[Forum.MAPPA_L1_LEAD_AGENCY],
            supervised=facts["supervised"] is True and not declined[Forum.SUPERVISING_SERVICE],
        ),
        "marac_path": marac_path(answers["marac"], str(facts["marac_stage"]), declined=declined[Forum.MARAC]),
        "matac_path": matac_path(answers["matac"], answers["matac_barred"], declined=declined[Forum.MATAC]),
        "iom_path": panel_path(answers["iom"], declined=declined[Forum.IOM]),
        "dapp_path": panel_path(answers["dapp"], declined=declined[Forum.DAPP]),
        "pdp_path": panel_path(answers["pdp"], declined=declined[Forum.PDP]),
        "custody_path": panel_path(answers["custody"], declined=declined[Forum.PRISON_OMU]),
        "youth_path": youth_path(
            answers["youth"],
            youth_justice_declined=declined[Forum.YOUTH_JUSTICE],
            social_care_declined=declined[Forum.CHILDRENS_SOCIAL_CARE],
        ),
        "child_path": panel_path(answers["child_victim"], declined=declined[Forum.CHILDRENS_SOCIAL_CARE]),
    }


COLUMN_INPUTS: Mapping[str, tuple[str, ...]] = {
    "matac_path": ("matac", "matac_barred"),
    "mappa_path": ("mappa",),
    "marac_path": ("marac",),
    "iom_path": ("iom",),
    "dapp_path": ("dapp",),
    "pdp_path": ("pdp",),
    "custody_path": ("custody",),
    "youth_path": ("youth",),
    "child_path": ("child_victim",),
}

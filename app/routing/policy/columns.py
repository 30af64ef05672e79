"""The columns of the two lead tables: what a row of each may read, refusals included.

The columns come from code, so that no policy can forget a refusal. A forum that declined has the value
"declined". A person at level 2 or 3 stays there, because nobody can decline a statutory level in this tool
(a recorded refusal is an escalation, and a warning says so).
"""

from collections.abc import Iterable, Mapping
from itertools import product

from app.routing.policy.outcomes import MAPPA_STATES, YES_NO
from app.routing.policy.refusals import DECLINED_FACTS
from app.routing.policy.types import Facts
from app.vocabulary import Forum

MAPPA_PATHS = (
    "none",
    "refer",
    "lead_agency",
    "lead_agency_keeps",
    "propose_l2",
    "propose_l2_alone",
    "l2",
    "l3",
)
MARAC_PATHS = ("none", "open", "declined", "discharged")
PANEL_PATHS = ("none", "open", "declined")
SUPPORTING_PANEL_PATHS = ("none", "supports", "open", "declined")

VICTIM_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "marac_path": MARAC_PATHS,
    "mappa": MAPPA_STATES,
    "matac": YES_NO,
    "child_path": PANEL_PATHS,
    "stands_aside": YES_NO,
}
PERPETRATOR_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "mappa_path": MAPPA_PATHS,
    "identified": ("yes", "no"),
    "youth_path": PANEL_PATHS,
    "custody_path": PANEL_PATHS,
    "iom_path": SUPPORTING_PANEL_PATHS,
    "dapp_path": SUPPORTING_PANEL_PATHS,
    "matac_path": ("none", "open", "barred", "declined"),
    "pdp_path": PANEL_PATHS,
    "marac_path": MARAC_PATHS,
}
NEVER_DECLINES = frozenset({Forum.HUB, Forum.REFERRING_AGENCY})
HAS_NOT_DECLINED: Mapping[Forum, Mapping[str, tuple[str, ...]]] = {
    Forum.MARAC: {"marac_path": ("open",)},
    Forum.MAPPA_L3: {"mappa_path": ("l3",), "mappa": ("l3",)},
    Forum.MAPPA_L2: {"mappa_path": ("refer", "propose_l2", "propose_l2_alone", "l2"), "mappa": ("l2",)},
    Forum.MAPPA_L1_LEAD_AGENCY: {"mappa_path": ("lead_agency", "lead_agency_keeps", "propose_l2")},
    Forum.IOM: {"iom_path": ("supports", "open")},
    Forum.DAPP: {"dapp_path": ("supports", "open")},
    Forum.MATAC: {"matac_path": ("open",)},
    Forum.PDP: {"pdp_path": ("open",)},
    Forum.PRISON_OMU: {"custody_path": ("open",)},
    Forum.YOUTH_JUSTICE: {"youth_path": ("open",)},
    Forum.CHILDRENS_SOCIAL_CARE: {"child_path": ("open",)},
}
"""For each forum, the column values that show that it may be asked and has not declined."""

_PATH_WORD = {"no": "none", "none": "none", "yes": "open", "owns": "open", "leads": "open"}


def mappa_path(state: str, *, l2_declined: bool, lead_agency_declined: bool) -> str:
    """Returns MAPPA's column: whom MAPPA offers for the perpetrator in that state, after refusals."""
    match state:
        case "referable" if not l2_declined:
            return "refer"
        case "l1" if not lead_agency_declined:
            return "lead_agency"
        case "l1_escalating" if not l2_declined:
            return "propose_l2_alone" if lead_agency_declined else "propose_l2"
        case "l1_escalating" if not lead_agency_declined:
            return "lead_agency_keeps"
        case "l2" | "l3":
            return state
        case _:
            return "none"


def panel_path(answer: str, *, declined: bool) -> str:
    """Returns a panel's column: not applicable, supporting, open to be asked, or declined."""
    if answer in {"no", "none"}:
        return "none"
    return "declined" if declined else _PATH_WORD.get(answer, answer)


def matac_path(matac: str, barred: str, *, declined: bool) -> str:
    """Returns MATAC's column. A refusal comes before a bar, because it is final for these facts."""
    if matac == "no":
        return "none"
    if declined:
        return "declined"
    return "barred" if barred == "yes" else "open"


def marac_path(marac: str, stage: str, *, declined: bool) -> str:
    """Returns MARAC's column. MARAC hears a case once and discharges it, so it does not lead after that."""
    if marac == "no":
        return "none"
    if declined:
        return "declined"
    return "discharged" if stage == "DISCHARGED" else "open"


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
        ),
        "marac_path": marac_path(answers["marac"], str(facts["marac_stage"]), declined=declined[Forum.MARAC]),
        "matac_path": matac_path(answers["matac"], answers["matac_barred"], declined=declined[Forum.MATAC]),
        "iom_path": panel_path(answers["iom"], declined=declined[Forum.IOM]),
        "dapp_path": panel_path(answers["dapp"], declined=declined[Forum.DAPP]),
        "pdp_path": panel_path(answers["pdp"], declined=declined[Forum.PDP]),
        "custody_path": panel_path(answers["custody"], declined=declined[Forum.PRISON_OMU]),
        "youth_path": panel_path(answers["youth"], declined=declined[Forum.YOUTH_JUSTICE]),
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


def possible_column_values(
    taken: Mapping[str, str],
    still_open: Mapping[str, tuple[str, ...]],
    settled: Mapping[str, str],
    facts: Facts,
) -> dict[str, tuple[str, ...]]:
    """Returns, for each column, every value that it can still have.

    `taken` holds the answer taken for each question, `still_open` the possible answers of those not settled,
    `settled` the columns that follow from `taken`.
    """
    return {
        column: _possible_values(column, taken, still_open, facts)
        if any(name in still_open for name in COLUMN_INPUTS.get(column, (column,)))
        else (value,)
        for column, value in settled.items()
    }


def _possible_values(
    column: str, taken: Mapping[str, str], still_open: Mapping[str, tuple[str, ...]], facts: Facts
) -> tuple[str, ...]:
    names = COLUMN_INPUTS.get(column, (column,))
    ways: Iterable[tuple[str, ...]] = product(*(still_open.get(name, (taken[name],)) for name in names))
    values = (column_values({**taken, **dict(zip(names, way, strict=True))}, facts)[column] for way in ways)
    return tuple(dict.fromkeys(values))

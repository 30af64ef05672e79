"""Gives the reason for each forum that does not lead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from app.routing.policy.labels import forum_name
from app.routing.record.codec import canonical_json, part_to_dict
from app.routing.record.decision import Finding, WhyNot
from app.routing.record.serialisation import SerialisedPart
from app.vocabulary import Forum, NeedKind

_PATHS: Mapping[Forum, str] = {
    Forum.IOM: "iom_path",
    Forum.DAPP: "dapp_path",
    Forum.MATAC: "matac_path",
    Forum.PDP: "pdp_path",
    Forum.PRISON_OMU: "custody_path",
    Forum.YOUTH_JUSTICE: "youth_path",
    Forum.MARAC: "marac_path",
    Forum.CHILDRENS_SOCIAL_CARE: "child_path",
}
_NOT_MET: Mapping[Forum, str] = {
    Forum.IOM: "IOM is not known to manage the perpetrator",
    Forum.DAPP: "no DAPP is in question",
    Forum.MATAC: "nothing that is known meets its criteria",
    Forum.PDP: "its test is not known to be met: serious harm thought likely, and no management by MAPPA",
    Forum.PRISON_OMU: "the perpetrator is not known to be in custody",
    Forum.YOUTH_JUSTICE: "the perpetrator is not known to be under 18",
    Forum.MARAC: "nothing that is known meets its criteria",
    Forum.CHILDRENS_SOCIAL_CARE: "the victim is not known to be under 16",
}
_NOT_KNOWN: Mapping[Forum, str] = {
    Forum.MATAC: "whether its criteria are met is not known yet",
    Forum.MARAC: "whether its criteria are met is not known yet",
}
_MAPPA_NOW: Mapping[str, str] = {
    "none": "MAPPA is not known to manage the perpetrator, and no ground to refer is known",
    "open": "whether MAPPA manages the perpetrator is not known yet",
    "referable": "there is a ground to refer, and MAPPA is not known to manage the perpetrator",
    "l1": "the perpetrator is at level 1",
    "l1_escalating": "the perpetrator is at level 1",
    "l2": "the perpetrator is at level 2",
    "l3": "the perpetrator is at level 3",
}
_PERPETRATOR = (
    Forum.MAPPA_L3,
    Forum.MAPPA_L2,
    Forum.MAPPA_L1_LEAD_AGENCY,
    Forum.SUPERVISING_SERVICE,
    Forum.IOM,
    Forum.DAPP,
    Forum.MATAC,
    Forum.PDP,
    Forum.PRISON_OMU,
    Forum.YOUTH_JUSTICE,
)
_VICTIM = (Forum.MARAC, Forum.MAPPA_L3, Forum.MAPPA_L2, Forum.CHILDRENS_SOCIAL_CARE)


_DECLINED = "it declined on these facts and may not be asked again until they change"


@dataclass(frozen=True, slots=True)
class _Situation:
    """What the reasons depend on: the columns, the forums that declined, the rules that held, and who is asked."""

    columns: Mapping[str, str]
    declined: frozenset[Forum]
    findings: tuple[Finding, ...]
    order: tuple[Forum, ...]

    def excluding(self, forum: Forum) -> Finding | None:
        """Returns the rule that keeps the forum out although its criteria would be met."""
        question = forum.value.lower()
        wanted = {(question, "excluded"), (f"{question}_barred", "yes")}
        return next((f for f in self.findings if (f.outcome, f.effect) in wanted), None)


def reasons_not_to_lead(
    columns: Mapping[str, str],
    victim: tuple[Forum, ...],
    perpetrator: tuple[Forum, ...],
    declined: frozenset[Forum],
    findings: tuple[Finding, ...],
) -> Iterator[SerialisedPart[WhyNot]]:
    """Yields one reason for each forum and need, except for the two that lead: the first that are asked, in order."""
    needs = ((NeedKind.VICTIM_SAFETY, _VICTIM, victim), (NeedKind.PERPETRATOR, _PERPETRATOR, perpetrator))
    for need, forums, order in needs:
        situation = _Situation(columns, declined, findings, order)
        yield from (_why_not(need, forum, situation) for forum in forums if forum is not order[0])
    never = "MARAC hears once and discharges: it never owns the perpetrator"
    yield _reason(NeedKind.PERPETRATOR, Forum.MARAC, never)


@cache
def _reason(need: NeedKind, forum: Forum, because: str) -> SerialisedPart[WhyNot]:
    """Returns a reason in the words of this module; cached, because there are few."""
    return _serialised(WhyNot(need, forum, because, None))


def _serialised(reason: WhyNot) -> SerialisedPart[WhyNot]:
    return SerialisedPart(reason, canonical_json(part_to_dict(reason)))


def _why_not(need: NeedKind, forum: Forum, situation: _Situation) -> SerialisedPart[WhyNot]:
    columns, lead = situation.columns, situation.order[0]
    if forum in situation.declined and columns["mappa"] not in {"l2", "l3"}:
        return _reason(need, forum, _DECLINED)
    if forum not in _PATHS:
        return _reason(need, forum, _mappa_reason(need, forum, columns, lead))
    path = columns[_PATHS[forum]]
    if forum is Forum.YOUTH_JUSTICE and path == "social_care":
        return _reason(need, forum, "the perpetrator is under 10 or may be, and it takes nobody so young")
    excluding = situation.excluding(forum) if path in {"none", "barred"} else None
    if excluding:
        return _serialised(WhyNot(need, forum, excluding.because, excluding.rule))
    return _reason(need, forum, _path_reason(forum, path, situation))


def _path_reason(forum: Forum, path: str, situation: _Situation) -> str:
    lead = situation.order[0]
    match path:
        case "none":
            return _NOT_MET[forum]
        case "open":
            return _NOT_KNOWN[forum]
        case "declined":
            return _DECLINED
        case "discharged":
            return "it has heard the case and discharged it"
        case "supports":
            return f"{forum_name(lead)} is asked to lead here or holds the case; it supports"
        case _:
            return _reason_of_order(forum, situation)


def _reason_of_order(forum: Forum, situation: _Situation) -> str:
    """Explains why somebody else is asked although the forum may be; only who is asked before it comes before it."""
    if forum in situation.order:
        return f"{forum_name(situation.order[0])} comes before it in the order; it is asked if all before it decline"
    if situation.columns["identified"] == "no" and forum in _PERPETRATOR:
        return "nobody has identified the perpetrator yet, and it is asked about a person who is known"
    return f"{forum_name(situation.order[-1])} comes before it in the order, and a statutory level is not declined here"


def _mappa_reason(need: NeedKind, forum: Forum, columns: Mapping[str, str], lead: Forum) -> str:
    state = columns["mappa"]
    if forum is Forum.SUPERVISING_SERVICE:
        return _supervisor_reason(columns["mappa_path"], state, lead)
    if need is NeedKind.VICTIM_SAFETY and state == forum.value[-2:].lower():
        return f"{forum_name(lead)} is asked to lead on the victim's safety, and its plan goes to MAPPA"
    if forum is Forum.MAPPA_L1_LEAD_AGENCY and state in {"l1", "l1_escalating"}:
        return f"{forum_name(lead)} is asked first; the lead agency holds the case or is asked next"
    return _MAPPA_NOW[state]


def _supervisor_reason(path: str, state: str, lead: Forum) -> str:
    """Explains why the supervising service is not asked: it is, on a known licence, while no level is."""
    if path in {"supervised", "refer_supervised"}:
        return f"{forum_name(lead)} is asked first; the supervising service holds the case or is asked next"
    if state in {"open", "none", "referable"}:
        return "no licence or order is known, or it is known that MAPPA does not manage the perpetrator"
    return "it is asked to hold a case while the MAPPA level is not known"

"""Writes docs/flows.md: who is told what, by when, on what ground, and the tests that show it."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.flows.catalogue import Flow, FlowClock, flows
from app.flows.vocabulary import FlowBasis, FlowLimit, FlowReceiver
from app.routing.policy.labels import role_name

_RECEIVERS: Mapping[FlowReceiver, str] = {
    FlowReceiver.MANAGERS: "those who manage the perpetrator",
    FlowReceiver.HUB: "the hub",
    FlowReceiver.MARAC: "the MARAC co-ordinator",
    FlowReceiver.MATAC: "the MATAC co-ordinator",
    FlowReceiver.VICTIM_SIDE: "whoever works for the victim",
    FlowReceiver.CSC: "the child's social care",
    FlowReceiver.SCHOOL: "the child's school",
    FlowReceiver.ASKED: "whoever is asked for one action",
    FlowReceiver.SENDER: "the sender from outside",
    FlowReceiver.OTHER: "whoever holds another case",
    FlowReceiver.NEW: "the new area or force",
    FlowReceiver.FORCE: "the force that recorded the report",
    FlowReceiver.COURT: "the court",
    FlowReceiver.DUTY: "who is on call",
    FlowReceiver.MAPPA: "MAPPA",
    FlowReceiver.PERPETRATOR: "the perpetrator",
}
_BASIS: Mapping[FlowBasis, str] = {
    FlowBasis.POLICE_POWER: "common law policing power; Crime and Disorder Act 1998, section 115",
    FlowBasis.MAPPA_DUTY: "Criminal Justice Act 2003, section 325, in MAPPA cases",
    FlowBasis.SAFEGUARDING: "Data Protection Act 2018, Schedules 1 and 8; UK GDPR, Articles 6 and 9",
    FlowBasis.CHILDREN: "Children Acts; Operation Encompass",
    FlowBasis.MARAC_PROTOCOL: "the area's MARAC protocol",
    FlowBasis.CONFIDENCE: "Caldicott; the confidence that an IDVA owes",
    FlowBasis.DISCLOSURE_SCHEME: "guidance on the domestic violence disclosure scheme",
    FlowBasis.VICTIM_CONTACT_SCHEME: "Victim Contact Scheme",
    FlowBasis.SUBJECT_ACCESS: "Data Protection Act 2018, section 45 and Schedule 2",
    FlowBasis.OWNERSHIP: "what the service itself records of who owns what",
}
_UNTIL: Mapping[FlowLimit, str] = {
    FlowLimit.NEXT_SCHOOL_DAY: "before the next school day",
    FlowLimit.DUE_DATE: "by the due date",
    FlowLimit.VISIT: "before a visit",
    FlowLimit.RELEASE: "before the release",
}
_HEAD = """# Who is told what

Made by `python -m app.cli flows` from `app/flows/flows.toml` and [flows.toml](flows.toml); do not edit. Each row is a
fact that is owed to somebody. It is told once a named person of the receiver's agency has said that they received it.
What those who manage the perpetrator read holds nothing of the victim's name, place, contact, helper, plan or words. No
row is lawful merely because it stands here: an area's governance lead confirms the table.
"""


@dataclass(frozen=True, slots=True)
class FlowProof:
    """The tests of a flow: that it arrives, and that nothing else does; or what is missing."""

    arrives: str = ""
    nothing_else: str = ""
    missing: str = ""


def read_proofs(text: str) -> Mapping[str, FlowProof]:
    """Returns the tests by the id of their flow."""
    table: dict[str, dict[str, str]] = tomllib.loads(text)["flow"]
    return {name: FlowProof(**row) for name, row in table.items()}


def flows_page(proofs: Mapping[str, FlowProof]) -> str:
    """Returns the page as Markdown."""
    return "\n".join([_HEAD, *(line for flow in flows().values() for line in _section(flow, proofs[flow.id]))]) + "\n"


def _section(flow: Flow, proof: FlowProof) -> Iterator[str]:
    yield f"## {flow.id}. {flow.source}\n"
    yield "| | |"
    yield "|---|---|"
    yield f"| To | {', '.join(_RECEIVERS[one] for one in flow.receivers)} |"
    yield f"| Passes | {', '.join(f'`{name}`' for name in flow.form)} |"
    yield f"| Silence cannot withhold | {', '.join(f'`{name}`' for name in flow.minimum)} |"
    yield f"| Never passes | {flow.withheld} |"
    yield f"| Released by | {role_name(flow.released_by) if flow.released_by else 'the service'} |"
    yield f"| By when | {_clock(flow.clock)} |"
    yield f"| Ground | {'; '.join(_BASIS[one] for one in flow.basis)} |"
    yield f'| DHR "Jean" | {", ".join(flow.review)} |'
    if proof.arrives:
        yield f"| Arrives | `{proof.arrives}` |"
    if proof.nothing_else:
        yield f"| Nothing else does | `{proof.nothing_else}` |"
    if proof.missing:
        yield f"| **Missing** | {proof.missing} |"
    yield ""


def _clock(clock: FlowClock) -> str:
    if clock.hours is not None:
        words = _counted(clock.hours, "hour")
    else:
        words = _counted(clock.working_days, "working day") if clock.working_days else "the same day"
    danger = f"; {_counted(clock.danger_hours, 'hour')} where a life may hang on it" if clock.danger_hours else ""
    return words + danger + (f"; {_UNTIL[clock.until]}" if clock.until else "")


def _counted(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"

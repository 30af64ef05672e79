"""Finds what one part of a request says of itself twice: a disclosure request, an incident."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from app.routing.policy.vocabulary import DisclosureOutcome, IncidentOutcome

Document: TypeAlias = dict[str, Any]
# One sentence of a field, and its pointer: "the field says this".
Word: TypeAlias = tuple[str, str]
Contradiction: TypeAlias = tuple[Word, Word]

_SOMEBODY_IS_INFORMED = frozenset({DisclosureOutcome.DISCLOSED, DisclosureOutcome.NOT_DISCLOSED})


def informed_without_a_decision_to_inform(document: Document) -> Iterator[Contradiction]:
    """Yields a day on which somebody was told, beside an outcome after which nobody is."""
    request = document.get("disclosure") or {}
    outcome = request.get("outcome")
    if request.get("told_on") is not None and outcome is not None and outcome not in _SOMEBODY_IS_INFORMED:
        yield (
            ("`told_on` gives the day on which somebody was told", "/disclosure/told_on"),
            ("after this `outcome` nobody is told anything", "/disclosure/outcome"),
        )


def arrested_and_not_arrested(document: Document) -> Iterator[Contradiction]:
    """Yields a reason why nobody was arrested, beside an arrest."""
    for pointer, incident in _incidents(document):
        if incident.get("outcome") is IncidentOutcome.ARRESTED and incident.get("not_arrested_reason") is not None:
            yield (
                ("`outcome` says that the suspect was arrested", f"{pointer}/outcome"),
                ("`not_arrested_reason` says why nobody was", f"{pointer}/not_arrested_reason"),
            )


def _incidents(document: Document) -> Iterator[tuple[str, Document]]:
    if document.get("incident"):
        yield "/incident", document["incident"]
    for place, incident in enumerate(document.get("incidents") or ()):
        yield f"/incidents/{place}", incident

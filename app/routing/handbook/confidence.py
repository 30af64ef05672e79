"""The meaning of each confidence tag, and the claims that the proof of a policy establishes."""

from collections.abc import Mapping

from app.routing.policy.types import Tag

CONFIDENCE_MEANINGS: Mapping[Tag, str] = {
    Tag.READ: "read in the source named",
    Tag.REPORTED: "reported second hand; the source itself was not read",
    Tag.BACKGROUND: "background; a default that each area must confirm, not law",
    Tag.DESIGN: "a default of this product; an area may set another, and it is not law",
    Tag.SEED: "found or asked for by the domestic homicide review 'Jean'",
}
PROVED_CLAIMS: tuple[str, ...] = (
    "each question has one answer in every situation",
    "every rule can hold, and every rule decides something unless it is marked as deliberate cover",
    "more risk never lowers an answer",
    "while MARAC is open it counts as met; a panel about the perpetrator counts only when it is met on what is known",
    "each lead table has one and only one row for every combination, refusals included",
    "a forum that may have declined never leads, holds or supports",
    "MAPPA leads on a person at MAPPA level 2 or 3",
    "MARAC never leads or holds the perpetrator",
)

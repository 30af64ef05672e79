"""The meaning of each confidence tag."""

from collections.abc import Mapping

from app.routing.policy.types import Tag

CONFIDENCE_MEANINGS: Mapping[Tag, str] = {
    Tag.READ: "read in the source named",
    Tag.REPORTED: "reported second hand; the source itself was not read",
    Tag.BACKGROUND: "background; a default that each area must confirm, not law",
    Tag.DESIGN: "a default of this product; an area may set another, and it is not law",
    Tag.SEED: "found or asked for by the domestic homicide review 'Jean'",
}

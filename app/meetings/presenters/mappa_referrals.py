"""Shows a MAPPA referral, with what a meeting would ask first."""

from collections.abc import Iterator

from app.meetings.decision_schemas import MappaReferralOut
from app.meetings.record_models import MappaReferral

_PARTS = frozenset(MappaReferralOut.model_fields) - {"notes"}


def mappa_referral_out(row: MappaReferral) -> MappaReferralOut:
    """Returns the referral with its notes."""
    return MappaReferralOut(**{name: getattr(row, name) for name in _PARTS}, notes=list(notes_on(row)))


def notes_on(row: MappaReferral) -> Iterator[str]:
    """Yields where the referral and our records differ, and what the form asks and the referral leaves out."""
    if row.category_claimed is not None and row.category_claimed != row.category_on_record:
        ours = row.category_on_record or "none"
        yield f"the referral says category {row.category_claimed}, and our records say {ours}"
    if row.added_value is None:
        yield "the referral does not say what level 1 cannot do"
    if row.victim_liaison is False:
        yield "no victim liaison officer works with the victim: invite the IDVA"
    if row.disclosure_considered is not True:
        yield "whether to disclose to a partner is not considered yet"

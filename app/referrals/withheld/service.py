"""Stores what the perpetrator must never learn: sealed and apart from the referral, for named readers only.

Source: DHR "Jean" 17.18: practitioners need the history, and it has to be kept from the perpetrator.
"""

from collections.abc import Iterable

from pydantic import SecretStr

from app.access.repository import agency_in_post
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.referrals.models import NotForDisclosure, Referral
from app.referrals.withheld.documents import ELSEWHERE, TakenText
from app.referrals.withheld.sealing import seal
from app.vocabulary import Role


def withhold(tx: Transaction, referral: Referral, text: SecretStr | None, parts: Iterable[TakenText] = ()) -> None:
    """Seals the text, and each one taken out of the request, beside the referral: for its sender, MARAC and the IDVA.

    Without a text it stores nothing.
    """
    whole = [] if text is None else [TakenText(new_id("nfd"), ELSEWHERE, text)]
    texts = [*whole, *parts]
    if not texts:
        return
    readers = _readers(tx, referral)
    tx.session.add_all(_row(tx, referral, one, readers) for one in texts)
    tx.session.flush()


def _readers(tx: Transaction, referral: Referral) -> list[str]:
    idva = agency_in_post(tx.session, referral.area, Role.IDVA)
    # MARAC's posts are not among them: their keys show every row of the area. Fewer agencies than the referral names:
    # one that works with the perpetrator must not read it.
    return sorted({referral.referring_agency, tx.caller.agency, *([idva] if idva else [])})


def _row(tx: Transaction, referral: Referral, taken: TakenText, readers: list[str]) -> NotForDisclosure:
    return NotForDisclosure(
        id=taken.id,
        referral_id=referral.id,
        case_id=referral.case_id,
        area=referral.area,
        agencies=readers,
        part=taken.part,
        sealed=seal(tx.session, taken.text.get_secret_value(), referral.id),
        recorded_by=tx.by,
        recorded_at=tx.now,
    )

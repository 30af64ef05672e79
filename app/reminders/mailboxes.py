"""Registers the address that reads the reminders of a post whose agency has no system to receive them."""

import re

from app.foundation.errors import Invalid, NotFound, RequestFault
from app.foundation.storage.transaction import Transaction
from app.reminders import line_repository
from app.reminders.models import PostMailbox
from app.vocabulary import Role

# One address and no more than that: what follows a comma or a line break would be another receiver or header.
ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")


def mail_to_post(tx: Transaction, area: str, role: Role, agency: str, address: str) -> None:
    """Lets this address read the reminders of the post. Raises `Invalid` for what is no address."""
    if not ADDRESS.fullmatch(address):
        raise Invalid(
            "an address looks like marac@council.example", faults=[RequestFault("/address", "not_an_address")]
        )
    line_repository.add_mailbox(tx.session, PostMailbox(area=area, role=role, agency=agency, address=address))


def stop_mail_to_post(tx: Transaction, area: str, role: Role, agency: str) -> None:
    """Ends the e-mail to the post. Raises `NotFound` when it has none."""
    if not line_repository.delete_mailbox(tx.session, area, role, agency):
        raise NotFound("there is no address for this post")

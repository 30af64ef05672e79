"""One worker's hands: what it leases, and what it says came of it."""

from app.webhooks.queue import Claimed, claim
from app.webhooks.recording import Finished, record
from app.webhooks.sending import Sent
from app.webhooks.words import Outcome
from tests.delivery.given import Deliveries

URL = "https://hooks.a.gov.uk/"


def claimed(house: Deliveries, room: int = 100) -> list[Claimed]:
    found: list[Claimed] = house.in_system(lambda session: claim(session, house.now(), room))
    return found


def finish(house: Deliveries, claims: list[Claimed], outcome: Outcome = Outcome.RECEIVED) -> int:
    finished = [Finished(one, Sent(outcome, 1), 1, house.now()) for one in claims]
    return int(house.in_system(lambda session: record(session, finished, house.now())))


def subject(number: int) -> str:
    return f"act_{number:032x}"

"""One worker's hands: what it leases, and what it says came of it."""

from app.webhooks.delivery.queue import Claimed, claim
from app.webhooks.delivery.recording import Finished, record
from app.webhooks.delivery.sending import CallResult
from app.webhooks.vocabulary import Outcome
from tests.webhooks.given import Deliveries

URL = "https://hooks.a.gov.uk/"


def claimed(house: Deliveries, room: int = 100) -> list[Claimed]:
    found: list[Claimed] = house.in_system(lambda session: claim(session, house.now(), room))
    return found


def finish(house: Deliveries, claims: list[Claimed], outcome: Outcome = Outcome.RECEIVED) -> int:
    finished = [Finished(one, CallResult(outcome, 1), 1, house.now()) for one in claims]
    return int(house.in_system(lambda session: record(session, finished, house.now())))


def subject(number: int) -> str:
    return f"act_{number:032x}"

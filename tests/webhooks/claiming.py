"""Does by hand what one worker does: leases deliveries and records their outcomes."""

from app.webhooks.delivery.queue import ClaimedDelivery, claim_deliveries
from app.webhooks.delivery.recording import FinishedCall, record_outcomes
from app.webhooks.delivery.sending import CallResult
from app.webhooks.vocabulary import Outcome
from tests.webhooks.builders import DeliverySetup

URL = "https://hooks.a.gov.uk/"


def claimed(setup: DeliverySetup, room: int = 100) -> list[ClaimedDelivery]:
    found: list[ClaimedDelivery] = setup.in_system(lambda session: claim_deliveries(session, setup.now(), room))
    return found


def finish(setup: DeliverySetup, claims: list[ClaimedDelivery], outcome: Outcome = Outcome.RECEIVED) -> int:
    finished = [FinishedCall(one, CallResult(outcome, 1), 1, setup.now()) for one in claims]
    return int(setup.in_system(lambda session: record_outcomes(session, finished, setup.now())))


def subject(number: int) -> str:
    return f"act_{number:032x}"

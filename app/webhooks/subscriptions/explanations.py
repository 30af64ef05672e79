"""Says why an event has not arrived, in a sentence that a partner can act on without calling us."""

from app.webhooks.models import Delivery, Endpoint
from app.webhooks.vocabulary import DeliveryState, EndpointStatus, Outcome

HELD = "held"
OUTCOME_SENTENCES: dict[str, str] = {
    Outcome.RECEIVED: "Your receiver answered 2xx. That means received; it does not review anything.",
    Outcome.REDIRECTED: "Your receiver answered with a redirect. We never follow one: change the endpoint's address.",
    Outcome.GONE: (
        "Your receiver answered 410 Gone. The endpoint is paused and everything is kept; resume it when ready."
    ),
    Outcome.THROTTLED: "Your receiver answered 429. We wait as it asks, within limits, and try again.",
    Outcome.REFUSED: "Your receiver answered 4xx. Check how it verifies signatures and which paths it serves.",
    Outcome.SERVER_ERROR: "Your receiver answered 5xx. We try again.",
    Outcome.TIMED_OUT: "Your receiver did not answer within 15 seconds. Answer first, process afterwards.",
    Outcome.NAME_NOT_FOUND: "The name of your receiver could not be resolved.",
    Outcome.NOT_CONNECTED: "No connection could be made to your receiver.",
    Outcome.CERTIFICATE_WRONG: "The certificate of your receiver is not valid for its name.",
    Outcome.BROKEN_OFF: "Your receiver closed the connection early, or its answer could not be read.",
    Outcome.CHALLENGE_NOT_ECHOED: "Your receiver answered the verification without the challenge.",
    Outcome.WILL_NOT_SEND: "The address leads somewhere we do not call. An administrator can allow hosts.",
    Outcome.SUPERSEDED: (
        "Not sent yet: the endpoint was changed while the call waited. It is sent to the endpoint as it is now."
    ),
    Outcome.NOT_SIGNED: "Not sent: we could not open the endpoint's secret to sign it. A person has been told.",
}
STATE_SENTENCES: dict[str, str] = {
    DeliveryState.PENDING: "Waiting for its turn.",
    DeliveryState.LEASED: "Being sent now.",
    DeliveryState.EXHAUSTED: "Every retry has been used. Ask for a replay when your receiver is well.",
    DeliveryState.POISON: "A fault on our side kept this from being sent. A person has been told.",
    DeliveryState.CANCELLED: "Not sent: what it would have reminded of was dealt with first.",
}


def shown_state(delivery: Delivery, endpoint: Endpoint) -> str:
    """Returns the state as its owner sees it: what waits at an endpoint that may not be called is held, not lost."""
    waits = delivery.state == DeliveryState.PENDING and not delivery.direct
    return HELD if waits and why_held(endpoint) else delivery.state


def why_held(endpoint: Endpoint) -> str | None:
    """Returns why an endpoint's events wait, or None when they do not."""
    if endpoint.status == EndpointStatus.UNVERIFIED:
        return (
            "The endpoint is not verified yet. Answer the verification with its challenge; events are kept until then."
        )
    if endpoint.status == EndpointStatus.PAUSED:
        return f"The endpoint is paused ({endpoint.status_reason}). Events are kept; resume it to have them sent."
    if endpoint.breaker_step > 0:
        return "The receiver keeps failing. Events are kept and one call is let through every few minutes."
    return None


def explanation(delivery: Delivery, endpoint: Endpoint) -> str:
    """Says in one or two sentences what state the delivery is in, and what the last attempt met."""
    held = why_held(endpoint) if shown_state(delivery, endpoint) == HELD else None
    met = OUTCOME_SENTENCES.get(delivery.reason or "")
    parts = (held or STATE_SENTENCES.get(delivery.state), met)
    return " ".join(part for part in parts if part)

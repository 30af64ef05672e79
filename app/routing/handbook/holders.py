"""Who holds each need at a decision, and whose need ended by death: records of this service that sentences rest on."""

from app.routing.record.decision import RoutingDecision
from app.vocabulary import Forum


def victim_holder(decision: RoutingDecision) -> Forum:
    """Returns the accepted owner of the victim's safety when it was decided."""
    return Forum(str(decision.facts["victim_held_by"]))


def victim_died(decision: RoutingDecision) -> bool:
    """Returns whether the victim had died when it was decided."""
    return decision.facts["victim_died"] is True


def perpetrator_died(decision: RoutingDecision) -> bool:
    """Returns whether the perpetrator had died when it was decided."""
    return decision.facts["perpetrator_died"] is True

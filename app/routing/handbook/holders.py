"""Who holds each need at a decision, and whose need ended by death: records of this service that sentences rest on."""

from app.routing.record.decision import RoutingDecision
from app.routing.record.owners import Standing, standing
from app.vocabulary import Forum, NeedKind


def victim_holder(decision: RoutingDecision) -> Forum:
    """Returns the accepted owner of the victim's safety when it was decided."""
    return Forum(str(decision.facts["victim_held_by"]))


def standing_at(decision: RoutingDecision, kind: NeedKind) -> Standing:
    """Returns how the need stood when it was decided: by it a forum that the decision names is asked, or not."""
    return standing(kind, decision.outcomes, decision.facts)


def perpetrator_lead_is_asked(decision: RoutingDecision) -> bool:
    """Returns whether the forum that the decision names for the perpetrator is asked, and does not own the need."""
    forum = decision.perpetrator.forum
    return forum is not decision.held_by and standing_at(decision, NeedKind.PERPETRATOR).may_be_asked(forum)


def waits_for_marac_elsewhere(decision: RoutingDecision) -> bool:
    """Returns whether the case does not meet MARAC, while another case of the victim waits for it."""
    return decision.facts["marac_elsewhere"] is True and decision.outcomes["marac"] != "yes"


def victim_died(decision: RoutingDecision) -> bool:
    """Returns whether the victim had died when it was decided."""
    return decision.facts["victim_died"] is True


def perpetrator_died(decision: RoutingDecision) -> bool:
    """Returns whether the perpetrator had died when it was decided."""
    return decision.facts["perpetrator_died"] is True

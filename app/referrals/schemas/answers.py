"""The answers of a risk form, question by question, by neutral keys of our own."""

from app.foundation.web.schema import Strict
from app.routing.policy.vocabulary import DashAnswer

Answer = DashAnswer | None


class DashAnswersIn(Strict):
    """The answers of a DASH form. A key that the form named in `tool` does not have is refused; one left out is open.

    What was said beside an answer is never held.
    """

    injured: Answer = None
    very_frightened: Answer = None
    fears_further_harm: Answer = None
    isolated: Answer = None
    low_or_suicidal: Answer = None
    separated_in_year: Answer = None
    child_contact_conflict: Answer = None
    stalked_or_harassed: Answer = None
    pregnant_or_new_baby: Answer = None
    other_children_or_dependants: Answer = None
    has_hurt_children_or_dependants: Answer = None
    threatened_children_or_dependants: Answer = None
    more_often: Answer = None
    getting_worse: Answer = None
    controlled_or_jealous: Answer = None
    weapon_or_object: Answer = None
    threat_to_kill_believed: Answer = None
    strangled_or_drowned: Answer = None
    sexual_harm: Answer = None
    others_feared: Answer = None
    has_hurt_others: Answer = None
    animal_hurt: Answer = None
    money_issues: Answer = None
    perpetrator_substance_or_mental: Answer = None
    perpetrator_suicidal: Answer = None
    broke_bail_or_order: Answer = None
    police_record: Answer = None


class SdashAnswersIn(Strict):
    """The answers of the S-DASH, which is asked after a yes to stalking. It has no threshold."""

    s1: Answer = None
    s2: Answer = None
    s3: Answer = None
    s4: Answer = None
    s5: Answer = None
    s6: Answer = None
    s7: Answer = None
    s8: Answer = None
    s9: Answer = None
    s10: Answer = None
    s11: Answer = None

"""The questions of the forms, by neutral keys of our own, in the order of each form.

The forms are their authors' property: no question is worded here. Confidence, from published copies read on 29 November
2026. DASH24 1-11 [V] (CAADA checklist, docest.com/doc/354803), 12-24 [S]. DASH27 1-11 [V] (police form of 2009,
paperzz.com/doc/7134875), 12-27 [I]: compare one paper form (`docs/forms-answers.md`). S-DASH [V]. The lists of DARA and
of the forms for older and younger people are not published in a form that could be read: those take no answers, and
DARA is graded.
"""

from collections.abc import Mapping

from app.routing.policy.vocabulary import AssessmentTool

_BOTH_FIRST = (
    "injured",
    "very_frightened",
    "fears_further_harm",
    "isolated",
    "low_or_suicidal",
    "separated_in_year",
    "child_contact_conflict",
    "stalked_or_harassed",
    "pregnant_or_new_baby",
)
_CHILDREN_OF_DASH27 = (
    "other_children_or_dependants",
    "has_hurt_children_or_dependants",
    "threatened_children_or_dependants",
)
_BOTH_LAST = (
    "more_often",
    "getting_worse",
    "controlled_or_jealous",
    "weapon_or_object",
    "threat_to_kill_believed",
    "strangled_or_drowned",
    "sexual_harm",
    "others_feared",
    "has_hurt_others",
    "animal_hurt",
    "money_issues",
    "perpetrator_substance_or_mental",
    "perpetrator_suicidal",
    "broke_bail_or_order",
    "police_record",
)
DASH24 = (*_BOTH_FIRST, *_BOTH_LAST)
DASH27 = (*_BOTH_FIRST, *_CHILDREN_OF_DASH27, *_BOTH_LAST)
QUESTIONS: Mapping[AssessmentTool, tuple[str, ...]] = {AssessmentTool.DASH24: DASH24, AssessmentTool.DASH27: DASH27}
# By what each asks: fear, earlier harassment, damage, visits, loitering, threats, third parties, violence to others
# now, helpers, drink or drugs, violence in the past.
SDASH = tuple(f"s{number}" for number in range(1, 12))

# What the flags of an assessment ask, by question. One yes is enough; a no needs a no to each.
FLAGS: Mapping[str, tuple[str, ...]] = {
    "threats_to_kill": ("threat_to_kill_believed",),
    "strangulation": ("strangled_or_drowned",),
    "weapon": ("weapon_or_object",),
    "stalking": ("stalked_or_harassed",),
    "coercive_control": ("controlled_or_jealous",),
    "separation": ("separated_in_year",),
    "pregnancy": ("pregnant_or_new_baby",),
    "isolation": ("isolated",),
    "sexual_abuse": ("sexual_harm",),
    "escalating": ("more_often", "getting_worse"),
    "very_frightened": ("very_frightened",),
    "suicidal_threats_by_perpetrator": ("perpetrator_suicidal",),
    "child_contact_conflict": ("child_contact_conflict",),
}
# A yes is of pregnancy or of a new baby: it stands beside a stated "not pregnant".
WIDER_THAN_FLAG = frozenset({"pregnancy"})
# The S-DASH gives no threshold, so that one yes to what stalking consists of is evidence of stalking.
STALKING_CONDUCT = ("s2", "s4", "s5", "s7", "s9")
FEAR_OF_STALKING = "s1"
FLAGS_OF_SDASH: Mapping[str, tuple[str, ...]] = {"stalking": STALKING_CONDUCT, "very_frightened": (FEAR_OF_STALKING,)}
# Whoever is said to be hurt or threatened is a child until somebody says that there is none.
HARM_TO_CHILDREN = ("has_hurt_children_or_dependants", "threatened_children_or_dependants")
# A yes may also be of another dependant, such as an older relative: without a child who is named it is looked for.
CHILD_OR_DEPENDANT = ("child_contact_conflict", "pregnant_or_new_baby", *_CHILDREN_OF_DASH27)
BROKEN_ORDER = "broke_bail_or_order"

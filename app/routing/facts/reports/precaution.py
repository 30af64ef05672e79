"""Says of each stated fact which of two statements stands while their authors differ: the more protective one.

Both are kept, and the difference is asked about. The module is long because it is one table: a reviewer reads it whole.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from app.routing.facts.answers.questions import DASH27, SDASH
from app.routing.facts.moving.ages import combined_texts
from app.routing.policy.vocabulary import (
    AssessmentTool,
    ConsentState,
    DashAnswer,
    DisclosureOutcome,
    DisclosureRoute,
    LostContactChoice,
    PanelStatus,
    PoliceContactWish,
    Relationship,
    RoshLevel,
    TenancyHolder,
    Tenure,
    VictimAwareness,
)
from app.vocabulary import Grade


class Stands(StrEnum):
    """Which of two statements stands; RANK: the one that stands last in the order given; NEITHER: it is not known.

    TOGETHER: births. Two that agree narrow each other down; two that contradict each other leave all between them open.

    WHOEVER_MAY_SAY: that of the hub or of the service that supervises the perpetrator, or of the service they name.
    Of lists of words, EVERY joins them and COMMON keeps what all of them hold; lists that share nothing are not known,
    unless one is empty.
    """

    TRUE = "TRUE"
    FALSE = "FALSE"
    MOST = "MOST"
    LEAST = "LEAST"
    RANK = "RANK"
    NEITHER = "NEITHER"
    TOGETHER = "TOGETHER"
    WHOEVER_MAY_SAY = "WHOEVER_MAY_SAY"
    NEWEST = "NEWEST"
    EVERY = "EVERY"
    COMMON = "COMMON"


class Precaution(NamedTuple):
    """Which statement stands, and why. `order` is of the values of RANK, the one that protects least first.

    `beside`: whoever states a part of that name and leaves this one out says that there is none, and that stands.
    """

    stands: Stands
    because: str
    order: tuple[str | int, ...] = ()
    beside: str | None = None


GRADES = (Grade.STANDARD, Grade.MEDIUM, Grade.HIGH)
_NO_COUPLE = (
    Relationship.NOT_CONNECTED,
    Relationship.OTHER_RELATIVE,
    Relationship.SIBLING,
    Relationship.PARENT_OF_VICTIM,
    Relationship.CHILD_OF_VICTIM,
)
_NO_HOME = (Tenure.REFUGE, Tenure.NO_FIXED_ABODE)
_DANGER = Precaution(Stands.TRUE, "one author who has seen the danger is enough")
_MUST_BE_SHOWN = Precaution(Stands.FALSE, "a protection counts once no author denies it")
_DESCRIBES = Precaution(Stands.NEWEST, "it is of one report, or neither answer protects more")
_WHO_ACTS = Precaution(Stands.WHOEVER_MAY_SAY, "no author hands a duty to another agency, or to another area")
_AGE = Precaution(Stands.TOGETHER, "each age has protections of its own, and all that are possible apply")
_NOT_YET_TAKEN = Precaution(
    Stands.RANK,
    "a panel that may not have the case must not keep others from being asked",
    (PanelStatus.ACCEPTED, PanelStatus.DISCHARGED, PanelStatus.REFERRED, PanelStatus.NOT_KNOWN_TO_PANEL),
)
_LATER_START = Precaution(Stands.MOST, "a panel that may not have begun must not keep others from being asked")
_SERIOUS_HARM = Precaution(
    Stands.RANK,
    "the higher level of serious harm is guarded against",
    (RoshLevel.LOW, RoshLevel.MEDIUM, RoshLevel.HIGH, RoshLevel.VERY_HIGH),
)
_GRADE = Precaution(Stands.RANK, "a grade is lowered by a named person and not by another author", GRADES)
_RAISED = Precaution(Stands.EVERY, "what one author has raised is not dropped because another did not")
_ALL_STAND = Precaution(Stands.NEWEST, "every author's own text is shown; this one only says that there is one")
_ANSWER = Precaution(
    Stands.RANK,
    "one author who was told yes is enough, and an answer that is open is not a no",
    (DashAnswer.NO, DashAnswer.NOT_ASKED, DashAnswer.DONT_KNOW, DashAnswer.YES),
)

_VICTIM = {
    "age": _AGE,
    "age_as_of": _AGE,
    "birth_year": _AGE,
    "home_area": _WHO_ACTS,
    "supervised_by": _WHO_ACTS,
    "under_supervision": Precaution(Stands.TRUE, "a service too many is told, and none too few"),
    "care_needs": _DANGER,
    "at_risk_of_abuse": _DANGER,
    "unable_to_protect_self": _DANGER,
    "capacity_doubted": _DANGER,
    "advocate_needed": Precaution(Stands.TRUE, "an advocate too many does no harm"),
    "due_on": Precaution(Stands.LEAST, "the earlier birth is not missed"),
    "support_needs": _RAISED,
    "interpreter_needed": Precaution(Stands.TRUE, "an interpreter too many does no harm"),
    "language": _DESCRIBES,
    "access_needs": _RAISED,
    "address_known_to_perpetrator": _DANGER,
    "on_lost_contact": Precaution(
        Stands.RANK,
        "the victim is asked before anybody is sent",
        (LostContactChoice.POLICE_CHECK, LostContactChoice.AGENCY_ONLY, LostContactChoice.ASK_FIRST),
    ),
    "recourse_to_public_funds": Precaution(Stands.FALSE, "another route is looked for in time"),
    "tenure": Precaution(
        Stands.RANK,
        "a victim who may have no home is found one, and a home that may be theirs is secured",
        (Tenure.REFUGE, *(one for one in Tenure if one not in _NO_HOME), Tenure.NO_FIXED_ABODE),
    ),
    "tenancy_holder": Precaution(
        Stands.RANK,
        "a perpetrator who may enter is guarded against",
        (TenancyHolder.OTHER, TenancyHolder.VICTIM, TenancyHolder.JOINT, TenancyHolder.PERPETRATOR),
    ),
    "home_insecure": _DANGER,
    "moved_area": Precaution(Stands.TRUE, "the other area is asked what it knows"),
}
_PERPETRATOR = {
    "ref": _DESCRIBES,
    "known": Precaution(Stands.TRUE, "an author who can name the perpetrator has identified them"),
    "age": _AGE,
    "age_as_of": _AGE,
    "birth_year": _AGE,
    "home_area": _WHO_ACTS,
    "support_needs": _RAISED,
    "no_fixed_abode": _DANGER,
    "position_of_trust": _DANGER,
    "notification_requirement": _DANGER,
    "hospital_order": _DANGER,
    "terrorism_risk": _DANGER,
    "mappa.category": Precaution(Stands.RANK, "category 3 does not last at level 1", (1, 2, 4, 3)),
    "mappa.level": Precaution(Stands.MOST, "the higher level has more resources"),
    "mappa.not_managed": Precaution(Stands.FALSE, "it is the lowest level: any level that is told stands over it"),
    "mappa.lead_agency": _WHO_ACTS,
    "mappa.lead_post": _WHO_ACTS,
    "mappa.area": _WHO_ACTS,
    "mappa.started_on": Precaution(
        Stands.LEAST, "the longer ago, the more has risen, and the sooner overdue", beside="perpetrator.mappa"
    ),
    "mappa.last_reviewed_on": Precaution(
        Stands.LEAST, "after the older review more has risen, and it is sooner overdue", beside="perpetrator.mappa"
    ),
    "mappa.next_review_on": Precaution(Stands.LEAST, "the earlier review is not missed", beside="perpetrator.mappa"),
    "rosh.public": _SERIOUS_HARM,
    "rosh.known_adult": _SERIOUS_HARM,
    "rosh.children": _SERIOUS_HARM,
    "rosh.staff": _SERIOUS_HARM,
    "rosh.assessed_on": Precaution(Stands.LEAST, "the older assessment is the sooner overtaken by an incident"),
    "panels.iom": _NOT_YET_TAKEN,
    "panels.matac": _NOT_YET_TAKEN,
    "panels.dapp": _NOT_YET_TAKEN,
    "panels.pdp": Precaution(
        Stands.RANK, "a person managed as potentially dangerous stays that", tuple(reversed(_NOT_YET_TAKEN.order))
    ),
    "panels.iom_since": _LATER_START,
    "panels.matac_since": _LATER_START,
    "panels.dapp_since": _LATER_START,
    "panels.pdp_since": Precaution(
        Stands.LEAST, "who may be managed as potentially dangerous already counts so", beside="perpetrator.panels.pdp"
    ),
    "panels.rfgv_scored_on": _DESCRIBES,
    "panels.rfgv_score": Precaution(Stands.MOST, "the higher score is the more serious one"),
    "panels.rfgv_rank": Precaution(Stands.LEAST, "rank 1 is the most serious one"),
    "in_custody": Precaution(Stands.NEITHER, "inside and outside each has its duties, and not known keeps both"),
    "release_on": Precaution(Stands.LEAST, "the earlier release is planned for"),
    "on_bail": Precaution(Stands.TRUE, "conditions that may run are watched"),
    "suspect_outstanding": _DANGER,
    "arrested_without_charge": _DANGER,
    "new_relationship": _DANGER,
    "serious_harm_likely": _DANGER,
    "address_approved": _MUST_BE_SHOWN,
    "address_check_requested": Precaution(Stands.TRUE, "a check that was asked for is answered"),
    "missed_supervision": _DANGER,
    "breach_suspected": _DANGER,
    "crosses_boundary": _DANGER,
    "practitioner_absent": _DANGER,
}
_CASE = {
    "consent": Precaution(
        Stands.RANK,
        "the most careful way to reach the victim is taken",
        (ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.UNABLE, ConsentState.NOT_SOUGHT_UNSAFE),
    ),
    "consent_override_reason": Precaution(Stands.NEWEST, "each author has a reason of its own", beside="consent"),
    "manager_signed_off": _MUST_BE_SHOWN,
    "relationship": Precaution(
        Stands.RANK,
        "the relation for which more is owed is acted on",
        (*_NO_COUPLE, *(one for one in Relationship if one not in _NO_COUPLE)),
    ),
    "separated_on": Precaution(Stands.MOST, "the later separation is the more dangerous one"),
    "victim_aware": Precaution(
        Stands.RANK,
        "contact that may harm is held",
        (VictimAwareness.AWARE, VictimAwareness.NOT_AWARE_NOT_REACHED, VictimAwareness.NOT_AWARE_UNSAFE),
    ),
    "safe_contact.channels": Precaution(Stands.COMMON, "a way is safe once every author says so"),
    "safe_contact.message_safe": _MUST_BE_SHOWN,
    "safe_contact.withheld_number": Precaution(Stands.TRUE, "a withheld number harms nobody"),
    "safe_contact.hours": _ALL_STAND,
    "safe_contact.ask_agency": _DESCRIBES,
    "also_feared": _RAISED,
    "visit_risks": _RAISED,
    "consent_limits": _ALL_STAND,
    "sharing_grounds": _RAISED,
    "police_contact_wanted": Precaution(
        Stands.RANK,
        "a wish that one author has heard is not lost, and the victim answers the officer",
        (PoliceContactWish.NOT_ASKED, PoliceContactWish.NO, PoliceContactWish.YES),
    ),
    "victim_wishes": _ALL_STAND,
    "criteria_claimed": _RAISED,
    "referrer_attends": _DESCRIBES,
    "marac_history.last_referral_on": Precaution(
        Stands.MOST, "the later date keeps the repeat window open longer", beside="marac_history.last_heard_on"
    ),
    "marac_history.last_heard_on": Precaution(Stands.MOST, "the later date keeps the repeat window open longer"),
    "marac_history.heard": Precaution(Stands.TRUE, "one author who knows of a hearing is enough"),
    "disclosure.route": Precaution(
        Stands.RANK,
        "whoever may have asked is met, and the request is checked",
        (DisclosureRoute.MARAC_DIRECT, DisclosureRoute.RIGHT_TO_KNOW, DisclosureRoute.RIGHT_TO_ASK),
    ),
    "disclosure.applied_on": Precaution(Stands.MOST, "a newer start is a request of its own, with its own clock"),
    "disclosure.checked_on": _DESCRIBES,
    "disclosure.met_on": _DESCRIBES,
    "disclosure.decided_on": Precaution(Stands.LEAST, "an older decision may be of an earlier request"),
    "disclosure.told_on": _DESCRIBES,
    "disclosure.outcome": Precaution(
        Stands.RANK,
        "what one author says was decided to be told is told, and while another denies it the scheme is asked too",
        (
            DisclosureOutcome.WITHDRAWN,
            DisclosureOutcome.OUT_OF_SCOPE,
            DisclosureOutcome.NOT_DISCLOSED,
            DisclosureOutcome.DISCLOSED,
        ),
    ),
    "disclosure.reference": _DESCRIBES,
    "residing_together": _DANGER,
    "victim_voice_at_mappa": _MUST_BE_SHOWN,
    "protective_order_granted": Precaution(Stands.TRUE, "the time that an order gives is used"),
    "investigation_closing": _DANGER,
    "dapp_in_area": Precaution(Stands.TRUE, "a programme that one author knows of can be asked"),
    "joint_visit_agreed": Precaution(Stands.TRUE, "a visit that was agreed is made"),
    "route": _DESCRIBES,
    "help_sought_by": _DESCRIBES,
    "ongoing_event": _DANGER,
}
_ASSESSMENT = {
    "tool": Precaution(
        Stands.RANK,
        "a form whose ticks ask MARAC is not exchanged for one without",
        (
            *(AssessmentTool.OTHER, AssessmentTool.MERIT, AssessmentTool.DARA),
            *(AssessmentTool.DASH_OLDER, AssessmentTool.DASH_YOUNG),
            *(AssessmentTool.DASH27, AssessmentTool.DASH24),
        ),
    ),
    "ticks": Precaution(Stands.MOST, "ticks are never lowered by judgement"),
    "unanswered": Precaution(Stands.MOST, "an unanswered question is not a no"),
    "officer_grade": _GRADE,
    "hub_grade": _GRADE,
    "judged_high": _DANGER,
    "judgement_reason": _DESCRIBES,
    "completed": _MUST_BE_SHOWN,
    "seen": _MUST_BE_SHOWN,
    "seen_alone": _MUST_BE_SHOWN,
    "both_parties_seen": _MUST_BE_SHOWN,
    "perpetrator_answered_phone": _DANGER,
    "phone_taken": _DANGER,
    "threats_to_kill": _DANGER,
    "strangulation": _DANGER,
    "weapon": _DANGER,
    "stalking": _DANGER,
    "coercive_control": _DANGER,
    "separation": _DANGER,
    "pregnancy": _DANGER,
    "isolation": _DANGER,
    "honour_based": _DANGER,
    "forced_marriage": _DANGER,
    "sexual_abuse": _DANGER,
    "escalating": _DANGER,
    "very_frightened": _DANGER,
    "suicidal_threats_by_perpetrator": _DANGER,
    "immigration_control": _DANGER,
    "child_contact_conflict": _DANGER,
    "source": _DESCRIBES,
    "completed_on": _DESCRIBES,
    "by_role": _DESCRIBES,
    **{f"answers.{question}": _ANSWER for question in DASH27},
    **{f"sdash.{question}": _ANSWER for question in SDASH},
}
PRECAUTIONS: dict[str, Precaution] = {
    **{f"victim.{name}": precaution for name, precaution in _VICTIM.items()},
    **{f"perpetrator.{name}": precaution for name, precaution in _PERPETRATOR.items()},
    **{f"assessment.{name}": precaution for name, precaution in _ASSESSMENT.items()},
    **_CASE,
}
_FORM = frozenset({"tool", "ticks", "unanswered"})
# A program raises them; a person who is named lowers them, and a grade or a judgement with the reason (reviews).
LOWERED_BY_A_PERSON = frozenset(
    f"assessment.{name}" for name, one in _ASSESSMENT.items() if one in {_GRADE, _DANGER, _ANSWER} or name in _FORM
)
# What holds contact with the victim, or guards how it is made: no program lifts it, not even its own author's.
LIFTED_BY_A_PERSON: dict[str, tuple[Any, ...]] = {
    "victim_aware": (VictimAwareness.NOT_AWARE_NOT_REACHED, VictimAwareness.NOT_AWARE_UNSAFE),
    "safe_contact.channels": ([],),
    "safe_contact.message_safe": (False,),
    "safe_contact.withheld_number": (True,),
    "victim.interpreter_needed": (True,),
    "victim.advocate_needed": (True,),
}
# Whoever must not be told or spoken to stays on the list until a named person takes them off.
WHOM_TO_AVOID = frozenset({"must_not_be_told", "also_feared"})
# An answer that is open is no answer yet: any no to the question settles it.
OPEN_ANSWERS = (DashAnswer.NOT_ASKED, DashAnswer.DONT_KNOW)
WHO_ACTS = frozenset(part for part, one in PRECAUTIONS.items() if one.stands is Stands.WHOEVER_MAY_SAY)
SAID_BY_SILENCE = {part: one.beside for part, one in PRECAUTIONS.items() if one.beside is not None}


def only_a_person_lowers(fact: str, stated: Any) -> bool:  # noqa: ANN401 - whatever the fact holds
    """Returns whether this statement stands, whatever a program says after it, until a named person lowers it."""
    is_named = fact in WHOM_TO_AVOID and bool(stated)
    return is_named or fact in LOWERED_BY_A_PERSON or stated in LIFTED_BY_A_PERSON.get(fact, ())


def more_protective(fact: str, statements: Sequence[Any]) -> Any:  # noqa: ANN401 - whatever the fact holds
    """Returns the statement that stands among those of several authors, given the oldest first; None: none does.

    A fact without a row in the table takes the newest: a form's own particulars, which decide nothing.
    """
    precaution = PRECAUTIONS.get(fact, _DESCRIBES)
    return _CHOICES[precaution.stands](precaution, statements)


def _common(stated: Sequence[list[Any]]) -> list[Any] | None:
    shared = [word for word in stated[0] if all(word in words for words in stated)]
    # Two authors who name different ways do not say that no way is safe: that would hold what protects.
    return shared if shared or [] in stated else None


_CHOICES: dict[Stands, Callable[[Precaution, Sequence[Any]], Any]] = {
    Stands.TRUE: lambda _, stated: True in stated,
    Stands.FALSE: lambda _, stated: False not in stated,
    Stands.MOST: lambda _, stated: max(stated),
    Stands.LEAST: lambda _, stated: min(stated),
    Stands.RANK: lambda precaution, stated: max(stated, key=precaution.order.index),
    Stands.NEITHER: lambda _, stated: stated[0] if all(each == stated[0] for each in stated) else None,
    Stands.TOGETHER: lambda _, stated: combined_texts(stated),
    Stands.WHOEVER_MAY_SAY: lambda _, stated: stated[0],
    Stands.NEWEST: lambda _, stated: stated[-1],
    Stands.EVERY: lambda _, stated: list(dict.fromkeys(word for words in stated for word in words)),
    Stands.COMMON: lambda _, stated: _common(stated),
}

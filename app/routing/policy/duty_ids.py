"""The ids of the policy's duties that code treats in a way of its own. A policy that lacks one is refused at load.

An area may change a duty's text, owner or clock in an overlay; it may not drop one that the service looks for by name.
"""

from typing import Final

CONTACT_VICTIM: Final = "D06"  # somebody reaches the victim
CONTACT_WHO_ASKED_FOR_HELP: Final = "D06s"  # somebody reaches the victim who asked for help
AGREE_CONTACT: Final = "D06.agree"  # somebody agrees whether and how the victim is reached, before any contact
MARAC_REFERRAL: Final = "D03"  # the hub refers the case to MARAC
EMERGENCY_MEETING: Final = "D07"  # the chair decides whether to hold an emergency meeting
LISTING: Final = "D10"  # the case is listed and the practitioners are invited
RESEARCH: Final = "D11"  # each agency returns what it holds
SUPERVISION_RESEARCH: Final = "D12"  # a supervising service returns every part it is asked
PROPOSE_NEXT_FORUM: Final = "D15.propose"  # somebody proposes the next forum after one did not take the need
DISCLOSURE_APPLICATION: Final = "D27"  # somebody applies under the domestic violence disclosure scheme
DISCLOSURE_DECISION: Final = "D28"  # the disclosure team decides an open request; its variants begin with this id
DISCLOSURE_DECISION_WORKING: Final = "D28.working"  # the same, where disclosure days are working days
DISCLOSURE_CHECK: Final = "D28c"  # the first check of a disclosure request
DISCLOSURE_MEETING: Final = "D28m"  # whoever asked for a disclosure is met
DISCLOSURE_MADE: Final = "D28t"  # whoever may know is told
DISCLOSURE_FROM_MEETING: Final = "D29"  # MARAC discloses before the joint visit; the right to know begins with this id
JOINT_VISIT: Final = "D30"  # police and IDVA visit the victim together
BEFORE_COURT: Final = "D32.court"  # the victim is reached before a court hears an order
SEE_VICTIM_ALONE: Final = "D33"  # the victim is seen alone
ARREST_PLAN: Final = "D36"  # somebody plans the arrest; no local policy may weaken it
GO_TO_VICTIM_NOW: Final = "D33.alarm"  # somebody goes to the victim now
CHILD_RISK_REVIEW: Final = "D18c"  # the risk to a child whom the perpetrator can reach is assessed anew
SCHOOL_NOTICE: Final = "D25.school"  # the school is told
HOME_NOTICE: Final = "D25.home"  # the council is told of a child whom no school has
CHILDREN_REFERRAL: Final = "D25.social_care"  # children's social care is told, in England
CHILDREN_REPORT_WALES: Final = "D25.social_care.wales"  # children's social care is told, in Wales
PLAN_STATUS: Final = "D39"  # the co-ordinator reports how the actions of an earlier plan stand
ACTION_REVIEW: Final = "D40"  # the chair reviews unfinished and declined actions
RAISE_LEVEL_2: Final = "D16.senior"  # the level 1 lead agency raises the level 2 referral
SEND_LEVEL_2: Final = "D16.form"  # the level 1 lead agency sends it
LEVEL_REVIEW: Final = "D17.review"  # the level 1 lead agency looks at the level again
PERIODIC_REVIEW: Final = "D17.periodic"  # the level 1 lead agency reviews by date
IDENTIFY_PERPETRATOR: Final = "E02"  # somebody finds out who the perpetrator is
WORD_TO_SUPERVISOR: Final = "D23"  # the supervising service is told of the report
LICENCE_END: Final = "D47"  # somebody decides who owns the perpetrator after supervision ends
REPORT_FROM_HOLDER: Final = "D48"  # the holder is asked for a report where nobody reviewed anything
FLAG_BOTH: Final = "D42"  # both people are flagged on the record
MARAC_ON_JUDGEMENT: Final = "E08"  # the hub judges whether the risk is high
CLAIM_CHECK: Final = "E03"  # the process that is said to manage the perpetrator is asked
SHARING_REASON: Final = "E09"  # somebody records why information is shared without consent

LEVEL_1_DUTIES: Final = frozenset({RAISE_LEVEL_2, SEND_LEVEL_2, LEVEL_REVIEW, PERIODIC_REVIEW})
"""What the agency that manages somebody alone at MAPPA level 1 owes, whichever agency that is."""

NAMED_IN_CODE: Final = frozenset(
    {
        CONTACT_VICTIM,
        CONTACT_WHO_ASKED_FOR_HELP,
        AGREE_CONTACT,
        MARAC_REFERRAL,
        EMERGENCY_MEETING,
        LISTING,
        RESEARCH,
        SUPERVISION_RESEARCH,
        PROPOSE_NEXT_FORUM,
        DISCLOSURE_APPLICATION,
        DISCLOSURE_DECISION,
        DISCLOSURE_DECISION_WORKING,
        DISCLOSURE_CHECK,
        DISCLOSURE_MEETING,
        DISCLOSURE_MADE,
        DISCLOSURE_FROM_MEETING,
        JOINT_VISIT,
        BEFORE_COURT,
        SEE_VICTIM_ALONE,
        GO_TO_VICTIM_NOW,
        ARREST_PLAN,
        CHILD_RISK_REVIEW,
        SCHOOL_NOTICE,
        HOME_NOTICE,
        CHILDREN_REFERRAL,
        CHILDREN_REPORT_WALES,
        PLAN_STATUS,
        ACTION_REVIEW,
        *LEVEL_1_DUTIES,
        IDENTIFY_PERPETRATOR,
        WORD_TO_SUPERVISOR,
        LICENCE_END,
        IDENTIFY_PERPETRATOR,
        FLAG_BOTH,
        MARAC_ON_JUDGEMENT,
        CLAIM_CHECK,
        REPORT_FROM_HOLDER,
        SHARING_REASON,
    }
)

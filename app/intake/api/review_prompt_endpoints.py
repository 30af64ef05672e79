"""The cases that a person should have decided anew because another man has harmed the same victim."""

from fastapi import APIRouter

from app.access.calls import Reading
from app.audit.service import Category, record_act
from app.foundation.web.schema import CivilDate, Instant, Shown
from app.intake.review_prompts import ReviewPrompt, cases_to_revisit, prompts

router = APIRouter(prefix="/v1", tags=["cases"])


class OtherCaseOut(Shown):
    """A case of the same victim with somebody else, opened since."""

    case_id: str
    reference: str
    area: str
    opened_at: Instant
    perpetrator_known: bool


class ReviewPromptOut(Shown):
    """An open case that stays as it was decided until a person has it decided anew."""

    case_id: str
    reference: str
    area: str
    decision_id: str
    decided_at: Instant
    action_id: str
    owner_agency: str | None
    due_on: CivilDate | None
    opened_since: list[OtherCaseOut]
    decide: str


class ReviewPromptListOut(Shown):
    """The cases to look at again, the longest decided first."""

    items: list[ReviewPromptOut]


@router.get(
    "/cases-to-revisit",
    operation_id="listCasesToRevisit",
    summary="Open cases whose victim has since been harmed by somebody else, for a person to have decided anew",
)
def list_cases_to_revisit(call: Reading) -> ReviewPromptListOut:
    """A case leaves the list when it has been decided anew, or when the need for managing him ends."""
    mine = prompts(call.session)
    with call.as_system() as session:
        items = [_show(one) for one in cases_to_revisit(session, mine)]
    record_act(call.session, call.caller, Category.CONSULTATION, "case", "list to revisit", call.now)
    return ReviewPromptListOut(items=items)


def _show(waiting: ReviewPrompt) -> ReviewPromptOut:
    case, action = waiting.case, waiting.action
    return ReviewPromptOut(
        case_id=case.id,
        reference=case.reference,
        area=case.area,
        decision_id=waiting.decision.id,
        decided_at=waiting.decision.decided_at,
        action_id=action.id,
        owner_agency=action.owner_agency,
        due_on=action.due_on,
        opened_since=[
            OtherCaseOut(
                case_id=other.id,
                reference=other.reference,
                area=other.area,
                opened_at=other.opened_at,
                perpetrator_known=other.perpetrator_ref is not None,
            )
            for other in waiting.opened_since
        ],
        decide=f"/v1/cases/{case.id}/decisions",
    )

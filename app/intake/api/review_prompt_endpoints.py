"""Lists the cases that a person should have decided anew because of a report in another case."""

from fastapi import APIRouter

from app.access.calls import Reading
from app.audit.service import Category, record_act
from app.intake.case_reviews.review_prompts import cases_to_review
from app.intake.presenters import review_prompt_out
from app.intake.repository import open_review_prompts
from app.intake.schemas import ReviewPromptListOut

router = APIRouter(prefix="/v1", tags=["cases"])


@router.get(
    "/cases-to-review",
    operation_id="listCasesToReview",
    summary="Open cases that another report puts in another light; a person should have them decided anew",
)
def list_cases_to_review(call: Reading) -> ReviewPromptListOut:
    """Lists cases whose victim somebody else has harmed since, or whose two people were reported in opposite roles.

    Two cases of one pair are one line. A case leaves the list when it is decided anew, or when the perpetrator's
    need ends.
    """
    prompts = open_review_prompts(call.session)
    # Whether a prompt still waits depends on the victim's other cases, which may lie in areas the caller cannot see.
    with call.as_system() as session:
        items = [review_prompt_out(prompt) for prompt in cases_to_review(session, prompts)]
    record_act(call.tx, Category.CONSULTATION, "case", "list to review")
    return ReviewPromptListOut(items=items)

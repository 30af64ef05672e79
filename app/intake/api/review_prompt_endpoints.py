"""Lists the cases that a person should have decided anew because of a report in another case."""

from fastapi import APIRouter

from app.access.calls import Reading
from app.audit.service import Category, record_act
from app.intake.case_reviews.review_prompts import cases_to_review, other_cases_of
from app.intake.presenters import review_prompt_out
from app.intake.repository import open_review_prompts
from app.intake.schemas import ReviewPromptListOut
from app.referrals.repositories.case_repository import cases_by_ids

router = APIRouter(prefix="/v1", tags=["cases"])


@router.get(
    "/cases-to-review",
    operation_id="listCasesToReview",
    summary="Open cases that another report puts in another light; a person should have them decided anew",
)
def list_cases_to_review(call: Reading) -> ReviewPromptListOut:
    """Lists cases that a report of another perpetrator, to another area or in opposite roles puts in another light.

    Other cases are named where you see them. Two cases of one pair are one line. A case leaves the list when it is
    decided anew, or when the need that was asked about ends.
    """
    prompts = open_review_prompts(call.session)
    # Whether a prompt still waits depends on the victim's other cases, which may lie in areas the caller cannot see.
    with call.as_system() as session:
        waiting = cases_to_review(session, prompts)
    others = {other.id for prompt in waiting for other in other_cases_of(prompt)}
    named = others | {prompt.case.id for prompt in waiting}
    seen = {case.id for case in cases_by_ids(call.session, named)}
    # Whoever manages the perpetrator can be asked in a case that lies in another area by now.
    items = [review_prompt_out(prompt, seen) for prompt in waiting if prompt.case.id in seen]
    record_act(call.tx, Category.CONSULTATION, "case", "list to review")
    return ReviewPromptListOut(items=items)

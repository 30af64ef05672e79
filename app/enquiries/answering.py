"""Records what a post answers to its questions, in part or whole, and passes on what another post is to answer."""

from collections.abc import Mapping, Sequence

from app.access.vocabulary import COORDINATORS
from app.enquiries.asking import Asking, add_question, tell_posts
from app.enquiries.case_questions import CaseQuestions, QuestionDraft, questions_of_case
from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.enquiries.notices import first_due, record_enquiry_event
from app.enquiries.schemas import AnswerIn
from app.enquiries.values import checked_value, invalid_answer
from app.enquiries.vocabulary import HUB_REVIEW, AnswerKind, QuestionEnd
from app.foundation.errors import Conflict, Forbidden
from app.foundation.storage.transaction import Transaction
from app.referrals.models import Case
from app.routing.policy.types import FactType
from app.vocabulary import EventType

ENDS = {
    AnswerKind.VALUE: QuestionEnd.ANSWERED,
    AnswerKind.NOTHING_RECORDED: QuestionEnd.ANSWERED,
    AnswerKind.CANNOT_FIND_OUT: QuestionEnd.CANNOT_FIND_OUT,
    AnswerKind.PASSED_ON: QuestionEnd.PASSED_ON,
}


def record_answers(
    tx: Transaction, enquiry: AskedEnquiry, case: Case, answers: Sequence[AnswerIn], facts: Mapping[str, FactType]
) -> list[AskedQuestion]:
    """Ends each question that is answered, with its answer and who gave it, and returns these questions.

    The others stay asked, and their clocks go on. Raises `Forbidden` for another agency, `Invalid` naming the field
    of an answer that cannot be taken, and `Conflict` when a question has ended. Call it while the case is held.
    """
    _refuse_others(tx, enquiry)
    of_case = questions_of_case(tx, case.id)
    answered = []
    for place, answer in enumerate(answers):
        pointer = f"/answers/{place}"
        item = _question(of_case, enquiry, answer, pointer)
        item.value = checked_value(answer, facts.get(answer.fact), pointer)
        _end(tx, item, answer)
        answered.append(item)
    tx.session.flush()
    for item in answered:
        _pass_on(of_case, case, item)
    tell_posts(of_case)
    record_enquiry_event(tx, EventType.ENQUIRY_ANSWERED, enquiry, first_due(of_case.of(enquiry)))
    return answered


def _refuse_others(tx: Transaction, enquiry: AskedEnquiry) -> None:
    if tx.caller.agency != enquiry.agency and tx.caller.role not in COORDINATORS:
        raise Forbidden("an enquiry is answered by the agency that is asked, or by the area's co-ordinator")


def _question(of_case: CaseQuestions, enquiry: AskedEnquiry, answer: AnswerIn, pointer: str) -> AskedQuestion:
    """Returns the open question of the enquiry that the answer names."""
    same = [item for item in of_case.of(enquiry) if item.fact == answer.fact]
    if answer.report_id is not None:
        same = [item for item in same if item.report_id == answer.report_id]
    if not same:
        raise invalid_answer(f"{pointer}/fact", "unknown", "this enquiry does not ask for it")
    waiting = [item for item in same if item.ended_at is None]
    if not waiting:
        raise Conflict("a question that is answered here has ended; read the enquiry again")
    if len(waiting) > 1:
        raise invalid_answer(f"{pointer}/report_id", "missing", "more than one report waits; name the report")
    if answer.post == enquiry.role:
        raise invalid_answer(f"{pointer}/post", "not_possible", "this post is asked already; name another")
    return waiting[0]


def _end(tx: Transaction, item: AskedQuestion, answer: AnswerIn) -> None:
    reviews = item.fact == HUB_REVIEW
    item.answered_by = tx.caller.named_person("a grade is a person's judgement") if reviews else tx.by
    item.looked_in, item.reason, item.passed_to = answer.looked_in, answer.reason, answer.post
    item.ended, item.ended_at = ENDS[answer.kind], tx.now


def _pass_on(of_case: CaseQuestions, case: Case, item: AskedQuestion) -> None:
    """Asks the post that the question was passed on to, on the clock that it had.

    A post that is asked already keeps its question; the earlier clock counts.
    """
    if item.passed_to is None:
        return
    passed = QuestionDraft(
        item.passed_to, item.fact, item.ask, tuple(item.decides), item.due_at, item.report_id, item.about
    )
    here = {enquiry.id for enquiry in of_case.enquiries if enquiry.area == case.area}
    asked = of_case.open_to(passed, {passed.role}, here)
    if asked is None:
        add_question(of_case, Asking(case, item.decision_id, (passed,)), passed, item.place)
    else:
        asked.due_at = min(asked.due_at, passed.due_at)

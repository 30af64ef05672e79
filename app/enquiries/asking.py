"""Asks what a decision asks for: one enquiry for each post, each question on the clock it first had."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.access.repository import agency_in_post
from app.enquiries.case_questions import (
    AskedReports,
    CaseQuestions,
    QuestionDraft,
    is_asked_about,
    questions_of_case,
)
from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.enquiries.notices import first_due, record_enquiry_event, remind_until
from app.enquiries.vocabulary import HUB_REVIEW, QuestionEnd
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.referrals.lookup import find_latest_referral
from app.referrals.models import Case
from app.vocabulary import EventType, NeedKind, Role

NOT_ASKED_AGAIN = frozenset({QuestionEnd.ANSWERED, QuestionEnd.CANNOT_FIND_OUT})


@dataclass(frozen=True, slots=True)
class Asking:
    """What the newest decision of a case asks for.

    `unknown` are the facts that nobody has told and that still concern somebody; `reports` the reports that leave a
    fact open, where it is asked for each of them. `agencies` names who answers for a post where that is not the agency
    that fills it. `knows_best` are the facts that a post knows better than any other: it keeps its question until it
    has answered itself. `reviews_stand`: a report that waits for its review goes on to.
    """

    case: Case
    decision_id: str
    questions: tuple[QuestionDraft, ...]
    unknown: Collection[str] = ()
    reports: AskedReports = field(default_factory=dict)
    agencies: Mapping[Role, str | None] = field(default_factory=dict)
    knows_best: Mapping[Role, Collection[str]] = field(default_factory=dict)
    reviews_stand: bool = True


def ask(tx: Transaction, asking: Asking) -> list[AskedEnquiry]:
    """Asks what is not asked yet, ends what is asked no more, and returns the enquiries with an open question.

    An open question keeps its clock and its post; an earlier clock replaces a later one. What was answered, or what
    nobody can find out, is not asked again. A question whose clock has ended unanswered stays while its fact is not
    known. Call it while the case is held.
    """
    of_case = questions_of_case(tx, asking.case.id)
    for enquiry in of_case.enquiries:
        if enquiry.area == asking.case.area:
            _fill_post(tx, asking, enquiry)
    here = frozenset(enquiry.id for enquiry in of_case.enquiries if enquiry.area == asking.case.area)
    posts = [of_case.posts_for(question, asking.questions) for question in asking.questions]
    kept = [of_case.open_to(question, among, here) for question, among in zip(asking.questions, posts, strict=True)]
    _end_what_is_asked_no_more(of_case, asking, {item.id for item in kept if item is not None}, here)
    for place, (question, among, item) in enumerate(zip(asking.questions, posts, kept, strict=True)):
        if item is not None:
            _follow_newest_decision(item, question)
        elif question.again or all(item.ended not in NOT_ASKED_AGAIN for item in of_case.earlier(question, among)):
            add_question(of_case, asking, question, place)
    _wait_for_what_nobody_finds_out(of_case, asking, posts)
    tell_posts(of_case)
    return [enquiry for enquiry in of_case.enquiries if first_due(of_case.of(enquiry)) is not None]


def end_questions(tx: Transaction, case_id: str, about: NeedKind | None = None, area: str | None = None) -> None:
    """Ends what is still asked of a case, or what is asked about one of its people, or by one area."""
    of_case = questions_of_case(tx, case_id)
    for item in of_case.items:
        if (about is None or item.about == about) and (area is None or of_case.enquiry_of(item).area == area):
            _end(item, tx.now)
    tell_posts(of_case)


def _end(item: AskedQuestion, now: datetime) -> None:
    """Ends a question that is open; what nobody can find out is waited for no more."""
    if item.ended_at is None:
        item.ended, item.ended_at = QuestionEnd.NO_LONGER_ASKED, now
    elif item.ended is QuestionEnd.CANNOT_FIND_OUT and item.moot_at is None:
        item.moot_at = now


def _end_what_is_asked_no_more(
    of_case: CaseQuestions, asking: Asking, kept: Collection[str], here: Collection[str]
) -> None:
    """Ends the questions that the decision asks no more, and those of an area that the case has left."""
    for item in of_case.open():
        if item.enquiry_id not in here or not _stands(of_case, asking, item, kept):
            _end(item, of_case.tx.now)
    # Before the new ones are stored: at no instant is a question open twice.
    of_case.tx.session.flush()


def _stands(of_case: CaseQuestions, asking: Asking, item: AskedQuestion, kept: Collection[str]) -> bool:
    if item.fact == HUB_REVIEW:
        return asking.reviews_stand
    if item.id in kept or item.fact in asking.knows_best.get(of_case.enquiry_of(item).role, ()):
        return True
    # Once its clock has ended, MARAC's answer rests on it: only what is asked for ends it.
    return item.lapsed_at is not None and item.fact in asking.unknown and is_asked_about(item, asking.reports)


def _wait_for_what_nobody_finds_out(of_case: CaseQuestions, asking: Asking, posts: Sequence[Collection[Role]]) -> None:
    """Keeps the clock of what nobody can find out running as long as the decision would ask for it, and ends it then.

    Its end is escalated to a named post: what is open does not stay open in silence.
    """
    wanted = [
        item.id
        for question, among in zip(asking.questions, posts, strict=True)
        for item in of_case.earlier(question, among)
    ]
    for item in of_case.items:
        if item.ended is QuestionEnd.CANNOT_FIND_OUT:
            waits = item.id in wanted or (item.lapsed_at is not None and item.fact in asking.unknown)
            item.moot_at = None if waits else item.moot_at or of_case.tx.now


def _follow_newest_decision(item: AskedQuestion, question: QuestionDraft) -> None:
    item.ask = question.ask
    if item.lapsed_at is None:
        item.decides = list(question.decides)
        item.due_at = min(item.due_at, question.due_at)


def add_question(of_case: CaseQuestions, asking: Asking, question: QuestionDraft, place: int) -> None:
    """Adds the question to the enquiry of its post. A clock that has begun for it goes on."""
    tx, enquiry = of_case.tx, _enquiry_of(of_case, asking, question.role)
    due_at, lapsed_at = _clock_of(of_case, asking, question)
    item = AskedQuestion(
        id=new_id("enqi"),
        enquiry_id=enquiry.id,
        case_id=enquiry.case_id,
        fact=question.fact,
        report_id=question.report_id,
        about=question.about,
        ask=question.ask,
        decides=list(question.decides),
        decision_id=asking.decision_id,
        place=place,
        asked_at=tx.now,
        due_at=due_at,
        lapsed_at=lapsed_at,
    )
    tx.session.add(item)
    of_case.items.append(item)
    of_case.asked.add(enquiry.id)


def _clock_of(of_case: CaseQuestions, asking: Asking, question: QuestionDraft) -> tuple[datetime, datetime | None]:
    """Returns when the question is due, and when the end of its clock was decided on."""
    # What another post is asked at the same time runs on a clock of its own.
    same = [item for item in of_case.earlier(question) if item.ended_at is not None]
    # A new report puts off no clock: the question about the report before it goes on as one about this report.
    same += of_case.replaced(question) if question.fact not in asking.reports else []
    stopped = next(iter(same), None)
    if stopped is None:
        return question.due_at, None
    if stopped.lapsed_at is not None:
        return stopped.due_at, stopped.lapsed_at
    # A question that was dropped and comes back after its clock would be born late.
    still_runs = stopped.due_at > of_case.tx.now
    return (min(stopped.due_at, question.due_at) if still_runs else question.due_at), None


def _enquiry_of(of_case: CaseQuestions, asking: Asking, role: Role) -> AskedEnquiry:
    """Returns the enquiry of the post in the area that has the case, opened if there is none."""
    case = asking.case
    known = next((one for one in of_case.enquiries if (one.area, one.role) == (case.area, role)), None)
    if known is not None:
        return known
    enquiry = AskedEnquiry(
        id=new_id("enq"), case_id=case.id, area=case.area, agencies=[], role=role, asked_at=of_case.tx.now, version=0
    )
    _fill_post(of_case.tx, asking, enquiry)
    of_case.tx.session.add(enquiry)
    of_case.tx.session.flush()
    of_case.enquiries.append(enquiry)
    return enquiry


def _fill_post(tx: Transaction, asking: Asking, enquiry: AskedEnquiry) -> None:
    """Names who answers for the post, once somebody fills it, and who sees the enquiry."""
    case, role = asking.case, enquiry.role
    filled = asking.agencies[role] if role in asking.agencies else _agency_for(tx, case, role)
    enquiry.agency = enquiry.agency or filled
    # That an application for a disclosure exists stays with the team: an agency of the case may work with the
    # perpetrator, and may be found to do so later.
    of_case = () if role is Role.DVDS_TEAM else case.agencies
    enquiry.agencies = sorted({*enquiry.agencies, *of_case, *([enquiry.agency] if enquiry.agency else ())})


def _agency_for(tx: Transaction, case: Case, role: Role) -> str | None:
    """Returns the agency that fills the post; the referrer is whoever made the newest referral."""
    if role is Role.REFERRER:
        return find_latest_referral(tx.session, case.id).referring_agency
    return agency_in_post(tx.session, case.area, role)


def tell_posts(of_case: CaseQuestions) -> None:
    """Tells each post of its new questions, and reminds it of the first clock where that has changed."""
    of_case.tx.session.flush()
    for enquiry in of_case.enquiries:
        clock = of_case.clock(enquiry)
        if clock != of_case.reminded.get(enquiry.id):
            remind_until(of_case.tx, enquiry, clock)
        if enquiry.id in of_case.asked:
            record_enquiry_event(of_case.tx, EventType.ENQUIRY_ASKED, enquiry, clock.due_at)

"""The questions of a case in one transaction: which are open, to which post, and which were asked before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from app.enquiries import repository
from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.enquiries.notices import EnquiryClock, clock_of
from app.enquiries.vocabulary import QuestionEnd
from app.foundation.storage.transaction import Transaction
from app.vocabulary import NeedKind, Role

AskedReports: TypeAlias = Mapping[str, Collection[str]]  # by the fact that is asked for each report that leaves it open


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """One fact to ask a post for, until an instant (UTC).

    `report_id` is the report that it is about, if it is of one, and `about` the person; None: the children. `again`: it
    is asked although it was answered before.
    """

    role: Role
    fact: str
    ask: str
    decides: tuple[str, ...]
    due_at: datetime
    report_id: str | None = None
    about: NeedKind | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class CaseQuestions:
    """The enquiries and questions of a case in one transaction, and the clocks that its reminders follow."""

    tx: Transaction
    enquiries: list[AskedEnquiry]
    items: list[AskedQuestion]
    reminded: dict[str, EnquiryClock]
    asked: set[str] = field(default_factory=set)

    def of(self, enquiry: AskedEnquiry) -> list[AskedQuestion]:
        """Returns the questions of one enquiry."""
        return [item for item in self.items if item.enquiry_id == enquiry.id]

    def open(self) -> list[AskedQuestion]:
        """Returns the questions that nobody has answered and that are still asked."""
        return [item for item in self.items if item.ended_at is None]

    def clock(self, enquiry: AskedEnquiry) -> EnquiryClock:
        """Returns the first clock of the enquiry, and who is reminded of it."""
        return clock_of(enquiry, self.of(enquiry))

    def posts_for(self, question: QuestionDraft, asked: Sequence[QuestionDraft]) -> frozenset[Role]:
        """Returns the posts whose answer is an answer to this question, where the newest decision asks `asked`.

        Its own, those that it was passed on to, and those that were asked before and are asked for it no more.
        """
        others = {one.role for one in asked if one.fact == question.fact}
        same = [(self._role(item), item.passed_to) for item in self.items if item.fact == question.fact]
        found = {question.role, *({role for role, _ in same} - others)}
        while passed := {to for role, to in same if role in found and to is not None} - found:
            found |= passed
        return frozenset(found)

    def open_to(
        self, question: QuestionDraft, posts: Collection[Role], enquiry_ids: Collection[str]
    ) -> AskedQuestion | None:
        """Returns the open question about the fact of the same report to one of the posts, in one of the enquiries."""
        same = [item for item in self.earlier(question, posts) if item.ended_at is None]
        return next((item for item in same if item.enquiry_id in enquiry_ids), None)

    def replaced(self, question: QuestionDraft) -> list[AskedQuestion]:
        """Returns the questions for the same fact of another report that end unanswered at this instant."""
        return [
            item
            for item in self._of_fact(question.fact, {question.role})
            if item.ended is QuestionEnd.NO_LONGER_ASKED and item.ended_at == self.tx.now
        ]

    def earlier(self, question: QuestionDraft, posts: Collection[Role] = tuple(Role)) -> list[AskedQuestion]:
        """Returns the questions for the same fact of the same report that these posts had, the newest first."""
        same = [item for item in self._of_fact(question.fact, posts) if item.report_id == question.report_id]
        return same[::-1]

    def _of_fact(self, fact: str, posts: Collection[Role]) -> list[AskedQuestion]:
        return [item for item in self.items if item.fact == fact and self._role(item) in posts]

    def _role(self, item: AskedQuestion) -> Role:
        return self.enquiry_of(item).role

    def enquiry_of(self, item: AskedQuestion) -> AskedEnquiry:
        """Returns the enquiry that the question belongs to."""
        return next(enquiry for enquiry in self.enquiries if enquiry.id == item.enquiry_id)


def is_asked_about(item: AskedQuestion, reports: AskedReports) -> bool:
    """Returns whether the question is about a report that leaves its fact open."""
    return item.fact not in reports or item.report_id in reports[item.fact]


def questions_of_case(tx: Transaction, case_id: str) -> CaseQuestions:
    """Returns every enquiry and question of a case as it is stored now. Call it while the case is held."""
    tx.session.flush()
    enquiries = list(repository.enquiries_of_case(tx.session, case_id))
    found = CaseQuestions(tx, enquiries, list(repository.items_of_case(tx.session, case_id)), {})
    found.reminded.update({enquiry.id: found.clock(enquiry) for enquiry in enquiries})
    return found

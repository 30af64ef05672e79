"""Says who received a notice, or why nobody need receive it any more, and ends the sender's action to tell them.

A system receives by a call or from the feed, a post without one by e-mail; a person by saying so, or by answering what
was asked of the post.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import tuple_

from app.actions.changes import OwnerPost
from app.actions.models import Action
from app.actions.notices.models import WorkNotice
from app.actions.notices.repository import cases_waiting_for_receipt, is_carried_by, unreceived_for_change
from app.actions.outcomes.ending import no_longer_owed, shown_done
from app.actions.outcomes.notice_actions import follow_notices
from app.actions.repository import hold_cases
from app.foundation.storage.transaction import Transaction
from app.vocabulary import Forum, NeedKind

BY_A_SYSTEM = "system"
BY_MAIL = "e-mail"
RECEIVED = "The receiver has received the notice"
ANSWERED = "{} has answered, and so knows"
WORKS_ON_IT = "The post has reported what it does in the case, and so knows"


def receive_notices(tx: Transaction, notices: Sequence[WorkNotice], by: str, because: str = RECEIVED) -> None:
    """Records who received the notices, once, and ends the senders' actions to tell them.

    Their case and they are locked.
    """
    new = [one for one in notices if one.received_at is None]
    for notice in new:
        notice.received_at, notice.received_by = tx.now, by
    follow_notices(tx, new, shown_done(because))


def receive_carried(tx: Transaction, carried: Collection[tuple[str, str]], by: str) -> None:
    """Records that an agency has these events, each given as (event, agency). Call it as the system."""
    case_ids = cases_waiting_for_receipt(tx.session, is_carried_by(carried)) if carried else set()
    if case_ids:
        hold_cases(tx.session, case_ids)
        receive_notices(tx, unreceived_for_change(tx.session, is_carried_by(carried)), by)


def receive_by_mail(tx: Transaction, mailed: Collection[tuple[str, str]]) -> None:
    """Records that posts were mailed these events, each given as (event, role). Call it as the system."""
    of_posts = tuple_(WorkNotice.event_id, WorkNotice.role).in_(mailed)
    case_ids = cases_waiting_for_receipt(tx.session, of_posts) if mailed else set()
    if case_ids:
        hold_cases(tx.session, case_ids)
        receive_notices(tx, unreceived_for_change(tx.session, of_posts), BY_MAIL)


def receive_by_answer(tx: Transaction, case_ids: Collection[str], post: OwnerPost, forum: Forum) -> None:
    """Records that the post which answers about these cases knows what it was sent. The cases are locked."""
    of_post = (WorkNotice.agency == post.agency, WorkNotice.role == post.role)
    notices = unreceived_for_change(tx.session, WorkNotice.case_id.in_(case_ids), *of_post)
    receive_notices(tx, notices, tx.by, ANSWERED.format(forum))


def receive_by_report(tx: Transaction, action: Action) -> None:
    """Records that the post which reports an action of a case knows what it was sent about it. The case is locked."""
    if tx.caller.agency == action.owner_agency:
        its_own = (WorkNotice.agency == action.owner_agency, WorkNotice.role == action.owner_role)
        notices = unreceived_for_change(tx.session, WorkNotice.case_id == action.case_id, *its_own)
        receive_notices(tx, notices, tx.by, WORKS_ON_IT)


def end_notices_not_owed(tx: Transaction, case_id: str, owed: Collection[str], because: str) -> None:
    """Ends the unreceived notices of the case that carry no step still owed, for the reason `because`."""
    notices = unreceived_for_change(tx.session, WorkNotice.case_id == case_id)
    ended = [one for one in notices if not {*one.steps} & {*owed}]
    for notice in ended:
        notice.ended_because = because
    follow_notices(tx, notices, no_longer_owed(because))


def end_notices_about(tx: Transaction, case_id: str, person: NeedKind, because: str) -> None:
    """Ends the unreceived notices about a person who died; about the victim also those that name no person."""
    whom = {person, None} if person is NeedKind.VICTIM_SAFETY else {person}
    notices = unreceived_for_change(tx.session, WorkNotice.case_id == case_id)
    ended = [one for one in notices if one.about in whom]
    for notice in ended:
        notice.ended_because = because
    follow_notices(tx, ended, no_longer_owed(because))

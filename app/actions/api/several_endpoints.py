"""Outcomes and reviews of several actions in one call over HTTP."""

from functools import partial

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.actions.api.changing import ActionChange, ItemChange, change_several
from app.actions.models import Action
from app.actions.outcomes import reporting, reviewing
from app.actions.response_schemas import ItemsOut
from app.actions.schemas import OutcomeItem, OutcomesRequest, ReviewItem, ReviewsRequest
from app.foundation.storage.transaction import Transaction

router = APIRouter()


@router.post(
    "/action-outcomes",
    operation_id="reportOutcomes",
    response_model=ItemsOut,
    summary="Report what became of several actions",
)
def report_outcomes(sent: OutcomesRequest, call: Writing) -> Response:
    """Up to 100 items, each as in the report of one action. What is refused says why; the rest is recorded."""
    return change_several(sent, call, [_item(item, partial(_report, call.tx, item)) for item in sent.items])


@router.post(
    "/action-reviews",
    operation_id="reviewActions",
    response_model=ItemsOut,
    summary="Review several actions as a second person",
)
def review_actions(sent: ReviewsRequest, call: Writing) -> Response:
    """Up to 100 items, each as in the review of one action. What is refused says why; the rest is recorded."""
    return change_several(sent, call, [_item(item, partial(_review, call.tx, item)) for item in sent.items])


def _item(item: OutcomeItem | ReviewItem, change: ActionChange) -> ItemChange:
    return ItemChange(item.action_id, item.version, change)


def _report(tx: Transaction, item: OutcomeItem, action: Action) -> None:
    reporting.report_outcome(tx, action, item)


def _review(tx: Transaction, item: ReviewItem, action: Action) -> None:
    reviewing.review_action(tx, action, item)

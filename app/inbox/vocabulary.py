"""The words of the inbox. Words only."""

from enum import StrEnum


class InboxKind(StrEnum):
    """What is asked. A kind is named for the thing that ends it.

    DECLINE: something came back, and its holder must say who is asked next. NOT_TAKEN: the chair knows of a forum that
    declined or was silent. SET_UP: the area is not set up for its work.
    """

    PROPOSAL = "PROPOSAL"
    TRANSFER = "TRANSFER"
    ENDING = "ENDING"
    RELEASE = "RELEASE"
    LINK = "LINK"
    DECLINE = "DECLINE"
    NOT_TAKEN = "NOT_TAKEN"
    ENQUIRY = "ENQUIRY"
    ACTION = "ACTION"
    REVIEW = "REVIEW"
    RESEARCH = "RESEARCH"
    COUNTERSIGNATURE = "COUNTERSIGNATURE"
    MEETING = "MEETING"
    WORK_ITEM = "WORK_ITEM"
    SET_UP = "SET_UP"


class InboxSubject(StrEnum):
    """What an item is about: with `subject_id` it names one thing on record, or a post or a forum of an area."""

    ACTION = "action"
    ENDING = "ending"
    ENQUIRY = "enquiry"
    FORUM = "forum"
    LINK_PROPOSAL = "link_proposal"
    MEETING = "meeting"
    POST = "post"
    PROPOSAL = "proposal"
    RELEASE = "release"
    RESEARCH_REQUEST = "research_request"
    RESEARCH_RETURN = "research_return"
    TRANSFER = "transfer"
    WORK_ITEM = "work_item"


NUMBERED = {kind: number for number, kind in enumerate(InboxKind)}
"""The number of each kind in the order of things that are late at one instant."""

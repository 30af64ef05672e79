"""The event catalogue: what a partner can be told, in one sentence each. Bodies carry ids, codes and times only."""

from app.vocabulary import EventType

CATALOGUE: dict[EventType, str] = {
    EventType.REFERRAL_ROUTED: "A referral was received and its first routing decision made.",
    EventType.REFERRAL_REROUTED: "New facts or incidents led to a new routing decision; the old one is kept.",
    EventType.LEAD_PROPOSED: "A forum is asked to lead on a need. The present owner keeps it until somebody accepts.",
    EventType.LEAD_ACCEPTED: "A forum has accepted and now owns the need.",
    EventType.LEAD_DECLINED: "A forum has declined, with a coded reason. The owner is unchanged.",
    EventType.LEAD_EXPIRED: "A forum has not answered in time. The owner is unchanged.",
    EventType.LEAD_WITHDRAWN: "A forum is no longer asked, and why. The owner is unchanged.",
    EventType.LEAD_ESCALATED: "Repeated declines have gone to the strategic lead.",
    EventType.ENDING_ASKED: "You are asked to confirm that a need ends. Its owner keeps it until a named person does.",
    EventType.ENDING_ANSWERED: "A need that was said to end goes on: it was not confirmed, or it was taken back.",
    EventType.NEED_ENDED: "A need has ended for a stated reason.",
    EventType.TRANSFER_PROPOSED: "Another area is asked to take the victim's safety. The present area keeps it "
    "until that area accepts.",
    EventType.TRANSFER_ACCEPTED: "The receiving area has accepted and now owns the victim's safety.",
    EventType.TRANSFER_DECLINED: "The receiving area has declined, with a reason. The owner is unchanged.",
    EventType.TRANSFER_WITHDRAWN: "The other area is no longer asked. The owner is unchanged.",
    EventType.CASE_LISTED: "A case is on a meeting's list, or has moved to another meeting's.",
    EventType.CASE_EMERGENCY_DECIDED: "The chair has decided, with a reason, whether a case waits for its hearing.",
    EventType.CASE_HEARD: "A case was heard at a meeting.",
    EventType.CASE_DISCHARGED: "A forum has discharged a case with a plan.",
    EventType.MEETING_COMPLETED: "A meeting's agenda is done: no case, action or agency of it is unaccounted for.",
    EventType.WORK_ASSIGNED: "You have new actions, or are told of steps that reach you: one event for each decision.",
    EventType.ACTION_REDATED: "An action has a new deadline.",
    EventType.ACTION_REPORTED: "An owner has reported an outcome. In the state REPORTED it waits for a second person; "
    "an ordinary duty that is completed is ENDED.",
    EventType.ACTION_RETURNED: "An action has come back: declined, or not accepted on review.",
    EventType.ACTION_NOT_DONE: "Something that may not slip was reported as not done: it is due again in another "
    "action, and the chair is told.",
    EventType.ACTION_ENDED: "What is on record shows an action as done, or no longer owed.",
    EventType.ACTION_REVIEWED: "A second person has reviewed an action.",
    EventType.ENQUIRY_ASKED: "A post is asked to look up facts of a case, each by its own clock.",
    EventType.ENQUIRY_ANSWERED: "A post has answered questions of an enquiry; what it did not answer is still asked.",
    EventType.RELEASE_MADE: "Something about a perpetrator is released to you: read it, and have a named person say "
    "that you received it. Answering the call does not count as receiving it.",
    EventType.LINK_PROPOSED: "A person says that two pseudonyms are one person, and your area is asked: answer it in "
    "the list of proposed links by `due`.",
    EventType.REMINDER_DIGEST: "What came due for each of your posts, once on a working day: each item, and for what "
    "others owe one line for each case. Answering the call does not count as dealing with it.",
    EventType.REMINDER_DANGER: "Nobody has dealt with a danger by its hour: one call for each case and post, day or "
    "night. Answering the call does not count as dealing with it.",
    EventType.ENDPOINT_VERIFY: "Sent to a new or changed endpoint; "
    "answer with the `challenge` to prove that it is yours.",
    EventType.ENDPOINT_TEST: "Sent because you asked for a test. Nothing has happened.",
    EventType.ENDPOINT_PAUSED: "An endpoint was paused; its events are kept until a person resumes it.",
    EventType.DELIVERY_UNDELIVERED: "A reminder has not been taken by its receiver for two hours.",
}
DIRECT = frozenset({EventType.ENDPOINT_VERIFY, EventType.ENDPOINT_TEST})
SUBSCRIBABLE = tuple(kind for kind in EventType if kind not in DIRECT)

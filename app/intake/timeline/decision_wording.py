"""Words a decision in one line: for each need who is asked to lead, and who owns it meanwhile."""

from app.intake.timeline.wording import TimelineWording
from app.referrals.models import Decision
from app.referrals.stored_records import (
    asked_to_hold,
    asked_to_lead,
    owner_when_decided,
    person_had_died,
    stood_when_decided,
)
from app.routing.policy.labels import forum_name
from app.vocabulary import Forum, NeedKind

_ABOUT = {NeedKind.VICTIM_SAFETY: "the victim's safety", NeedKind.PERPETRATOR: "the perpetrator"}
_HAVE_IT_ALREADY = frozenset({Forum.REFERRING_AGENCY, Forum.HUB})


def of_decision(row: Decision) -> TimelineWording:
    what = f"Decided ({row.because}): {'; '.join(_need_in_words(row, need) for need in _ABOUT)}"
    forums = {name(row, need) for need in _ABOUT for name in (asked_to_lead, owner_when_decided)}
    by = f"policy {row.policy_id} {row.policy_version}"
    return TimelineWording(what, by, frozenset({row.referral_id}), tuple(sorted(forums)))


def _need_in_words(row: Decision, need: NeedKind) -> str:
    """Returns who is asked and who owns. Whoever is asked owns nothing until it accepts."""
    lead, owner = asked_to_lead(row, need), owner_when_decided(row, need)
    if person_had_died(row, need):
        return f"nobody is asked to lead on {_ABOUT[need]}: the person has died"
    if not stood_when_decided(row, need).may_be_asked(lead):
        return f"nobody else is asked to lead on {_ABOUT[need]}; {forum_name(owner)} owns that need"
    owns = f"until it accepts, {forum_name(owner)} owns that need{_asked_to_hold(row, need, owner)}"
    return f"{forum_name(lead)} is asked to lead on {_ABOUT[need]}; {owns}"


def _asked_to_hold(row: Decision, need: NeedKind, owner: Forum) -> str:
    holder = asked_to_hold(row, need)
    # The referrer and the hub have a need from its beginning: nobody asks them to hold it.
    asked = holder not in {owner, *_HAVE_IT_ALREADY} and stood_when_decided(row, need).may_be_asked(holder)
    return f", and {forum_name(holder)} is asked to hold it" if asked else ""

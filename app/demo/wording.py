"""Puts the replay in words: forums, roles, duties and dates as a MARAC co-ordinator says them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from app.foundation.clock import london_date
from app.pages.rendering.dates import date_words, due_words, until_words
from app.pages.rendering.labels import role_words
from app.routing.loading.catalogue import shipped_policies
from app.routing.policy.labels import capitalised, forum_name, role_name
from app.vocabulary import Forum, Role

Body = dict[str, Any]
KEEPS = frozenset({Forum.HUB, Forum.REFERRING_AGENCY})
MISSING: Mapping[str, str] = {
    "/what": "what will be done",
    "/owner_agency": "the agency that does it",
    "/owner_role": "the post that does it",
    "/recipient": "for whom it is done",
    "/due_at": "a date",
    "/done_when": "what shows that it is done",
}


def forum(word: str) -> str:
    """Returns the forum's name."""
    return forum_name(Forum(word))


def day(iso: str) -> str:
    """Writes a date, or the London day of an instant, such as "16 August 2018"."""
    if "T" in iso:
        return date_words(london_date(datetime.fromisoformat(iso)))
    return date_words(date.fromisoformat(iso))


def until(iso: str) -> str:
    """Says until when something may be answered, such as "the end of 4 September 2018"."""
    return until_words(datetime.fromisoformat(iso))


def criteria(name: str, decision: Body) -> str:
    """Returns whether the forum's criteria are met, and by what; while that is open, which facts would settle it."""
    outcome = name.lower()
    open_on = next((q["decided_by"] for q in decision["open"] if q["outcome"] == outcome), None)
    if open_on:
        asked = ", ".join(_labels()[fact] for fact in open_on)
        return f"whether {name}'s criteria are met is not known until this is: {asked}"
    if decision["outcomes"][outcome] == "no":
        return f"{name}'s criteria are not met"
    findings = [f for f in decision["findings"] if f["outcome"] == outcome]
    because = "; ".join(f"{f['because']} ({f['rule']})" for f in findings)
    if all(_rests_on_silence(f) for f in findings):
        return f"whether {name}'s criteria are met is still not known: {because}"
    return f"{name}'s criteria are met: {because}"


def _rests_on_silence(finding: Body) -> bool:
    """Returns whether the finding is that nobody answered in time, and no ground of the forum."""
    return any(used["fact"] == "marac_unanswered" for used in finding["used"])


@cache
def _labels() -> Mapping[str, str]:
    return {name: fact.label for policy in shipped_policies() for name, fact in policy.facts.items()}


def leads(decision: Body) -> str:
    """Returns who is asked to lead on each need, and who holds the perpetrator meanwhile."""
    victim, perpetrator = decision["victim"]["forum"], decision["perpetrator"]["forum"]
    leads_victim = _lead(victim, "the victim's safety")
    leads_perpetrator = _lead(perpetrator, "the perpetrator")
    holder = forum(decision["perpetrator"]["holder"])
    held = "" if perpetrator in KEEPS else f", and until it accepts {holder} is to hold the perpetrator"
    rows = ", ".join(map(str, decision["primacy_rows"]))
    return f"Row {rows} of the primacy table: {leads_victim}; {leads_perpetrator}{held}"


def _lead(word: str, need: str) -> str:
    return f"{forum(word)} {'keeps' if word in KEEPS else 'is asked to lead on'} {need}"


def hearing(estimate: Body) -> str:
    """Returns when MARAC can hear the case, how long that is, and which cut-off was missed."""
    missed = estimate["missed_cut_off_on"]
    late = f" (the cut-off of {day(missed)} was missed)" if missed else ""
    return f"MARAC can hear it on {day(estimate['held_on'])}, {estimate['working_days']} working days away{late}"


def new_actions(actions: Sequence[Body]) -> Iterator[str]:
    """Yields one line for the number, then one for each post with what it must do and by when."""
    yield f"{_counted(len(actions), 'new action')}, each with a post that owns it, a date and reminders:"
    for role in sorted({action["owner_role"] for action in actions}):
        theirs = [action for action in actions if action["owner_role"] == role]
        yield f"  - {role_words(role)}: " + "; ".join(_action(a) for a in sorted(theirs, key=_due_then_duty))


def _due_then_duty(action: Body) -> tuple[str, str]:
    return (action["due_at"] or action["due_on"], action["duty"] or "")


def _action(action: Body) -> str:
    on = date.fromisoformat(action["due_on"]) if action["due_on"] else None
    at = datetime.fromisoformat(action["due_at"]) if action["due_at"] else None
    duty = action["duty"] or ""
    code = f"{duty}, " if duty else ""
    return f"{action['what']} ({code}by {due_words(on, at)})"


def asked(enquiries: Sequence[Body]) -> str:
    """Returns which posts are asked to look something up, how much of it, and until when at first."""
    posts = (
        f"{role_words(each['role'])}, {_counted(len(each['asks']), 'question')}, "
        f"the first by {due_words(None, datetime.fromisoformat(each['until']))}"
        for each in enquiries
    )
    return f"Looked up meanwhile: {'; '.join(posts)}"


def decided_by_itself(made: Body) -> str:
    """Returns what the service decided at the end of a clock, and why."""
    victim = _lead(made["decision"]["victim"]["forum"], "the victim's safety")
    return f"Decided by itself because {made['because']}: {victim}"


def owners(needs: Sequence[Body]) -> str:
    """Returns who has accepted each need and owns it now."""
    now = {need["kind"]: need["owner"]["forum"] for need in needs}
    return (
        f"Accepted owners now: of the victim's safety, {forum(now['VICTIM_SAFETY'])}; "
        f"of the perpetrator, {forum(now['PERPETRATOR'])}"
    )


def lead_in_brief(word: str) -> str:
    """Returns who was asked to lead on the perpetrator, or kept them, to follow the words "would have"."""
    if word in KEEPS:
        return f"kept {forum(word)} as owner of the perpetrator"
    return f"asked {forum(word)} to lead on the perpetrator"


def actions_in_brief(new: int) -> str:
    """Returns how many actions there were, as part of the same sentence."""
    return f"given {_counted(new, 'new action')} an owner and a date"


def marac_in_brief(decision: Body, estimate: Body) -> str:
    """Returns what was done about the victim's safety, as part of the same sentence."""
    if decision["outcomes"]["marac"] == "no":
        return "left the victim's safety with the referring agency, because MARAC's criteria are not met"
    if decision["outcomes"]["marac"] == "open":
        return "left the victim's safety with the referring agency while the missing facts are looked up"
    on = f", which can hear the case on {day(estimate['held_on'])}" if estimate["held_on"] else ""
    return f"asked MARAC to lead on the victim's safety{on}"


def recipients(tells: str) -> str:
    """Returns the recipients of a reminder, such as "owner and line manager"."""
    return " and ".join(
        role_name(Role(word)) if word in set(Role) else word.lower().replace("_", " ") for word in tells.split(",")
    )


def agency(code: str) -> str:
    """Returns the name of one of the demo's agencies, such as "the police"."""
    return (
        code
        if code in set(Forum)
        else {"PROBATION": "probation", "IDVA": "the IDVA service"}.get(code, f"the {code.lower()}")
    )


def reminders_in_words(reminders: Counter[str]) -> str:
    """Returns every kind of reminder with how many there were."""
    return "; ".join(_counted(number, kind) for kind, number in sorted(reminders.items()))


def _counted(number: int, kind: str) -> str:
    """Returns the number and the kind, with the kind's first noun in the plural unless the number is 1."""
    noun, _, rest = kind.partition(" to ")
    many = noun if number == 1 else f"{noun}s"
    return f"{number} {many} to {rest}" if rest else f"{number} {many}"


def sentence(text: str) -> str:
    """Returns the text with a capital first letter."""
    return capitalised(text)

"""Whether the perpetrator is in custody on a day. A statement holds until the day that was told for its end."""

from datetime import date

from app.routing.facts.snapshot.perpetrator import Perpetrator


def in_custody(person: Perpetrator, today: date) -> bool | None:
    """Returns whether the perpetrator is in custody: as stated, or because a period of custody runs that day.

    None once the time that was told for it is over, until somebody says that they are held or a later period begins:
    then nobody knows, and somebody at large is planned for.
    """
    if custody_overtaken(person, today):
        return None
    if person.in_custody is not None:
        return person.in_custody
    return True if _runs(person, today) and not person.custody_in_doubt else None


def custody_overtaken(person: Perpetrator, today: date) -> bool:
    """Returns whether custody that was stated is over by now: the day of release has come, or every period ended."""
    held = person.in_custody or bool(person.in_custody is None and _runs(person, today))
    if not held:
        return False
    # On the day of release the perpetrator may be at large already.
    released = person.release_on is not None and person.release_on <= today and not _taken_in_since(person, today)
    ends = [end for _, end in person.custody_periods or () if not _is_of_before(end, person)]
    return released or (bool(ends) and all(end is not None and end < today for end in ends))


def _is_of_before(end: date | None, person: Perpetrator) -> bool:
    """Returns whether a period had ended when the custody was stated: that was another custody, and ends none."""
    said_on = person.custody_said_on
    return end is not None and said_on is not None and end < said_on


def _runs(person: Perpetrator, today: date) -> bool:
    return any(start <= today and (end is None or today <= end) for start, end in person.custody_periods or ())


def _taken_in_since(person: Perpetrator, today: date) -> bool:
    """Returns whether a period of custody that runs began after that release: they were taken in again."""
    since = person.release_on
    return since is not None and any(
        since < start <= today and (end is None or today <= end) for start, end in person.custody_periods or ()
    )

"""A reader can follow a referral from the endpoint to the webhook, downwards, in a few hops."""

from dataclasses import replace

import pytest

from tests.promises.walk import (
    PAGE,
    TRIGGER,
    BrokenWalkError,
    Hop,
    hops,
    page,
    refuse_broken_seam,
    refuse_detours,
    sql_says,
)


def test_committed_walk_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make walk`"


def test_walk_that_skips_a_function_is_noticed() -> None:
    with pytest.raises(BrokenWalkError, match="does not name record_event"):
        hops(("app.intake.service:receive_referral", "app.outbox.service:record_event"))


def test_walk_that_goes_up_the_staircase_is_noticed() -> None:
    low = Hop("app.outbox.service", "record_event", "Records it.", frozenset({"create_app"}))
    high = Hop("app.main", "create_app", "Makes it.", frozenset())

    with pytest.raises(BrokenWalkError, match=r"goes up from app\.outbox\.service to app\.main"):
        refuse_detours([low, high])


def test_walk_that_goes_up_inside_a_room_is_noticed() -> None:
    low = Hop("app.webhooks.delivery.sending", "post", "Makes it.", frozenset({"run"}))
    high = Hop("app.webhooks.delivery.worker", "run", "Runs it.", frozenset())

    with pytest.raises(BrokenWalkError, match=r"goes up from app\.webhooks\.delivery\.sending"):
        refuse_detours([low, high])


def test_sql_function_without_a_comment_is_noticed() -> None:
    with pytest.raises(BrokenWalkError, match="no no_such_function with a comment"):
        sql_says("app/webhooks/delivery/fan_out.sql", "no_such_function")


def test_walk_to_a_function_that_is_gone_is_noticed() -> None:
    with pytest.raises(BrokenWalkError, match="not there any more"):
        hops(("app.intake.service:no_such_function",))


RUN = Hop("app.worker", "Worker._run", "Runs.", frozenset({"_listen"}))
LISTENS = Hop("app.worker", "Worker._listen", "Listens.", frozenset({"wake"}), frozenset({"LISTEN delivery_due"}))
NOTIFIES = "PERFORM pg_notify('delivery_due', '');"


@pytest.mark.parametrize(
    ("sql", "run", "listener", "says"),
    [
        (f"{NOTIFIES} {TRIGGER.replace('INSERT', 'UPDATE')}", RUN, LISTENS, "no trigger calls fan_out_event"),
        (f"{NOTIFIES.replace('delivery_due', 'other')} {TRIGGER}", RUN, LISTENS, "does not hear"),
        (TRIGGER, RUN, LISTENS, "does not hear"),
        (f"{NOTIFIES} {TRIGGER}", replace(RUN, uses=frozenset()), LISTENS, "does not run Worker._listen"),
        (f"{NOTIFIES} {TRIGGER}", RUN, replace(LISTENS, uses=frozenset()), "it wakes nobody"),
    ],
)
def test_event_that_would_reach_no_worker_is_noticed(sql: str, run: Hop, listener: Hop, says: str) -> None:
    refuse_broken_seam(f"{NOTIFIES} {TRIGGER}", RUN, LISTENS)

    with pytest.raises(BrokenWalkError, match=says):
        refuse_broken_seam(sql, run, listener)

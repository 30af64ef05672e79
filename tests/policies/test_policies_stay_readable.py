"""A decision can be printed for as long as it is kept: the text of its policy is kept with it."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.clock import SettableClock
from app.policies import repository
from app.policies.registry import keep_shipped_texts, load_shipped_policies, policy_by_sha256
from app.routing.engine.replay import UnknownPolicyError
from app.routing.loading.drafts import load_draft
from tests.routing.given import altered


def test_every_shipped_policy_is_found_by_its_fingerprint(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        for each in load_shipped_policies():
            assert policy_by_sha256(session, each.policy.sha256) is each.policy


def test_text_that_an_earlier_release_shipped_is_found_although_no_file_holds_it(
    sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    earlier = altered(('version = "2.0.0"', 'version = "0.9.0"'))
    policy = load_draft(earlier)
    row = {"sha256": policy.sha256, "policy_id": policy.id, "version": policy.version, "text": earlier.text}

    with sessions.begin() as session:
        repository.keep_text(session, {**row, "base_text": None, "kept_at": clock.now()})

    with sessions() as session:
        scope_to_system(session)
        assert policy_by_sha256(session, policy.sha256).version == "0.9.0"


def test_texts_are_kept_once_however_often_the_service_starts(
    sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    for _ in range(2):
        with sessions.begin() as session:
            keep_shipped_texts(session, clock.now())

    with sessions() as session:
        for each in load_shipped_policies():
            kept = repository.kept_text(session, each.policy.sha256)
            assert kept is not None
            assert (kept.text, kept.base_text) == (each.file.text, each.base.text if each.base else None)


def test_fingerprint_of_no_policy_is_an_error_and_not_another_policy(sessions: sessionmaker[Session]) -> None:
    with sessions() as session, pytest.raises(UnknownPolicyError):
        policy_by_sha256(session, "0" * 64)

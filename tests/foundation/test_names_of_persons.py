"""One name in two spellings is one person."""

from dataclasses import replace

import pytest

from app.foundation.caller import SYSTEM, is_same_person, tidy_name


@pytest.mark.parametrize("other", ["ann lee", " Ann Lee ", "Ann  Lee", "ANN\u00a0LEE", "\uff21nn Lee"], ids=ascii)
def test_other_spelling_of_a_name_is_the_same_person(other: str) -> None:
    assert is_same_person("Ann Lee", other)


def test_composed_and_decomposed_letters_are_one_name() -> None:
    assert is_same_person("Zo\u00eb", "Zoe\u0308")


@pytest.mark.parametrize("other", ["Ann Leeson", "AnnLee", "Zoe"])
def test_other_name_is_another_person(other: str) -> None:
    assert not is_same_person("Ann Lee", other)


def test_name_is_stored_tidy_and_in_its_own_case() -> None:
    caller = replace(SYSTEM, agency="A", on_behalf_of=" Ann \u00a0 Lee ")

    assert caller.named_person("why") == caller.answerable == f"A/{tidy_name('Ann Lee')}" == "A/Ann Lee"


def test_client_answers_when_the_name_is_only_spaces() -> None:
    assert replace(SYSTEM, on_behalf_of=" \u00a0").answerable == "SYSTEM/system"

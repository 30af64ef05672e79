"""A name in two spellings is one name, and a second person is another account: in the code and in the database."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from app.foundation.caller import SYSTEM, is_second_person, normal_form

NAMED = replace(SYSTEM, agency="A", client_id="cli_1", on_behalf_of="ann.lee")
NAMELESS = replace(NAMED, on_behalf_of=None)
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1)
# Of few agencies, so that two of one agency, named and not, are among them.
PERSONS = st.one_of(WORDS, st.sampled_from(["A", "B"]), st.builds("{}/{}".format, st.sampled_from(["A", "B"]), WORDS))


@pytest.mark.parametrize("other", ["ann lee", " Ann Lee ", "Ann  Lee", "ANN\u00a0LEE", "\uff21nn Lee"], ids=ascii)
def test_other_spelling_of_a_name_is_the_same_name(other: str) -> None:
    assert normal_form(other) == "ann lee"


def test_composed_and_decomposed_letters_are_one_name() -> None:
    assert normal_form("Zo\u00eb") == normal_form("Zoe\u0308")


@pytest.mark.parametrize("other", ["Ann Leeson", "AnnLee", "Zoe"])
def test_other_name_is_another_name(other: str) -> None:
    assert normal_form(other) != normal_form("Ann Lee")


@given(st.text())
def test_form_of_a_form_is_itself(name: str) -> None:
    assert normal_form(normal_form(name)) == normal_form(name)


def test_person_of_an_act_is_the_agency_and_the_name_of_the_account() -> None:
    assert NAMED.named_person("why") == NAMED.answerable == NAMED.person == "A/ann.lee"


def test_two_systems_of_an_agency_that_name_nobody_are_one_person() -> None:
    assert not is_second_person(replace(NAMELESS, client_id="cli_2").answerable, NAMELESS.answerable)


def test_system_that_names_nobody_may_be_used_by_anybody_of_its_agency() -> None:
    pair = (NAMED.answerable, NAMELESS.answerable)

    assert not is_second_person(*pair)
    assert not is_second_person(*reversed(pair))


def test_two_named_people_and_systems_of_two_agencies_are_other_persons() -> None:
    named = [NAMED, replace(NAMED, on_behalf_of="jo"), replace(NAMED, agency="B")]
    of_other_agencies = [NAMELESS, replace(NAMELESS, agency="B"), replace(NAMED, agency="C")]

    for persons in (named, of_other_agencies):
        pairs = [(one.answerable, other.answerable) for one in persons for other in persons]
        assert all(is_second_person(one, other) is (one != other) for one, other in pairs)


def test_database_agrees_who_is_a_second_person(app_engine: Engine) -> None:
    with app_engine.connect() as connection:

        @given(PERSONS, PERSONS, st.booleans())
        def agrees(person: str, other: str, same: bool) -> None:
            before = person if same else other
            asked = connection.scalar(select(func.is_second_person(person, before)))
            assert asked is is_second_person(person, before)

        agrees()

"""The law of a conviction by its lines: which offence and sentence make MAPPA category 2, and on which day (J)."""

from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from app.routing.facts.snapshot.perpetrator import Conviction, Perpetrator
from app.routing.facts.statute import (
    CCB,
    automatic_mappa,
    domestic_abuse_found,
    listed_offence,
    may_still_run,
    qualifying_sentence,
)
from app.routing.law.files import LAW_FILES, law_book, read_law
from app.routing.policy.faults import PolicyErrors
from app.routing.policy.vocabulary import Inchoate, SentenceKind, SentenceLength

TODAY = date(2026, 11, 29)
STRANGULATION = Conviction("strangulation_or_suffocation", date(2025, 6, 2), None, SentenceKind.CUSTODY, None, 18)


def on_licence(*convictions: Conviction, on: date = TODAY) -> bool | None:
    person = Perpetrator("P-1", convictions=convictions, in_custody=False, hospital_order=False)
    return automatic_mappa(person, on, supervised=True)


@pytest.mark.parametrize("key", ["strangulation_or_suffocation", "non_fatal_strangulation"])
def test_kind_j_strangulation_with_eighteen_months_on_licence_is_statutory_mappa(key: str) -> None:
    assert on_licence(replace(STRANGULATION, offence=key)) is True


def test_kind_j_strangulation_counts_from_the_seventh_of_june_2022_whenever_the_conviction_was() -> None:
    assert listed_offence("strangulation_or_suffocation", date(2022, 6, 6)) is False
    assert listed_offence("strangulation_or_suffocation", date(2022, 6, 7)) is True


def test_kind_j_an_older_conviction_for_controlling_behaviour_counts_from_the_third_of_february_2025() -> None:
    conviction = replace(STRANGULATION, offence=CCB, convicted_on=date(2024, 6, 1))

    assert on_licence(conviction, on=date(2025, 2, 2)) is False
    assert on_licence(conviction, on=date(2025, 2, 3)) is True


@pytest.mark.parametrize("form", list(Inchoate))
def test_kind_j_every_form_of_an_offence_of_the_schedule_counts(form: Inchoate) -> None:
    for offence in ("murder", "wounding_with_intent", "rape"):
        assert listed_offence(offence, TODAY, form) is True, offence


def test_kind_j_encouraging_counts_for_no_offence_that_section_327_4a_names() -> None:
    assert listed_offence(CCB, TODAY, Inchoate.ATTEMPT) is True
    assert listed_offence(CCB, TODAY, Inchoate.ENCOURAGING) is False


def test_kind_j_an_attempt_at_an_offence_that_is_not_listed_is_not_listed_and_one_nobody_knows_is_asked() -> None:
    assert listed_offence("theft", date(2026, 4, 28), Inchoate.ATTEMPT) is False
    assert listed_offence("witchcraft", TODAY, Inchoate.ATTEMPT) is None


def test_kind_j_a_day_before_a_line_was_read_is_asked_and_a_repealed_line_is_no() -> None:
    assert listed_offence("child_abduction_by_parent", date(2024, 10, 22)) is True
    assert listed_offence("child_abduction_by_parent", date(2024, 10, 21)) is None
    assert listed_offence("keeping_brothel_1956", date(2015, 4, 12)) is True
    assert listed_offence("keeping_brothel_1956", date(2015, 4, 13)) is False


@pytest.mark.parametrize(
    ("kind", "length", "months", "counts"),
    [
        (SentenceKind.CUSTODY, None, 12, True),
        (SentenceKind.CUSTODY, None, 11, False),
        (SentenceKind.CUSTODY, SentenceLength.FIXED, None, None),
        (SentenceKind.CUSTODY, SentenceLength.LIFE, None, True),
        (SentenceKind.CUSTODY, SentenceLength.INDETERMINATE, None, True),
        (SentenceKind.CUSTODY, None, None, None),
        (SentenceKind.DETENTION, None, 12, True),
        (SentenceKind.DETENTION, SentenceLength.INDETERMINATE, None, True),
        (SentenceKind.DETENTION_AND_TRAINING, None, 12, True),
        (SentenceKind.DETENTION_AND_TRAINING, None, 8, False),
        (SentenceKind.DETENTION_AND_TRAINING, SentenceLength.LIFE, None, False),
        (SentenceKind.EXTENDED_DETENTION, None, None, True),
        (SentenceKind.DURING_PLEASURE, None, None, True),
        (SentenceKind.HOSPITAL_ORDER, None, None, True),
        (SentenceKind.GUARDIANSHIP, None, None, True),
        (SentenceKind.HOSPITAL_ON_FINDING, None, None, True),
        (SentenceKind.GUARDIANSHIP_ON_FINDING, None, None, True),
        (SentenceKind.COMMUNITY, None, 24, False),
        (SentenceKind.FINE_OR_OTHER, None, None, False),
        (None, SentenceLength.LIFE, None, None),
    ],
)
def test_kind_j_each_form_of_sentence_counts_as_section_327_says(
    kind: SentenceKind | None, length: SentenceLength | None, months: int | None, counts: bool | None
) -> None:
    conviction = replace(STRANGULATION, sentence=kind, length_kind=length, sentence_months=months)

    assert qualifying_sentence(conviction, TODAY) is counts


def test_kind_j_a_life_sentence_without_months_is_statutory_mappa_and_not_open() -> None:
    life = replace(STRANGULATION, length_kind=SentenceLength.LIFE, sentence_months=None, convicted_on=date(1999, 1, 1))

    assert on_licence(replace(life, offence="murder")) is True


def test_kind_j_a_length_that_one_author_states_takes_nothing_from_the_months_of_another() -> None:
    youth = replace(STRANGULATION, sentence=SentenceKind.DETENTION_AND_TRAINING, length_kind=SentenceLength.LIFE)
    old = replace(STRANGULATION, length_kind=SentenceLength.LIFE, convicted_on=date(1999, 1, 1), offence="robbery")

    assert qualifying_sentence(youth, TODAY) is True
    assert on_licence(old) is True


def test_kind_j_the_last_day_of_the_sentence_ends_it_whatever_the_months_say() -> None:
    ended = replace(STRANGULATION, sentence_ended_on=date(2026, 11, 28))

    assert on_licence(ended) is False
    assert on_licence(ended, on=date(2026, 11, 28)) is True


def test_kind_j_supervision_that_runs_is_of_the_index_offence() -> None:
    old = replace(STRANGULATION, offence="robbery", convicted_on=date(2020, 1, 1))

    assert on_licence(old) is None
    assert on_licence(replace(old, index=True)) is True
    assert on_licence(replace(old, index=False)) is False


@pytest.mark.parametrize(
    ("convicted_on", "day", "runs"),
    [
        (date(2024, 3, 1), date(2026, 3, 1), True),
        (date(2024, 3, 1), date(2026, 3, 2), None),
        (date(2026, 3, 22), date(2029, 3, 22), True),
        (date(2026, 3, 22), date(2029, 3, 23), None),
    ],
)
def test_kind_j_a_sentence_stays_suspended_for_two_years_and_by_the_act_of_2026_for_three(
    convicted_on: date, day: date, runs: bool | None
) -> None:
    suspended = replace(STRANGULATION, sentence_months=12, suspended=True, convicted_on=convicted_on)

    assert may_still_run(suspended, day) is runs


def test_a_finding_of_domestic_abuse_of_one_conviction_is_enough() -> None:
    found = replace(STRANGULATION, domestic_abuse_finding=True)

    assert domestic_abuse_found(Perpetrator("P-1", convictions=(STRANGULATION, found))) is True
    assert domestic_abuse_found(Perpetrator("P-1", convictions=())) is False
    assert domestic_abuse_found(Perpetrator("P-1")) is None


def texts() -> dict[str, str]:
    folder = files("app.routing").joinpath("policies", "law")
    return {name: folder.joinpath(f"{name}.toml").read_text(encoding="utf-8") for name in LAW_FILES}


def test_every_line_of_law_names_its_place_words_days_source_and_mark() -> None:
    provisions = list(law_book().provisions())

    assert len(provisions) > 200
    assert all(one.place and one.says and one.source.title and one.dates.first for one in provisions)


@pytest.mark.parametrize(
    ("file", "was", "becomes", "fault"),
    [
        ("offences", 'part = "1", place = "Sch 15 para 2"', 'part = "7", place = "Sch 15 para 2"', "not one of"),
        ("offences", 'keys = ["kidnapping"]', "keys = []", "names no offence"),
        ("offences", 'key = "theft"', 'key = "robbery"', "robbery is both listed and not listed"),
        ("offences", "in_force = 2022-06-07", "in_force = 2022-06-07, seen_on = 2022-06-07", "needs one of"),
        ("offences", "until = 2015-04-12", "until = 2005-04-01", "ends before it begins"),
        ("offences", "not_in_force_on = 2026-04-28", "in_force = 2026-04-28", "needs `not_in_force_on`"),
        ("sentences", "least_months = 12, ", "", "only a sentence of a fixed length"),
        ("sentences", 'source = "SA-2026-2"', 'source = "RUMOUR"', "there is no source 'RUMOUR'"),
        ("statutes", "in_force = 2025-11-07", 'in_force = "November"', "must be a day"),
        ("statutes", 'read_by = ["WARN-41"]', 'read_by = ["WARN-41"], why = "x"', "not a key that is known here"),
    ],
)
def test_a_wrong_line_of_law_is_refused_with_its_file_and_line(file: str, was: str, becomes: str, fault: str) -> None:
    changed = texts()
    assert was in changed[file]
    changed[file] = changed[file].replace(was, becomes, 1)

    with pytest.raises(PolicyErrors, match=fault) as refused:
        read_law(changed)

    assert refused.value.faults[0].place.startswith(f"{file}.toml:")

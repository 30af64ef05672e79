"""Who is one person follows from the links that stand, in whatever order they are read."""

from hypothesis import given
from hypothesis import strategies as st

from app.people.identity_graph import canonical_by_links, ordered_pair, same_person

REFS = st.sampled_from([f"P-{n}" for n in range(8)])
LINKS = st.lists(st.tuples(REFS, REFS), max_size=12)


def test_two_links_that_share_a_pseudonym_make_three_one_person() -> None:
    links = [("P-1", "P-2"), ("P-3", "P-2")]

    assert same_person("P-1", links) == {"P-1", "P-2", "P-3"}


def test_pseudonym_without_links_is_a_person_alone() -> None:
    assert same_person("P-1", [("P-2", "P-3")]) == {"P-1"}


@given(LINKS, REFS, st.randoms(use_true_random=False))
def test_order_and_direction_of_links_never_change_who_is_one_person(
    links: list[tuple[str, str]], ref: str, random: object
) -> None:
    turned = [(other, one) for one, other in reversed(links)]

    assert same_person(ref, links) == same_person(ref, turned)


@given(LINKS, REFS, REFS)
def test_being_one_person_is_the_same_seen_from_either_side(links: list[tuple[str, str]], one: str, other: str) -> None:
    assert (other in same_person(one, links)) == (one in same_person(other, links))


@given(LINKS, REFS, REFS)
def test_everybody_of_one_person_stands_under_one_pseudonym(links: list[tuple[str, str]], one: str, other: str) -> None:
    names = canonical_by_links([one, other], [], links)

    assert (names[one] == names[other]) == (other in same_person(one, links))


def test_preferred_pseudonym_stands_for_its_person_only() -> None:
    names = canonical_by_links(["P-1", "P-2", "P-9"], ["P-2"], [("P-1", "P-2")])

    assert names == {"P-1": "P-2", "P-2": "P-2", "P-9": "P-9"}


def test_pair_of_pseudonyms_is_written_in_one_order() -> None:
    assert ordered_pair("P-2", "P-1") == ordered_pair("P-1", "P-2") == ("P-1", "P-2")

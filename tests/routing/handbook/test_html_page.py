"""The page of a book: every text is shown as it was written, whatever signs are in it."""

from lxml import html

from app.routing.handbook.document import Book, Bullets, Chapter, Grid, Prose
from app.routing.handbook.html_page import to_html

HOSTILE = "</style><script>alert('x')</script> \"&amp;\" {{ 7 * 7 }}"


def test_text_with_signs_of_html_is_shown_and_never_obeyed() -> None:
    blocks = (Prose(HOSTILE), Bullets((HOSTILE,)), Grid((HOSTILE,), ((HOSTILE, HOSTILE),)))

    page = html.fromstring(to_html(Book(HOSTILE, (Chapter(HOSTILE, blocks),))))

    assert page.findall(".//script") == []
    places = (
        "title",
        "h1",
        "nav//a",
        "h2",
        "p",
        "ul[not(parent::nav)]/li",
        "th[@scope='col']",
        "th[@scope='row']",
        "td",
    )
    shown = {place: [each.text_content() for each in page.xpath(f"//{place}")] for place in places}
    assert shown == {place: [HOSTILE] for place in places}
    assert page.xpath("//div/@aria-label") == [f"Table: {HOSTILE}"]


def test_row_is_found_by_its_name_without_what_stands_in_brackets() -> None:
    grid = Grid(("Rule", "Says"), (("MARAC-03 (locked)", "-"),))

    page = html.fromstring(to_html(Book("Policy", (Chapter("High risk: who leads?", (grid,)),))))

    assert page.xpath("//section/@id") == ["high-risk-who-leads"]
    assert page.xpath("//tr/@id") == ["marac-03"]

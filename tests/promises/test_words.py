"""No gendered word about victims and perpetrators, and no retired name, comes back.

Quotations of the domestic homicide review "Jean" keep its words: in Markdown, quotation marks on a line that cites a
paragraph such as 14.2.4.
"""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = (
    "app", "assets", "bench", "migrations", "openapi", "docs", "tests", "README.md", "CHANGELOG.md", "CONTRIBUTING.md",
)  # fmt: skip
KINDS = {".py", ".toml", ".html", ".js", ".mjs", ".css", ".json", ".yaml", ".md", ".dmn", ".sql"}
NOT_OURS = {"vendor", "node_modules", "__pycache__"}
THIS_FILE = Path(__file__).resolve()  # it lists the words

GENDERED = (
    "she", "her", "hers", "herself", "he", "him", "his", "himself", "man", "men", "woman", "women",
    "policeman", "policemen", "policewoman", "policewomen", "chairman", "chairwoman", "spokesman", "spokeswoman",
    "layman", "laymen", "workman", "workmen", "manpower", "mankind", "gentleman", "gentlemen", "lady", "ladies",
)  # fmt: skip
# Lists of words that people type and that the comparison of actions passes over.
TYPED = (
    "a all an and any are at be been by for from has have he her him his if in into is it its of on or she so that",
    "a all an and any by for from her his if in it no of on police probation marac matac mappa idva housing",
)
IN_THE_WORDS_OF_ACTS = {ROOT / "app/routing/policies/law/offences.toml"}
"""Files that name offences as their Acts do: the Sexual Offences Act 1956 names women and men."""
LISTED_OFFENCE = re.compile(r"Sch 15 para ")  # a line of a handbook that prints one of them
# A test of the room routing is named for what MATAC said of Jean's perpetrator.
KEPT_TEST = "test_matac_s_refusal_because_marac_has_him_is_a_claim_that_fails"
NAMED_TEST = re.compile(r"tests/[\w/]+\.py::\w+(\[[^\]]*\])?")  # the page about the review names tests
PARAGRAPH = re.compile(r"(?<![\d.])1[3-7]\.\d+")
QUOTATION = re.compile(r'"[^"]*"|“[^”]*”')
# Letters and digits only: `_her_need` holds the word, `other` does not.
WORD = re.compile(rf"(?<![^\W_])({'|'.join(GENDERED)})(?![^\W_])", re.IGNORECASE)

# The retired name, and what to say instead.
MODULES = {
    "agreeing": "agreement", "apart": "separation", "assigning": "assignment", "authors": "Caller",
    "books": "document", "closure": "identity_graph", "figures": "parameters or statistics", "finding": "lookup",
    "following": "action_transfer", "foreseeing": "preview_identity", "introducing": "named_persons",
    "lines": "connection_pool", "marking": "outcome_statements", "moves": "area_transfer", "news": "events",
    "prepared": "prepared_policy", "recounting": "relink_review", "records": "record_models",
    "repeating": "repetition", "revisiting": "review_prompts", "sayings": "statements", "senders": "client_pool",
    "sheets": "listing_view", "shelf": "registry", "showing": "presenters", "spelling": "serialisation",
    "telling": "confidence", "transfer_news": "transfer_events", "trying_again": "repeated_failures",
    "upkeep": "what each function does", "viewing": "viewer",
}  # fmt: skip
CLASSES = {
    "Apart": "what the row records", "Courier": "DeliveryWorker", "Due": "Deadline", "Figures": "Statistics",
    "Given": "what was given", "Known": "what is known", "Lines": "ConnectionPool", "News": "EventDraft",
    "Notice": "WarningNotice", "Senders": "ClientPool", "Sheet": "ListingView", "Shelved": "what the registry keeps",
    "Told": "what was recorded or sent", "ToRevisit": "ReviewPrompt", "Used": "Comparison",
    "Verdict": "ReviewVerdict", "Wire": "Transport",
}  # fmt: skip
FUNCTIONS = {
    "link_of_proposal": "a query of the repository", "nation_of": "calendar_of_area", "news_of": "event_draft",
    "said": "what it returns", "sayings": "statements", "shelf": "registry",
    "show": "what it returns, such as action_out", "tell": "what it records or sends", "told": "what it returns",
}  # fmt: skip
# Found inside longer names too, such as `_cases_to_revisit` or `/cases-to-revisit`.
PARTS = {
    "courier": "DeliveryWorker", "recount": "decide again", "recounting": "relink_review", "revisit": "review",
    "revisiting": "review_prompts", "sayings": "statements", "shelf": "registry", "told": "informed or recorded",
    "upkeep": "what each function does",
}  # fmt: skip
# Not a word of the field at all, so it stands in no text either, in whatever form.
NOWHERE = re.compile(
    r"(?<![^\W_])(couriers?|upkeep|shelf|sayings|recount(?:s|ed|ing)?|revisit(?:s|ed|ing)?)(?![^\W_])", re.IGNORECASE
)
SQL_PARTS = PARTS | {"apart": "separate"}
SQL_COMMENT_OR_TEXT = re.compile(r"--[^\n]*|'[^']*'")
ALIAS = re.compile(r"\bAS\s+(\w+)|\bWITH\s+(\w+)", re.IGNORECASE)
STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
# Names of modules that say what a variable or a field holds.
PLAIN = {"apart", "finding", "following", "lines", "marking", "prepared", "records"}
NAMES = {word: instead for word, instead in (MODULES | CLASSES | FUNCTIONS).items() if word not in PLAIN}
KEPT_NAMES = {
    "must_not_be_told": "a field of the forms, as they name it",
    "MUST_NOT_BE_TOLD": "the note that shows the field",
    "told_on": "a field of a disclosure request: the day on which somebody was told, in the words of the scheme",
    "encompass_told_at": "a field of a child: when Operation Encompass told the setting",
    "told_sha256": "a column: it hashes what agencies told us, as against what this service recorded",
}
# The changelog tells partners which name became which.
TELLS_OF_RENAMES = {"CHANGELOG.md"}
CODE_IN_PROSE = re.compile(r"`+([^`\n]+)`+|([\w/]+\.py)\b")
KEY_OF_YAML = re.compile(r"^ *([\w/{}.-]+):", re.MULTILINE)
IDENTIFIER = re.compile(r"[^\W\d]\w*")


def our_files() -> list[Path]:
    places = [ROOT / place for place in PLACES]
    found = chain.from_iterable(sorted(one.rglob("*")) if one.is_dir() else [one] for one in places)
    return [
        one
        for one in found
        if one.suffix in KINDS and one != THIS_FILE and not NOT_OURS & set(one.relative_to(ROOT).parts)
    ]


def gendered_words(text: str, kept: set[str], *, is_markdown: bool = False) -> Iterator[tuple[int, str]]:
    """Each gendered word that no exception covers, with its line."""
    for number, line in enumerate(text.splitlines(), start=1):
        checked = NAMED_TEST.sub("", line)
        for one in kept:
            checked = checked.replace(one, "")
        if is_markdown and PARAGRAPH.search(line):
            checked = QUOTATION.sub("", checked)
        yield from ((number, found.group(0)) for found in WORD.finditer(checked))


def retired_names(path: str, text: str) -> Iterator[tuple[int, str, str]]:
    """Each retired name that a module or its packages bear or that it defines: line, kind and name, what to say."""
    for part in Path(path).with_suffix("").parts:
        if part in MODULES:
            yield 1, f"module {part}", MODULES[part]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and node.name in CLASSES:
            yield node.lineno, f"class {node.name}", CLASSES[node.name]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in FUNCTIONS:
            yield node.lineno, f"def {node.name}", FUNCTIONS[node.name]


def identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Each name that the code writes, with its line: variables, fields, keywords, imports, definitions."""
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname"):
            written = getattr(node, field, None)
            if isinstance(written, str):
                yield getattr(node, "lineno", 0), written


def retired_in_name(name: str) -> str | None:
    """What to say instead of a name that is retired or has a retired part, or None."""
    if name in KEPT_NAMES:
        return None
    parts = re.split(r"_|(?<=[a-z0-9])(?=[A-Z])", name)
    return NAMES.get(name) or next((PARTS[part.lower()] for part in parts if part.lower() in PARTS), None)


def retired_identifiers(text: str) -> Iterator[tuple[int, str, str]]:
    """Each retired name among the identifiers of a module: line, name, what to say."""
    for line, name in identifiers(ast.parse(text)):
        instead = retired_in_name(name)
        if instead:
            yield line, name, instead


def retired_in_prose(text: str, *, is_yaml: bool) -> Iterator[tuple[int, str, str]]:
    """Each retired name between backticks, in the name of a module, or in a key of YAML: line, name, what to say."""
    text = NAMED_TEST.sub("", text)
    places = [*CODE_IN_PROSE.finditer(text), *(KEY_OF_YAML.finditer(text) if is_yaml else ())]
    for place in places:
        line = text.count("\n", 0, place.start()) + 1
        for name in IDENTIFIER.findall(place.group(0)):
            instead = retired_in_name(name)
            if instead:
                yield line, name, instead


def retired_words(text: str) -> Iterator[tuple[int, str]]:
    """Each word that no text says any more, with its line."""
    for number, line in enumerate(text.splitlines(), start=1):
        yield from ((number, found.group(0)) for found in NOWHERE.finditer(line))


def retired_in_sql(text: str) -> Iterator[str]:
    """Each retired name in SQL: tables, columns, functions, aliases; no comments, no values."""
    for name in IDENTIFIER.findall(SQL_COMMENT_OR_TEXT.sub(" ", text)):
        if name not in KEPT_NAMES and SQL_PARTS.keys() & set(name.lower().split("_")):
            yield name


def sql_of_module(text: str) -> Iterator[str]:
    """The names that a module gives to tables, and the aliases in its statements, each as SQL."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign) and [ast.unparse(each) for each in node.targets] == ["__tablename__"]:
            yield str(ast.literal_eval(node.value))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.match(node.value):
            yield from ("".join(found.groups(default="")) for found in ALIAS.finditer(node.value))


def _in_our_words(path: Path) -> str:
    """The text of a file; of a handbook without the lines that print an offence in the words of its Act."""
    text = path.read_text(encoding="utf-8")
    if path.parent != ROOT / "docs" / "handbook":
        return text
    return "\n".join("" if LISTED_OFFENCE.search(line) else line for line in text.splitlines())


def test_gendered_words_stand_only_in_quotations_of_the_review() -> None:
    kept = {*TYPED, KEPT_TEST}

    found = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for path in our_files()
        if path not in IN_THE_WORDS_OF_ACTS
        for line, word in gendered_words(_in_our_words(path), kept, is_markdown=path.suffix == ".md")
    ]

    assert not found, "say victim, perpetrator, they:\n" + "\n".join(found)


def test_retired_names_do_not_come_back() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name} (say: {instead})"
        for path in our_files()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "app")
        for line, name, instead in retired_names(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    ]

    assert not found, "\n" + "\n".join(found)


def test_retired_names_do_not_come_back_as_identifiers() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name} (say: {instead})"
        for path in our_files()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "app")
        for line, name, instead in retired_identifiers(path.read_text(encoding="utf-8"))
    ]

    assert not found, "\n" + "\n".join(found)


def test_retired_names_do_not_come_back_in_documents() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name} (say: {instead})"
        for path in our_files()
        if path.suffix in {".md", ".yaml"} and path.name not in TELLS_OF_RENAMES
        for line, name, instead in retired_in_prose(path.read_text(encoding="utf-8"), is_yaml=path.suffix == ".yaml")
    ]

    assert not found, "\n" + "\n".join(found)


def test_retired_words_stand_in_no_text() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for path in our_files()
        if path.name not in TELLS_OF_RENAMES
        for line, word in retired_words(path.read_text(encoding="utf-8"))
    ]

    assert not found, "\n" + "\n".join(found)


def test_retired_names_do_not_come_back_in_sql() -> None:
    statements = {
        path: [text] if path.suffix == ".sql" else list(sql_of_module(text))
        for path in our_files()
        if path.suffix == ".sql" or (path.suffix == ".py" and path.is_relative_to(ROOT / "app"))
        for text in [path.read_text(encoding="utf-8")]
    }
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, texts in statements.items()
        for text in texts
        for name in retired_in_sql(text)
    ]

    assert not found, "\n" + "\n".join(found)


def test_every_exception_is_needed() -> None:
    of_app = "\n".join(one.read_text(encoding="utf-8") for one in (ROOT / "app").rglob("*.py"))
    of_tests = "\n".join(one.read_text(encoding="utf-8") for one in our_files() if one.suffix == ".py")

    assert [words for words in (*TYPED, *KEPT_NAMES, *PLAIN) if words not in of_app] == []
    assert KEPT_TEST in of_tests


@pytest.mark.parametrize(
    "planted",
    [
        "the officer saw her at home",
        "HE was told",
        "def _his_owner(story):",
        "withholds_from_him: bool",
        "a policewoman called",
        'says = "she left" # 14.2.4',
        'the chair said "she left"',
    ],
)
def test_planted_gendered_word_is_found_on_its_line(planted: str) -> None:
    ((line, _),) = gendered_words(f"the victim\n{planted}\nthey", set(), is_markdown=False)

    assert line == 2


def test_word_without_a_cited_paragraph_is_found_in_markdown_too() -> None:
    text = 'The chair said "she left".\nShe was not seen (14.1.16).\nVersion 1.14.2 says "he left".\n'

    assert list(gendered_words(text, set(), is_markdown=True)) == [(1, "she"), (2, "She"), (3, "he")]


def test_quotation_beside_its_paragraph_and_part_of_a_word_are_not_found() -> None:
    text = 'The review says "she was not seen" (14.1.16).\nOther theses, the chairs and their hers0.\n'

    assert list(gendered_words(text, set(), is_markdown=True)) == []


def test_name_of_a_test_is_left_out_and_nothing_else_on_its_line() -> None:
    line = "- `tests/a/test_b.py::test_see_her[14.1.26 her home]`: her home"

    assert list(gendered_words(line, set())) == [(1, "her")]


def test_planted_retired_names_are_found() -> None:
    planted = "class Told:\n    async def tell(self): ...\n\n\ntelling = news = 'prose may say told'\n"

    found = [name for _, name, _ in retired_names("app/shelf/news.py", planted)]

    assert found == ["module shelf", "module news", "class Told", "def tell"]


def test_planted_retired_identifiers_are_found_whole_and_in_part() -> None:
    planted = "news = 1\n\n\ndef cases_to_revisit(told: int) -> None:\n    print(Courier(shelf_of=told_sha256))\n"

    found = [(line, name) for line, name, _ in retired_identifiers(planted)]

    assert sorted(found) == [
        (1, "news"),
        (4, "cases_to_revisit"),
        (4, "told"),
        (5, "Courier"),
        (5, "shelf_of"),
    ]


def test_planted_retired_names_are_found_in_documents() -> None:
    planted = "The `Courier` sends.\nWe told them (upkeep.py).\n/v1/cases-to-revisit:\n  finding: x\n"

    found = [(line, name) for line, name, _ in retired_in_prose(planted, is_yaml=True)]

    assert found == [(1, "Courier"), (2, "upkeep"), (3, "revisit")]


@pytest.mark.parametrize(
    "planted",
    ["the Courier sends", "weekly upkeep", "<p>on the shelf</p>", "# sayings", "x: recount", "cases_to_revisit = 1"],
)
def test_planted_retired_word_is_found_in_any_text(planted: str) -> None:
    ((line, _),) = retired_words(f"bookshelf\n{planted}\naccount")

    assert line == 2


def test_planted_retired_names_are_found_in_sql() -> None:
    planted = "CREATE TABLE person_apart (shelf TEXT); -- told\nSELECT 'told' AS told FROM x WHERE told_sha256 = y;"

    assert list(retired_in_sql(planted)) == ["person_apart", "shelf", "told"]


def test_planted_retired_names_are_found_in_the_sql_of_a_module() -> None:
    planted = """
class Row:
    __tablename__ = "person_apart"


QUERY = "WITH upkeep AS (SELECT 1) SELECT x AS told FROM y"
"""

    found = [name for text in sql_of_module(planted) for name in retired_in_sql(text)]

    assert found == ["person_apart", "upkeep", "told"]

"""The glossary explains every duty that the service sets itself and every abbreviation that a partner reads."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from app.routing.policy.duty_ids import NAMED_IN_CODE

ROOT = Path(__file__).resolve().parents[3]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
# Two capitals at least: MARAC, DHR, SafeLives, RoSH; without the s of a plural.
ABBREVIATION = re.compile(r"(?<![\w=-])(?:[A-Z][a-zA-Z]*[A-Z](?=s?\b)|[A-Z][a-zA-Z]*[A-Z][a-zA-Z]*\b)")
IN_BACKTICKS = re.compile(r"`[^`]*`")
PLAIN = {
    "API", "DMN", "EC", "ETag", "HTTP", "JSON", "JWK", "KiB", "OAuth", "POST", "RFC", "RSA", "TOML", "URL", "UTC",
}  # fmt: skip
"""Words of the trade of whoever calls an API, which are not the field's."""
VALUES = {"DECEASED", "DUPLICATE", "MOVED", "SUPERSEDED"}
"""English words that are values and that no description writes in small letters."""


def own_duties() -> Iterator[str]:
    """Each duty that no policy names, and each beginning, such as `D11:`, that a room completes."""
    for path in sorted((ROOT / "app").rglob("duty_ids.py")):
        written = vars(importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)))
        yield from (value for name, value in written.items() if name.isupper() and isinstance(value, str))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.FormattedValue):
                yield f"{written[ast.unparse(node.values[0].value)]}:"


def descriptions(part: Any) -> Iterator[str]:
    """Every description and summary of the OpenAPI file."""
    if isinstance(part, dict):
        yield from (part[key] for key in ("description", "summary") if isinstance(part.get(key), str))
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from descriptions(inner)


def abbreviations(text: str) -> set[str]:
    """The abbreviations in a text. A value such as DECLINED is none: the text has the word in small letters too."""
    prose = IN_BACKTICKS.sub("", text)
    words = set(re.findall(r"\b[a-z]+\b", text.replace("_", " ")))
    return {word for word in ABBREVIATION.findall(prose) if word.lower() not in words}


def test_every_duty_of_this_service_stands_in_the_glossary() -> None:
    row = next(line for line in GLOSSARY.splitlines() if line.startswith("| **Duty** |"))

    assert {duty for duty in own_duties() if duty not in NAMED_IN_CODE and f"`{duty}" not in row} == set()


def test_every_abbreviation_in_the_api_description_stands_in_the_glossary() -> None:
    read = yaml.safe_load((ROOT / "openapi" / "openapi.yaml").read_text(encoding="utf-8"))
    explained = set(re.findall(r"\w+", " ".join(re.findall(r"^\| \*\*(.+?)\*\* ", GLOSSARY, re.MULTILINE))))

    assert abbreviations("\n".join(descriptions(read))) - PLAIN - VALUES - explained == set()


def test_planted_abbreviation_is_found_and_a_value_is_not() -> None:
    text = "Sent to MARACs, RoSH and the SafeLives `XYZ`. With DECLINED, one that declined. An ABCs is new."

    assert abbreviations(text) == {"MARAC", "RoSH", "SafeLives", "ABC"}

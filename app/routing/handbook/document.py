"""A small book of headings, sentences, lists and tables, and its two spellings: Markdown and HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

STYLE = """
body { font: 1rem/1.5 Arial, Helvetica, sans-serif; color: #0b0c0c; margin: 0 auto; max-width: 75rem; padding: 1rem; }
h1 { font-size: 2rem; line-height: 1.2; }
h2 { font-size: 1.5rem; line-height: 1.3; margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #767c80; padding: .4rem .6rem .4rem 0; text-align: left; vertical-align: top; }
nav ul { columns: 2; }
.wide { overflow-x: auto; }
a { color: #1a65a6; }
a:focus, .wide:focus { outline: 3px solid #0b0c0c; background: #ffdd00; }
@media print { nav { display: none; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
"""


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first cell of each row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Prose | Bullets | Grid


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading with its blocks."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A title with its chapters."""

    title: str
    chapters: tuple[Chapter, ...]


def to_markdown(book: Book) -> str:
    """The book as Markdown."""
    lines = [f"# {book.title}", ""]
    for chapter in book.chapters:
        lines += [f"## {chapter.heading}", ""]
        for block in chapter.blocks:
            lines += [*_markdown(block), ""]
    return "\n".join(lines).rstrip() + "\n"


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Prose(text):
            yield text
        case Bullets(items):
            yield from (f"- {item}" for item in items)
        case Grid(head, rows):
            yield "| " + " | ".join(head) + " |"
            yield "|" + " --- |" * len(head)
            yield from ("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def to_html(book: Book) -> str:
    """The book as one page that needs nothing else: no script, no font, no request."""
    contents = "".join(
        f'<li><a href="#{_anchor(c.heading)}">{escape(c.heading)}</a></li>' for c in book.chapters
    )
    chapters = "\n".join(_chapter(chapter) for chapter in book.chapters)
    return (
        f'<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(book.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(book.title)}</h1>\n"
        f'<nav aria-label="Contents"><ul>{contents}</ul></nav>\n{chapters}\n</main>\n</body>\n</html>\n'
    )


def _chapter(chapter: Chapter) -> str:
    blocks = "\n".join("\n".join(_html(block, chapter.heading)) for block in chapter.blocks)
    return (
        f'<section id="{_anchor(chapter.heading)}">\n<h2>{escape(chapter.heading)}</h2>\n{blocks}\n</section>'
    )


def _html(block: Block, heading: str) -> Iterator[str]:
    match block:
        case Prose(text):
            yield f"<p>{escape(text)}</p>"
        case Bullets(items):
            yield "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        case Grid(head, rows):
            yield f'<div class="wide" role="region" tabindex="0" aria-label="Table: {escape(heading)}"><table>'
            yield (
                "<thead><tr>"
                + "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
                + "</tr></thead>"
            )
            yield "<tbody>"
            for row in rows:
                first, *rest = row
                cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
                yield f'<tr id="{_anchor(first)}"><th scope="row">{escape(first)}</th>{cells}</tr>'
            yield "</tbody></table></div>"


def _anchor(text: str) -> str:
    """A stable anchor, so that a decision can link to the rule it names."""
    return re.sub(r"[^a-z0-9]+", "-", text.partition(" (")[0].lower()).strip("-")

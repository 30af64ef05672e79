"""A small book of headings, sentences, lists and tables, and its text in Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph."""

    kind: ClassVar = "prose"
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    kind: ClassVar = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first cell of each row names it."""

    kind: ClassVar = "grid"
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
    """Returns the book as Markdown."""
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

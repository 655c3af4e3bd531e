"""The few marks that an article's text needs: headings, quotations, paragraphs."""

from typing import NamedTuple


class Passage(NamedTuple):
    """A piece of an article; the template escapes its text."""

    kind: str
    text: str


def passages_of(body: str) -> list[Passage]:
    """Split a text at its blank lines.

    >>> passages_of("## Rain\\n\\nIt fell\\nall day.\\n\\n> Bring tea.")
    [Passage(kind='heading', text='Rain'), Passage(kind='paragraph', text='It fell all day.'), \
Passage(kind='quotation', text='Bring tea.')]
    """
    passages = []
    for piece in body.split("\n\n"):
        text = " ".join(piece.split())
        if text.startswith("## "):
            passages.append(Passage("heading", text.removeprefix("## ")))
        elif text.startswith("> "):
            passages.append(Passage("quotation", text.removeprefix("> ")))
        elif text:
            passages.append(Passage("paragraph", text))
    return passages

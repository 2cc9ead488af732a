"""Quotations as brat standoff: the page's text, and beside it which stretches say what.

References
----------
Stenetorp, P. et al. (2012). brat: a Web-based Tool for NLP-Assisted Text Annotation. EACL
demonstrations. https://aclanthology.org/E12-2021
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stance.analysis import AnalysedArticle
from stance.quotes.quotation import FLAGS, Piece, Quotation

CONFIGURATION = "annotation.conf"
_UNSAFE = re.compile(r"[^\w.-]+")
# Standoff divides its fields by tabs and its records by line breaks; a stretch that holds either
# is given in pieces, as brat itself writes it.
_BREAK = re.compile(r"[\t\n]+")
_CONTROL = re.compile(r"[^\S\n\t ]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LONE = re.compile(r"[\ud800-\udfff]")
_MAX_NAME = 80
_RELATIONS = {"Cue": "Cued", "Source": "Sourced"}


def brat_files(articles: Sequence[AnalysedArticle]) -> dict[str, bytes]:
    """Files of a brat collection, by name: a .txt and an .ann per article, and annotation.conf.

    Parameters
    ----------
    articles : sequence of AnalysedArticle
        Files are named after their ids, what no file name should hold replaced.

    Returns
    -------
    dict of str to bytes
        UTF-8. The text has as many characters as the article's, so that offsets hold: control
        characters (a carriage return) became blanks, half surrogate pairs U+FFFD. Content, Cue
        and Source are stretches; relations tie cue and source to the content, attributes give
        its kind, class and flags, a note its voice, through whom it came, and its probability.
    """
    files = {CONFIGURATION: _configuration().encode()}
    names: set[str] = set()
    for article in articles:
        name = _file_name(article.id, names)
        text = _plain(article.text)
        lines = _lines(text, article.quotations)
        files[f"{name}.txt"] = text.encode()
        files[f"{name}.ann"] = "".join(f"{line}\n" for line in lines).encode()
    return files


def _plain(text: str) -> str:
    return _LONE.sub("\N{REPLACEMENT CHARACTER}", _CONTROL.sub(" ", text))


def _file_name(id: str, taken: set[str]) -> str:  # noqa: A002 (the name of Article's field)
    bare = _UNSAFE.sub("-", id).strip(".-")[:_MAX_NAME] or "article"
    name, n = bare, 1
    while name.casefold() in taken:
        n += 1
        name = f"{bare}-{n}"
    taken.add(name.casefold())
    return name


def _lines(text: str, quotations: Sequence[Quotation]) -> Iterator[str]:
    n_stretches = n_relations = n_attributes = 0
    contents: list[str] = []
    for quotation in quotations:
        roles = (
            ("Content", quotation.content),
            ("Cue", quotation.cue),
            ("Source", quotation.source),
        )
        for role, pieces in roles:
            if not pieces:
                continue
            n_stretches += 1
            yield _stretch(text, f"T{n_stretches}", role, pieces)
            if role == "Content":
                content = f"T{n_stretches}"
                contents.append(content)
            else:
                n_relations += 1
                yield f"R{n_relations}\t{_RELATIONS[role]} Arg1:{content} Arg2:T{n_stretches}"
        if quotation.inside is not None:
            n_relations += 1
            yield f"R{n_relations}\tInside Arg1:{content} Arg2:{contents[quotation.inside]}"
        for attribute in _attributes(quotation, content):
            n_attributes += 1
            yield f"A{n_attributes}\t{attribute}"
        yield f"#{len(contents)}\tAnnotatorNotes {content}\t{_note(quotation)}"


def _stretch(text: str, name: str, role: str, pieces: Sequence[Piece]) -> str:
    spans = [span for piece in pieces for span in _unbroken(text, piece.start, piece.end)]
    spans.sort()
    offsets = ";".join(f"{start} {end}" for start, end in spans)
    return f"{name}\t{role} {offsets}\t{' '.join(text[start:end] for start, end in spans)}"


def _unbroken(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for gap in _BREAK.finditer(text, start, end):
        if gap.start() > start:
            yield start, gap.start()
        start = gap.end()
    if end > start:
        yield start, end


def _attributes(quotation: Quotation, content: str) -> Iterator[str]:
    yield f"Kind {content} {quotation.kind}"
    if quotation.cue_class:
        yield f"Class {content} {quotation.cue_class}"
    for flag in quotation.flags:
        yield f"{_attribute(flag)} {content}"


def _attribute(flag: str) -> str:
    return "".join(word.capitalize() for word in flag.split())


def _note(quotation: Quotation) -> str:
    note = f"voice: {quotation.voice}; probability: {quotation.probability:.2f}"
    if quotation.via:
        note += f"; via: {', '.join(quotation.via)}"
    return " ".join(_plain(note).split())


def _configuration() -> str:
    from stance.quotes.cues import VERBS

    classes = "|".join((*VERBS, "according", "label"))
    flags = "\n".join(f"{_attribute(flag)}\tArg:Content" for flag in FLAGS)
    return (
        "[entities]\nContent\nCue\nSource\n\n[relations]\n"
        "Cued\tArg1:Content, Arg2:Cue\nSourced\tArg1:Content, Arg2:Source\n"
        "Inside\tArg1:Content, Arg2:Content\n"
        "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n\n[events]\n\n"
        f"[attributes]\nKind\tArg:Content, Value:direct|indirect|mixed\n"
        f"Class\tArg:Content, Value:{classes}\n{flags}\n"
    )

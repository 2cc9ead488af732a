"""The codebook's definitions as instructions: word for word those of ``data/codebook.md``.

That file says what every label means, to people; a test holds this excerpt to it, so that a change
there is a change here. Labels that the codebook does not define need a definition of the user's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Task = Literal["type", "stance"]

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "furniture": (
            'text that the page carries around the article: logos and menu items, "Read also", '
            '"Related", "Share this", newsletter and app prompts, comment counts, tags and '
            'keyword lists, photo credits and captions, video-player labels ("Video Player '
            'Close", "Slideshow (7 images)"), bylines, datelines and timestamps standing alone, a'
            " repeated headline, advertisements. Sub-headings, data widgets (stock tickers, "
            "tables) and the signature line of an embedded post count here too; list items that "
            "carry the text on are paragraphs."
        ),
        "disclaimer": (
            "the text speaks about this article or its publisher, not about the news: editor's "
            'notes, corrections and updates notes, "views are the author\'s own", "has not '
            'verified", responsibility and copyright statements, wire and contribution credits '
            '("Additional reporting by…", "This story was produced with…"), translation and '
            "syndication notes, conflict-of-interest and sponsorship notices, notes on how the "
            "text was made. Not: a source's denial, a poll's margin of error, a security warning "
            "that is itself the news."
        ),
        "quote": (
            "more than half of the paragraph's words give what a source other than the author "
            'said, wrote, claimed, believes or found: direct speech, indirect speech ("said '
            'that…", "according to…"), or a mix, from a person, an organisation, a document, '
            'another newspaper, or an unnamed source. The attribution itself ("he told Reuters") '
            "counts with it. A paragraph that goes on with a quotation opened earlier is a quote "
            "although it names nobody. Not: scare quotes, titles, one or two quoted words inside "
            "the author's own statement; an act that happens to be speech (\"the minister resigned"
            ' in a letter", "parliament called an election").'
        ),
        "analysis": (
            "in the author's own voice, more than half of it interprets rather than tells: "
            "causes, motives, significance, comparison, evaluation, prediction, advice, argument,"
            ' rhetorical question, irony. "The move signals…", "analysts fear" without anybody\'s '
            'words, "it remains unclear whether…" when it weighs outcomes. Not: neutral schedules'
            ' ("the vote is due on Monday") and background facts: these are report. An '
            "interpretation that is attributed to somebody is a quote."
        ),
        "report": (
            "everything else: events, actions, states, figures, history and background told as "
            "fact in the author's voice."
        ),
    }
)
"""What each part of a page is, in the order in which they are asked."""

TYPE_RULES = (
    (
        "Mixed paragraphs go to the type with more words; a tie goes to the earlier type in "
        "this order."
    ),
    (
        "A poll, study, document or court filing is a source like a person; an instrument is "
        'not. A generic believer without words of its own ("scientists suspect", "analysts '
        'fear") is no source: report or analysis. A speech act is a quote only where the '
        'content of what was said is given ("denied that…", "linked the incident to…"), not '
        'where it is merely named ("was accused", "asked for help"). An attribution reaches '
        "back over earlier sentences of its paragraph only where they plainly continue the "
        "same speech. A reader's letter printed in a column is a quote, the columnist's reply"
        ' is the author\'s. "We used data from…" inside a fact-check is report; a note on how '
        "the article was produced is disclaimer. Cause and comparison stated as plain market "
        "or science fact are report; they are analysis when the judgement governs the "
        "sentence. In opinion pieces too, the words decide, not the section."
    ),
    (
        "An interviewer's question is a paragraph in the author's voice: report where it asks"
        " for facts, analysis where it judges or provokes, quote where most of its words give"
        " what somebody else said."
    ),
    (
        "The biography of an author and a line of menu items with a copyright sign are "
        "furniture; a sentence on who is responsible for the text, or on why readers cannot "
        "comment, is a disclaimer."
    ),
)
"""Settled cases of types."""

STANCES: Mapping[str, str] = MappingProxyType(
    {
        "favor": ("the voice supports, praises, defends, sides with, or wants to succeed."),
        "against": ("the voice opposes, blames, criticises, accuses, threatens, or wants to fail."),
        "neutral": (
            "the target is mentioned or clearly meant, and neither of the two can be read off the"
            " text. Bad news about a target is neutral unless the voice holds it against the "
            "target."
        ),
    }
)
"""What each side toward a target is."""

STANCE_RULES = (
    (
        "A person can be against a policy and favor its author. Judge the words of the voice,"
        " not what the world thinks of the target, and never the outlet's reputation."
    ),
    (
        "A speaker's own side: defending or blaming oneself is a stance toward oneself; "
        "merely speaking is not."
    ),
    (
        "Findings and figures, good or bad, are neutral unless the voice holds them for or "
        "against the target."
    ),
    (
        "Where a paragraph both concedes and defends, the side it ends on; where it ends on "
        "neither, neutral."
    ),
)
"""Settled cases of sides."""

_DEFINITIONS: Mapping[Task, Mapping[str, str]] = MappingProxyType(
    {"type": TYPES, "stance": STANCES}
)
_RULES: Mapping[Task, tuple[str, ...]] = MappingProxyType(
    {"type": TYPE_RULES, "stance": STANCE_RULES}
)


def definitions_of(task: Task) -> Mapping[str, str]:
    """The codebook's definition of each label of a task, in its order.

    Examples
    --------
    >>> list(definitions_of("stance"))
    ['favor', 'against', 'neutral']
    """
    return _DEFINITIONS[task]


def rules_of(task: Task) -> tuple[str, ...]:
    """The codebook's settled cases of a task."""
    return _RULES[task]


def version() -> str:
    """Digest of all definitions and rules: 16 hexadecimal digits.

    Examples
    --------
    >>> len(version())
    16
    """
    texts = [[dict(_DEFINITIONS[task]), _RULES[task]] for task in _DEFINITIONS]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]

"""Turn types: the type of each paragraph, where the turns of an interview have a say in it.

A paragraph has the type that a model gives most probability, but for turns that labels tell for
sure: an answer is a quote whatever the model says, for all its words are a source's, and a question
of the outlet's own interviewer is none, for the interviewer is the author: it has the most probable
of the other types.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from stance.quotes.dialogue import label_end
from stance.quotes.voices import turns_told

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

QUOTE = "quote"

_MIN_LABELLED = 3  # fewer labels make no dialogue
# What a full stop may end: "Q.", "Answer (laughs).". Any other label has a colon.
_LETTER = re.compile(r"\s*(?:[QA]|Question|Answer|Interviewer|Reporter)\s*[(.]", re.IGNORECASE)


def told_in(
    texts: Sequence[str], *, headline: str = "", bylines: Sequence[str] = ()
) -> dict[int, bool]:
    """What ``turns_told`` gives, at next to no cost where no paragraphs begin with labels.

    Parameters
    ----------
    texts : sequence of str
        The article's paragraphs, in order.
    headline : str
    bylines : sequence of str
        Bylines of the article, where it has any.

    Returns
    -------
    dict of int to bool
        Whether a turn is a source's words, by paragraph; of sure turns alone.

    Examples
    --------
    >>> told_in(["Q: Why now?", "A: I was tired.", "Q: And then?", "A: I slept."])
    {0: False, 1: True, 2: False, 3: True}
    >>> told_in(["The sea was calm.", "Why now? I was tired.", "He slept."])
    {}
    """
    # On every paragraph, the pattern of labels would take several times as long as all of this.
    likely = [text for text in texts if ":" in text or _LETTER.match(text)]
    if len(likely) < _MIN_LABELLED or sum(label_end(one) > 0 for one in likely) < _MIN_LABELLED:
        return {}
    return turns_told(texts, headline=headline, bylines=bylines)


def types_told(
    proba: NDArray[np.float64], classes: Sequence[str], told: Mapping[int, bool]
) -> NDArray[np.int64]:
    """The type of each paragraph, as a place among the classes.

    Parameters
    ----------
    proba : ndarray of float64, shape (n_paragraphs, n_classes)
        What a model says; it stays so, hence the type of a turn need not be the most probable one.
    classes : sequence of str
        Names of the columns. Where none is a quote, turns decide nothing.
    told : mapping of int to bool
        Whether a turn is a source's words, by paragraph (``told_in``).

    Returns
    -------
    ndarray of int64, shape (n_paragraphs,)
        A paragraph without probabilities (NaN) has some place or other.

    Examples
    --------
    >>> import numpy as np
    >>> proba = np.array([[0.7, 0.1, 0.2], [0.3, 0.6, 0.1], [0.5, 0.4, 0.1]])
    >>> types_told(proba, ("quote", "report", "analysis"), {0: False, 1: True}).tolist()
    [2, 0, 0]
    """
    types: NDArray[np.int64] = proba.argmax(axis=1)
    if not told or QUOTE not in classes:
        return types
    quote = list(classes).index(QUOTE)
    rest = [k for k in range(len(classes)) if k != quote]
    for i, is_quote in told.items():
        if is_quote:
            types[i] = quote
        elif rest and types[i] == quote:
            types[i] = rest[int(proba[i, rest].argmax())]
    return types

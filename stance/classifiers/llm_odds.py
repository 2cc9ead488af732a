"""Odds: probabilities of labels, from the log-probabilities of the tokens that wrote one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_VALUE = re.compile(r'"label"\s*:\s*"')


def label_odds(tokens: Any, *, labels: Sequence[str]) -> dict[str, float] | None:
    """Probability of each label where the answer's label was written.

    Tokens are followed from the first letter of the label on. What might have been written in place
    of a token counts for the one label that it begins, if there is just one; what begins none, or
    leaves open which, is left out, and the rest sums to 1. Labels that are not among an endpoint's
    few likeliest tokens get 0.

    Parameters
    ----------
    tokens : list of mapping
        ``choices[0].logprobs.content`` of a response: ``token``, ``logprob``, ``top_logprobs``.
    labels : sequence of str

    Returns
    -------
    dict of str to float, or None
        None where the tokens are not of that form, or no label was found in them.

    Examples
    --------
    >>> rivals = [{"token": "quote", "logprob": -0.2231}, {"token": "rep", "logprob": -1.6094}]
    >>> tokens = [{"token": '{"label": "', "logprob": 0.0, "top_logprobs": []},
    ...           {"token": "quote", "logprob": -0.2231, "top_logprobs": rivals}]
    >>> odds = label_odds(tokens, labels=["quote", "report"])
    >>> {label: round(value, 2) for label, value in odds.items()}
    {'quote': 0.8, 'report': 0.2}
    """
    try:
        weights = dict.fromkeys(labels, 0.0)
        for label, weight in _weights(list(tokens), labels):
            weights[label] += weight
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError):
        return None
    total = sum(weights.values())
    if not (math.isfinite(total) and total > 0):
        return None
    return {label: weight / total for label, weight in weights.items()}


def _weights(
    tokens: Sequence[Mapping[str, Any]], labels: Sequence[str]
) -> Iterator[tuple[str, float]]:
    """Labels with the probability of a way in which they could have been written."""
    text = "".join(token["token"] for token in tokens)
    found = _VALUE.search(text)
    if found is None:
        return
    start, end = found.end(), 0
    written, chance = "", 1.0  # of the label, up to the token at hand; and how likely that was
    for token in tokens:
        begin, end = end, end + len(token["token"])
        if end <= start:
            continue
        before = token["token"][: max(0, start - begin)]
        for other in token.get("top_logprobs") or ():
            rival = other["token"]
            if rival != token["token"] and rival.startswith(before):
                begun = _begun(written + rival[len(before) :], labels)
                if len(begun) == 1:
                    yield begun[0], chance * math.exp(min(0.0, float(other["logprob"])))
        written += token["token"][len(before) :]
        chance *= math.exp(min(0.0, float(token["logprob"])))
        left = _begun(written, labels)
        if len(left) < 2:
            yield from ((label, chance) for label in left)
            return


def _begun(text: str, labels: Sequence[str]) -> list[str]:
    """Labels that a text begins; the label itself where it is whole and closed by its mark."""
    if '"' in text:
        whole = text.partition('"')[0]
        return [label for label in labels if label.casefold() == whole.casefold()]
    if not text:
        return []
    return [label for label in labels if label.casefold().startswith(text.casefold())]

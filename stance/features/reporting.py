"""How a text and its target report what they tell: as a fact, a rumour, a claim, a hoax.

Words that refute, doubt, hedge, attribute or confirm, counted by place: in the target (a headline
has such words of its own), in the text's beginning, end and whole, in the sentence that has most
of the target's words, and around it. The lists are written here, for news English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.bounded_cache import bounded_cache
from stance.features import relation
from stance.features.relation import Weights, covered
from stance.features.sentence_index import index_of, sentences_of
from stance.passage import Passage

Floats = NDArray[np.float32]

# Classes overlap on purpose: a hoax is refuted, and it is a hoax.
LISTS: dict[str, str] = {
    "refute": "deny denies denied denying denial denials debunk debunks debunked debunking refute"
    " refutes refuted refuting disprove disproved disproves disproven disproving false falsely"
    " untrue fake faked fakes faking hoax hoaxes hoaxed hoaxer hoaxers bogus fabricated"
    " fabrication fabricate fabricating satire satirical satirist prank prankster pranked baseless"
    " unfounded groundless dismiss dismisses dismissed dismissing reject rejects rejected rejecting"
    " rubbish rubbished nonsense lie lies lied lying liar myth wrong incorrect inaccurate"
    " inaccurately erroneous mistaken mistakenly retract retracted retraction correction photoshop"
    " photoshopped photoshopping doctored staged misleading misled disputes disputed dispute"
    " contradict contradicts contradicted contradicting discredited fiction fictional fictitious"
    " invented spoof parody scam hogwash impostor concocted totally ridiculous absurd",
    "doubt": "doubt doubts doubted doubtful doubting skeptic skeptics skeptical sceptical"
    " skepticism scepticism suspicious suspect suspicion suspicions question questions questioned"
    " questioning questionable dubious unlikely improbable implausible unclear uncertain"
    " uncertainty unconfirmed unverified unsubstantiated uncorroborated unproven unverifiable"
    " hardly supposed supposedly purported purportedly alleged allegedly however whether evidence"
    " verify verified verifying authenticity authentic credibility credible legitimate genuine real"
    " really true truth",
    "hedge": "may might could would possibly perhaps maybe apparent apparently appear appears"
    " appeared appearing seem seems seemed seemingly likely probably potentially potential"
    " reportedly rumor rumors rumored rumour rumours rumoured speculation speculate speculated"
    " speculating speculative believed thought suggest suggests suggested suggesting if expected"
    " considering plans planning plan talks",
    "report": "report reports reported reporting reportedly according claim claims claimed claiming"
    " allege alleges alleged allegedly source sources say says said saying tell tells told telling"
    " stated states statement spokesman spokeswoman spokesperson media newspaper magazine website"
    " blog tabloid outlet outlets news post posted tweet tweeted tweets viral cited citing quoted"
    " quoting published circulating story stories",
    "confirm": "confirm confirms confirmed confirming confirmation official officially officials"
    " proof prove proved proves proven reveal reveals revealed revealing show shows showed shown"
    " showing announce announces announced announcement verified identified found discovered"
    " admitted admit admits acknowledged indeed fact actually video photo photos footage photograph"
    " witness witnesses arrested charged",
    "negate": "not no never none nobody nothing neither nor cannot without fails failed refuse"
    " refused refuses",
    "hoax": "hoax hoaxes fake faked fakes prank satire satirical parody spoof photoshopped debunked"
    " debunk debunks myth urban legend false untrue fabricated bogus",
    "rumour": "rumor rumors rumored rumour rumours rumoured unconfirmed unverified reportedly"
    " allegedly alleged speculation",
    "contrast": "but however although though despite yet nevertheless instead rather while",
}
_VERIFY = frozenset("true real evidence verified confirm verify credible authentic".split())
_NEGATION = frozenset("not no never without".split())
_REACH = 4  # words that a negation reaches
_SIGNALS = (*LISTS, "refute negated", "confirm negated", "question")
_PLACES = ("target", "density", "first", "last", "share", "best", "beside", "covering", "closest")
_N_ENDS = 3
_N_CLOSEST = 3

NAMES = (
    *(f"reporting {place} {signal}" for place in _PLACES for signal in _SIGNALS),
    "reporting target quotes",
    "reporting target colon",
    "reporting agreement",
    "reporting refuted in one",
)


def learn(passages: Sequence[Passage]) -> dict[str, NDArray[Any]]:
    """How common words are, as ``stance.features.relation.learn`` gives it."""
    return relation.learn(passages)


def features(passages: Sequence[Passage], learnt: Mapping[str, NDArray[Any]]) -> Floats:
    """Counts and shares of reporting words by place, shape (n_passages, len(NAMES)).

    Examples
    --------
    >>> row = Passage("The dam broke, posts say. Lund denied it.", target="Dam at Lund breaks?")
    >>> found = dict(zip(NAMES, features([row], learn([row]))[0].tolist()))
    >>> found["reporting beside refute"], found["reporting target question"]
    (1.0, 1.0)
    """
    weights = Weights(learnt)
    out = np.zeros((len(passages), len(NAMES)), np.float32)
    for i, passage in enumerate(passages):
        out[i] = _row(passage, weights)
    return out


@bounded_cache(n_chars=1 << 20)
def signals(text: str) -> Floats:
    """How often each signal occurs in each sentence, shape (n_sentences, n_signals).

    Signals are those of ``LISTS``, refuting and confirming words behind a negation, and questions.
    """
    index = index_of(text)
    out = np.zeros((index.n_sentences, len(_SIGNALS)), np.float32)
    classes = _classes()
    for i, (words, sentence) in enumerate(zip(index.sentences, sentences_of(text), strict=True)):
        reach = 0
        for word in words:
            found = classes.get(word, ())
            is_negation = word in _NEGATION or word.endswith("n't")
            for at in found:
                out[i, at] += 1
            if word.endswith("n't") and not found:
                out[i, _at("negate")] += 1
            if reach:
                out[i, _at("refute negated")] += _at("refute") in found
                out[i, _at("confirm negated")] += _at("confirm") in found or word in _VERIFY
            reach = _REACH if is_negation else max(0, reach - 1)
        out[i, _at("question")] = sentence.count("?")
    return out


def _row(passage: Passage, weights: Weights) -> Floats:
    target, text = index_of(passage.target or ""), index_of(passage.text)
    found, asked = signals(passage.text), signals(passage.target or "").sum(axis=0)
    shares = covered(target, text, weights).astype(np.float32)
    best = int(shares.argmax())
    around = found[max(0, best - 1) : best + 2].sum(axis=0) - found[best]
    closest = np.argsort(-shares, kind="stable")[:_N_CLOSEST]
    covering = shares @ found / max(float(shares.sum()), 1e-9)
    parts = (asked, _whole(passage.text), found[best], around, covering)
    row = np.concatenate([*parts, found[closest].sum(axis=0), _shape(passage.target or "")])
    refuted = _refuted(asked), _refuted(found[closest].sum(axis=0))
    both = [refuted[0] * refuted[1], float((refuted[0] > 0) != (refuted[1] > 0))]
    return np.concatenate([row, both]).astype(np.float32)


@bounded_cache(n_chars=1 << 20)
def _whole(text: str) -> Floats:
    """Signals per hundred words, in the first and last sentences, and the share of sentences."""
    found = signals(text)
    density = found.sum(axis=0) * (100 / max(1, index_of(text).n_words))
    ends = found[:_N_ENDS].sum(axis=0), found[-_N_ENDS:].sum(axis=0)
    whole: Floats = np.concatenate([density, *ends, (found > 0).mean(axis=0)])
    return whole


def _shape(target: str) -> list[float]:
    return [sum(target.count(mark) for mark in "\"“”‘'"), float(":" in target)]


def _refuted(found: Floats) -> float:
    """Refuting words, those behind a negation counted against the others."""
    return float(found[_at("refute")] - 2 * found[_at("refute negated")])


@cache
def _at(signal: str) -> int:
    return _SIGNALS.index(signal)


@cache
def _classes() -> dict[str, tuple[int, ...]]:
    classes: dict[str, tuple[int, ...]] = {}
    for at, words in enumerate(LISTS.values()):
        for word in words.split():
            classes[word] = (*classes.get(word, ()), at)
    return classes

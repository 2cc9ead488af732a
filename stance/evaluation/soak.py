"""Soak: hostile pages labelled one after the other, while faults and memory are watched.

A page that cannot be read is refused with ``PageError``; every other one has labels that hold
together. Anything else is a fault.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from traceback import extract_tb
from typing import Any

from stance.analysis import AnalysedArticle, label_article
from stance.evaluation.hostile_pages import KINDS, hostile_page
from stance.labels import ParagraphType
from stance.map import SIDES
from stance.reading import PageError

WARM_UP = 200
"""Pages after which memory is first measured: by then models and tables are loaded."""

_MOST_FAULTS = 100
_TYPES = frozenset(map(str, ParagraphType))


@dataclass(frozen=True, slots=True)
class Fault:
    """What came of a page where neither labels nor a refusal did.

    Parameters
    ----------
    page : int
        Number of the page: ``hostile_page`` makes it again.
    kind : str
    problem : str
        Kind of exception, its message, and the place in the code.
    """

    page: int
    kind: str
    problem: str


@dataclass(frozen=True, slots=True)
class Soak:
    """What came of all pages.

    Parameters
    ----------
    seed : int
    seconds : float
        It took, by the clock.
    tried, refused : mapping of str to int
        Pages by kind; those refused with a message.
    n_bytes, n_paragraphs, n_stances : int
        Of the pages tried; of those labelled.
    faults : tuple of Fault
        The first hundred.
    digest : str
        SHA-256 over the outcomes of all pages in order: the same for the same seed and number.
    memory : tuple of (int, int)
        Number of pages and bytes that the process held then, from ``WARM_UP`` pages on; empty
        where the system does not tell or fewer pages were tried.
    """

    seed: int
    seconds: float
    tried: Mapping[str, int]
    refused: Mapping[str, int]
    n_bytes: int
    n_paragraphs: int
    n_stances: int
    faults: tuple[Fault, ...]
    digest: str
    memory: tuple[tuple[int, int], ...]

    @property
    def n_pages(self) -> int:
        """Pages tried."""
        return sum(self.tried.values())


Output = Callable[[AnalysedArticle], str]


def soak(
    seconds: float,
    *,
    seed: int = 0,
    most: int | None = None,
    outputs: Mapping[str, Output] | None = None,
    texts: Sequence[str] = (),
) -> Soak:
    """Label hostile pages until the time is over.

    Parameters
    ----------
    seconds : float
        A page that has begun is ended.
    seed : int
    most : int, optional
        End after so many pages.
    outputs : mapping of str to callable, optional
        What else each labelled article is made into, besides JSON; raises where that is unsound.
    texts : sequence of str
        Pages of a corpus, to be damaged (see ``hostile_page``).

    Returns
    -------
    Soak
    """
    watched = _Watched(outputs or {})
    start = monotonic()
    n = 0
    while monotonic() - start < seconds and (most is None or n < most):
        page = hostile_page(n, seed=seed, texts=texts)
        watched.take(n, page.kind, page.data)
        n += 1
        # A figure of hundreds of points says no more than one of some fifty.
        if n == WARM_UP or (n > WARM_UP and n % max(100, n // 50) == 0):
            watched.measure(n)
    if n > WARM_UP:
        watched.measure(n)
    return watched.result(seed, monotonic() - start)


def check_article(article: AnalysedArticle) -> None:
    """Raise where labels do not hold together.

    Raises
    ------
    ValueError
        Parts do not cover the page, a label is unknown, a probability is none, or what is quoted
        does not stand in the text.
    """
    starts = [part.start for part in article.parts]
    ends = [part.end for part in article.parts]
    if [*starts, len(article.text)] != [0, *ends]:
        raise ValueError("parts do not cover the page")
    for part in article.paragraphs:
        if part.type not in _TYPES or not part.voice:
            raise ValueError(f"part {part.index}: type {part.type!r}, voice {part.voice!r}")
        _check_odds(part.probabilities or {}, f"part {part.index}")
        for side in part.stances:
            if side.stance not in SIDES:
                raise ValueError(f"part {part.index}: stance {side.stance!r}")
            _check_odds(side.probabilities or {}, f"part {part.index}, {side.target!r:.80}")
    for quotation in article.quotations:
        for piece in (*quotation.content, *quotation.cue, *quotation.source):
            if not 0 <= piece.start < piece.end <= len(article.text):
                raise ValueError(f"a quotation from {piece.start} to {piece.end}")


def _check_odds(odds: Mapping[str, float], where: str) -> None:
    # Four digits each: three or four of them are off by less than this.
    if not math.isclose(sum(odds.values()), 1.0, abs_tol=0.001):
        raise ValueError(f"{where}: probabilities {dict(odds)!r} do not sum to 1")
    if min(odds.values()) < 0:
        raise ValueError(f"{where}: probabilities {dict(odds)!r} below 0")


class _Watched:
    """What has come of the pages so far."""

    def __init__(self, outputs: Mapping[str, Output]) -> None:
        self.outputs = outputs
        self.tried: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.sums: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self.memory: list[tuple[int, int]] = []
        self.digest = hashlib.sha256()

    def take(self, n: int, kind: str, data: bytes) -> None:
        self.tried[kind] += 1
        self.sums["bytes"] += len(data)
        try:
            outcome = self._outcome(data, name=f"page-{n}")
        except PageError as error:
            self.refused[kind] += 1
            outcome = str(error)
        except Exception as error:  # whatever it is, it is what is looked for
            outcome = _problem(error)
            if len(self.faults) < _MOST_FAULTS:
                self.faults.append(Fault(n, kind, outcome))
        self.digest.update(outcome.encode("utf-8", "surrogatepass"))

    def measure(self, n: int) -> None:
        held = held_bytes()
        if held and (not self.memory or self.memory[-1][0] != n):
            self.memory.append((n, held))

    def result(self, seed: int, seconds: float) -> Soak:
        ordered = {kind: self.tried[kind] for kind in KINDS if self.tried[kind]}
        return Soak(
            seed,
            seconds,
            tried=ordered,
            refused={kind: self.refused[kind] for kind in ordered},
            n_bytes=self.sums["bytes"],
            n_paragraphs=self.sums["paragraphs"],
            n_stances=self.sums["stances"],
            faults=tuple(self.faults),
            digest=self.digest.hexdigest(),
            memory=tuple(self.memory),
        )

    def _outcome(self, data: bytes, *, name: str) -> str:
        article = label_article(data, targets="auto", id=name, source=name)
        check_article(article)
        written = article.to_json()
        json.loads(written)
        self.sums["paragraphs"] += len(article.paragraphs)
        self.sums["stances"] += sum(len(part.stances) for part in article.paragraphs)
        return "".join((written, *(output(article) for output in self.outputs.values())))


def _problem(error: Exception) -> str:
    frames = extract_tb(error.__traceback__)
    last = next((f for f in reversed(frames) if "stance" in Path(f.filename).parts), frames[-1])
    return f"{type(error).__name__}: {str(error)[:200]} ({Path(last.filename).name}:{last.lineno})"


def held_bytes() -> int:
    """Memory that the process holds, in bytes; 0 where the system does not tell."""
    try:
        status: Any = Path("/proc/self/statm").read_text(encoding="ascii").split()
        pages = int(status[1])
    except (OSError, ValueError, IndexError):
        return 0
    import resource

    return pages * resource.getpagesize()

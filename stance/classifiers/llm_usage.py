"""Usage: what was asked of an endpoint, what came of it, and what it cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from stance.classifiers.llm_answer import Answer, Tokens

REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    Parameters
    ----------
    answer : Answer or None
    reason : str
        Why there is no answer; empty where there is one.
    said : str
        The beginning of what the server said in place of an answer, without the key.
    is_cached : bool
        The answer is an earlier one.
    is_outage : bool
        It was the server that failed, not the model's answer.
    n_retries : int
        Tries after the first.
    tokens : Tokens
    """

    answer: Answer | None = None
    reason: str = ""
    said: str = ""
    is_cached: bool = False
    is_outage: bool = False
    n_retries: int = 0
    tokens: Tokens = field(default_factory=Tokens)


@dataclass(frozen=True, slots=True)
class Usage(Mapping[str, float]):
    """What an estimator has asked since it was fitted; as a mapping, its counts, tokens and cost.

    The mapping has no seconds, which differ from run to run, and no cost where no price is known.

    Parameters
    ----------
    n_answered, n_cached : int
        Questions with an answer; those of them that had one on disk.
    n_requests, n_retries : int
        HTTP requests; tries that followed a failure.
    failures : mapping of str to int
        Questions without an answer, by reason: ``status 500``, ``timeout``, ``broken off``, ``no
        connection``,
        ``broken`` (no JSON), ``too long``, ``no choice``, ``cut off`` (by ``max_tokens``), ``no
        label``, ``wrong label``, ``refused``.
    prompt_tokens, completion_tokens : int
        As the endpoint counts them, those of answers that did not count included.
    prompt_price, completion_price : float or None
        Of a million tokens.
    seconds : float
        By the clock, while questions were out.

    Examples
    --------
    >>> used = Usage(prompt_price=0.5, completion_price=2.0)
    >>> used.plus(Outcome(Answer("quote"), tokens=Tokens(900_000, 25_000))).cost
    0.5
    >>> dict(used)["n_requests"], "cost" in used, "cost" in Usage()
    (0, True, False)
    """

    n_answered: int = 0
    n_cached: int = 0
    n_requests: int = 0
    n_retries: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_price: float | None = None
    completion_price: float | None = None
    seconds: float = 0.0

    @property
    def n_failed(self) -> int:
        """Questions without an answer."""
        return sum(self.failures.values())

    @property
    def n_refused(self) -> int:
        """Questions that the model would not answer."""
        return self.failures.get(REFUSED, 0)

    @property
    def cost(self) -> float | None:
        """In the currency of the prices; None where no price is known."""
        if self.prompt_price is None and self.completion_price is None:
            return None
        prompt = self.prompt_tokens * (self.prompt_price or 0.0)
        return (prompt + self.completion_tokens * (self.completion_price or 0.0)) / 1e6

    def __getitem__(self, name: str) -> float:
        return self._numbers()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers())

    def __len__(self) -> int:
        return len(self._numbers())

    def _numbers(self) -> dict[str, float]:
        found: dict[str, float | None] = {
            "n_answered": self.n_answered,
            "n_failed": self.n_failed,
            "n_refused": self.n_refused,
            "n_cached": self.n_cached,
            "n_requests": self.n_requests,
            "n_retries": self.n_retries,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cost": self.cost,
        }
        return {name: value for name, value in found.items() if value is not None}

    def plus(self, outcome: Outcome) -> Usage:
        """The same with one question more."""
        failures = dict(self.failures)
        if outcome.answer is None:
            failures[outcome.reason] = failures.get(outcome.reason, 0) + 1
        return replace(
            self,
            n_answered=self.n_answered + (outcome.answer is not None),
            n_cached=self.n_cached + outcome.is_cached,
            n_retries=self.n_retries + outcome.n_retries,
            failures=failures,
            prompt_tokens=self.prompt_tokens + outcome.tokens.prompt,
            completion_tokens=self.completion_tokens + outcome.tokens.completion,
        )

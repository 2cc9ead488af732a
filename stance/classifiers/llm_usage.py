"""Usage: what was asked of an endpoint, what came of it, and what it cost."""

from __future__ import annotations

from collections.abc import Mapping
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
class Usage:
    """What an estimator has asked since it was fitted.

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

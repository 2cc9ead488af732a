"""LLMClassifier: labels from a chat model behind an OpenAI-compatible endpoint.

The codebook's definitions are the instructions, the passage is data between fences, the answer is
one label of a schema, and what fails counts as wrong. Needs the extra ``llm``
(``pip install 'stance-lab[llm]'``) and an endpoint: a hosted one, or vLLM, Ollama or llama.cpp on
this machine.

References
----------
T. Brown et al., 2020, "Language models are few-shot learners", https://arxiv.org/abs/2005.14165.
K. Greshake et al., 2023, "Not what you've signed up for: compromising real-world LLM-integrated
applications with indirect prompt injection", doi:10.1145/3605764.3623985.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, NoReturn
from warnings import warn

import numpy as np
from annotated_types import MinLen
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from stance.classifiers.labels import checked_labels
from stance.classifiers.llm_asking import Patience, Question, question
from stance.classifiers.llm_codebook import Task
from stance.classifiers.llm_endpoint import TimeLimits, checked_url
from stance.classifiers.llm_examples import drawn_examples
from stance.classifiers.llm_inquiry import Inquiry
from stance.classifiers.llm_prompt import Prompt
from stance.classifiers.llm_settings import (
    Address,
    Count,
    Number,
    Probabilities,
    Seconds,
    Wait,
    check_settings,
)
from stance.classifiers.llm_usage import Outcome, Usage
from stance.passage import Passage, as_passages

Floats = NDArray[np.float64]
NO_ANSWER = "no answer"
"""What ``predict`` gives where a passage got no label: outside of all classes, and so wrong."""

_TOP_LOGPROBS = 5


class UnansweredWarning(UserWarning):
    """Some passages got no label."""


class LLMClassifier(ClassifierMixin, BaseEstimator):
    """Labels that a chat model gives, by the codebook's definitions, zero- or few-shot.

    Nothing is trained: ``fit`` learns which labels there are and chooses examples. Every passage is
    one request (``n_samples`` with votes); answers are kept on disk by the content of the request,
    so that what was answered once is never asked again, by a second run or after an interrupt.

    Where no label comes back (an error that stays, a refusal, an answer that is none), ``predict``
    gives ``no_answer_``, which is no class and so counts as wrong, ``predict_proba`` a row of
    zeros, and an ``UnansweredWarning`` tells how many and why. It stays so until the next ``fit``.
    Where an endpoint fails every passage, ``EndpointError`` is raised: that says nothing about the
    model.

    Parameters
    ----------
    base_url : str
        Address that ``/chat/completions`` stands below: ``http://localhost:11434/v1``.
    model : str
        As the endpoint calls it.
    task : {"type", "stance"}
        Whose definitions are given.
    shots : int, >= 0
        Labelled examples of each class in every request, none from the passage's own article.
    definitions : mapping of str to str, optional
        What labels mean that the codebook does not define, or in place of its words.
    context : bool
        Whether headline and neighbours are given.
    probabilities : {"one-hot", "logprobs", "votes"}
        What ``predict_proba`` gives. One-hot: 1 for the answer, which says nothing of how sure the
        model is. Log-probabilities of the label's tokens, as far as the endpoint gives them, else
        one-hot; they tell how sure the model is of its words, and are not calibrated. Votes: shares
        of ``n_samples`` answers drawn at ``temperature``, ties to the first class.
    n_samples : int, >= 1
        Requests for each passage, with votes.
    temperature : float or None
        None leaves it to the endpoint.
    max_tokens : int or None
        Of an answer. A model that thinks aloud needs more, and may want the limit by another name:
        None here, and that name in ``more``.
    more : mapping, optional
        What else a request says: ``{"reasoning_effort": "low"}``.
    key_variable : str
        Environment variable that holds the endpoint's key. The key itself is no parameter, so that
        it gets into no config, report, cache or message.
    connect_timeout, read_timeout, timeout : float, > 0
        Seconds until a connection stands, without a byte, and for a whole response.
    retries : int, >= 0
        After no answer in time, a broken connection, status 429 or 5xx. An answer that does not
        count is asked for once more, whatever this says.
    first_wait, longest_wait : float, >= 0
        Seconds before the first retry, doubled for each further one; and the most, also where the
        server asks for more (Retry-After).
    n_at_once : int, >= 1
        Requests that are out at the same time.
    cache : str, path, "default" or None
        Folder of answers; ``llm`` in the user's cache by default. None keeps none.
    prompt_price, completion_price : float or None
        Of a million tokens, for ``usage_.cost``.
    random_state : int or None
        Of the choice of examples, of the waits, and of the samples that vote.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        Labels in order.
    no_answer_ : str or int
        What ``predict`` gives where there is no label: ``"no answer"``; with whole numbers, one
        below the smallest.
    prompt_ : Prompt
        The system's message and the schema.
    examples_ : Examples
        What examples are chosen from.
    usage_ : Usage
        Requests, failures by reason, tokens and cost since ``fit``.

    Examples
    --------
    >>> classifier = LLMClassifier(base_url="http://localhost:11434/v1", model="small")
    >>> classifier = classifier.fit(None, ["quote", "report"])  # zero-shot: labels are enough
    >>> classifier.prompt_.schema["properties"]["label"]["enum"]
    ['quote', 'report']
    """

    def __init__(
        self,
        *,
        base_url: Address,
        model: Annotated[str, MinLen(1)],
        task: Task = "type",
        shots: Count = 0,
        definitions: Mapping[str, str] | None = None,
        context: bool = True,
        probabilities: Probabilities = "one-hot",
        n_samples: Number = 5,
        temperature: float | None = 0.0,
        max_tokens: int | None = 100,
        more: Mapping[str, Any] | None = None,
        key_variable: str = "STANCE_LLM_KEY",
        connect_timeout: Seconds = 10.0,
        read_timeout: Seconds = 60.0,
        timeout: Seconds = 120.0,
        retries: Count = 4,
        first_wait: Wait = 1.0,
        longest_wait: Wait = 60.0,
        n_at_once: Number = 4,
        cache: str | os.PathLike[str] | None = "default",
        prompt_price: float | None = None,
        completion_price: float | None = None,
        random_state: int | None = 0,
    ) -> None:
        self.base_url = base_url
        self.model = model
        self.task = task
        self.shots = shots
        self.definitions = definitions
        self.context = context
        self.probabilities = probabilities
        self.n_samples = n_samples
        self.temperature = temperature
        self.max_tokens = max_tokens
        self.more = more
        self.key_variable = key_variable
        self.connect_timeout = connect_timeout
        self.read_timeout = read_timeout
        self.timeout = timeout
        self.retries = retries
        self.first_wait = first_wait
        self.longest_wait = longest_wait
        self.n_at_once = n_at_once
        self.cache = cache
        self.prompt_price = prompt_price
        self.completion_price = completion_price
        self.random_state = random_state

    @staticmethod
    def lacking() -> str:
        """What is missing on this machine; empty where nothing is."""
        return "" if find_spec("httpx") else "the package httpx is not installed (extra llm)"

    @staticmethod
    def versions() -> dict[str, str]:
        """Versions of the packages that it stands on."""
        return {"httpx": version("httpx")} if find_spec("httpx") else {}

    def fit(self, X: Any, y: Any) -> LLMClassifier:
        """Learn the labels, and choose examples; nothing is sent.

        Parameters
        ----------
        X : anything ``as_passages`` takes, or None
            None where ``shots`` is 0: labels are then enough, each at least once.
        y : sequence of str or int, shape (n_passages,)

        Raises
        ------
        ValueError
            X and y differ in length, a label is missing, there is one class only, ``NO_ANSWER`` is
            a label, or a parameter is out of range.
        """
        check_settings(self)
        if X is None and self.shots:
            raise ValueError(f"shots = {self.shots}: expected passages to choose from, got None")
        passages = None if X is None else as_passages(X)
        labels = checked_labels(y, n=np.size(y) if passages is None else len(passages))
        self.classes_ = np.unique(labels)
        names = [str(label) for label in self.classes_.tolist()]
        if NO_ANSWER in names:
            raise ValueError(f"label {NO_ANSWER!r} stands for passages without one: rename it")
        is_number = self.classes_.dtype.kind != "U"
        self.no_answer_: str | int = int(self.classes_[0]) - 1 if is_number else NO_ANSWER
        self.prompt_ = Prompt(self.task, tuple(names), dict(self.definitions or {}))
        self.examples_ = drawn_examples(
            passages or [],
            [str(label) for label in labels.tolist()],
            shots=int(self.shots),
            seed=self.random_state,
        )
        self._inquiry = self._opened()
        return self

    @property
    def usage_(self) -> Usage:
        """What has been asked since ``fit``: requests, failures by reason, tokens, cost."""
        check_is_fitted(self)
        return self._inquiry.usage

    def predict_proba(self, X: Any) -> Floats:
        """What ``probabilities`` says, shape (n_passages, n_classes); columns follow classes_.

        Rows sum to 1; where there was no answer, to 0.

        Raises
        ------
        EndpointError
            The endpoint cannot be reached, wants another key, or fails every passage.
        ExtraMissingError
            httpx is not installed, and not every answer is in the cache.
        """
        check_is_fitted(self)
        passages = as_passages(X)
        asked = [self._questions(passage) for passage in passages]
        outcomes = self._inquiry.ask([one for several in asked for one in several])
        proba = np.zeros((len(passages), len(self.classes_)))
        for row, several in enumerate(asked):
            proba[row] = self._row([outcomes[one.key] for one in several])
        n_failed = int((proba.sum(axis=1) == 0).sum())
        if n_failed:
            warn(self._told(n_failed, len(passages)), UnansweredWarning, stacklevel=2)
        return proba

    def predict(self, X: Any) -> NDArray[Any]:
        """Label of each passage, shape (n_passages,); ``no_answer_`` where there is none.

        Raises
        ------
        EndpointError, ExtraMissingError
            As ``predict_proba``.
        """
        proba = self.predict_proba(X)
        labels: NDArray[Any] = self.classes_[proba.argmax(axis=1)]
        is_failed = proba.sum(axis=1) == 0
        if is_failed.any():
            wide = np.result_type(labels, np.array([self.no_answer_]))
            labels = np.where(is_failed, np.array(self.no_answer_, wide), labels.astype(wide))
        return labels

    def explain(self, passage: Passage | str, *, label: str | None = None) -> NoReturn:
        """Nothing: what moved a model behind an endpoint cannot be told.

        Raises
        ------
        NotImplementedError
            Always; the message says what to do in its place.
        """
        raise NotImplementedError(
            "LLMClassifier cannot explain: an endpoint gives answers, not what moved them, and a "
            "model's own account of its answer is no evidence. Compare predict on the passage with "
            "words left out, see stance.evaluation.perturbation and "
            "stance.evaluation.injection.flip_rate, or ask ParagraphTypeClassifier.explain"
        )

    def _questions(self, passage: Passage) -> list[Question]:
        """One request for a passage, or one for each vote."""
        messages = self.prompt_.messages(
            passage, examples=self.examples_.of(passage), context=self.context
        )
        body: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "label", "strict": True, "schema": self.prompt_.schema},
            },
        }
        given = {"temperature": self.temperature, "max_tokens": self.max_tokens}
        body |= {name: value for name, value in given.items() if value is not None}
        if self.probabilities == "logprobs":
            body |= {"logprobs": True, "top_logprobs": _TOP_LOGPROBS}
        body |= dict(self.more or {})
        bodies = [body]
        if self.probabilities == "votes":
            first = (self.random_state or 0) * self.n_samples
            bodies = [body | {"seed": first + i} for i in range(self.n_samples)]
        return [question(one, labels=self.prompt_.labels, url=self._inquiry.url) for one in bodies]

    def _opened(self) -> Inquiry:
        folder = None if self.cache is None else Path(self.cache)
        if self.cache == "default":
            from stance.corpora.shelf import cache_folder

            folder = cache_folder() / "llm"
        return Inquiry(
            checked_url(self.base_url),
            self.key_variable,
            TimeLimits(self.connect_timeout, self.read_timeout, self.timeout),
            Patience(self.retries, self.first_wait, self.longest_wait, self.random_state or 0),
            self.n_at_once,
            folder,
            Usage(prompt_price=self.prompt_price, completion_price=self.completion_price),
        )

    def _row(self, outcomes: Sequence[Outcome]) -> Floats:
        """Probabilities from the answers to one passage; zeros where there is none."""
        row = np.zeros(len(self.classes_))
        answers = [one.answer for one in outcomes if one.answer is not None]
        for answer in answers:
            odds = answer.odds if self.probabilities == "logprobs" else None
            shares = odds or {answer.label: 1.0}
            row += [shares.get(label, 0.0) for label in self.prompt_.labels]
        return row / len(answers) if answers else row

    def _told(self, n_failed: int, n: int) -> str:
        reasons = ", ".join(
            f"{times} {reason}" for reason, times in sorted(self.usage_.failures.items())
        )
        return (
            f"{n_failed} of {n} passages got no label and count as wrong; since fit, requests "
            f"without an answer: {reasons}"
        )

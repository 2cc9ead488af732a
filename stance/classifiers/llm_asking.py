"""Asking: many questions at a time, each tried with patience, every answer kept as it arrives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from random import Random
from threading import Event, Lock
from typing import Any

from stance.classifiers.llm_answer import AnswerError, Tokens, answer_of, document, tokens_of
from stance.classifiers.llm_cache import AnswerCache
from stance.classifiers.llm_codebook import version
from stance.classifiers.llm_endpoint import Endpoint, EndpointError, PassingError, Reply
from stance.classifiers.llm_usage import REFUSED, Outcome

_FORM = "response_format"


@dataclass(frozen=True, slots=True)
class Question:
    """A request for a label.

    Parameters
    ----------
    body : mapping
        The request, with a JSON schema as ``response_format``.
    labels : tuple of str
        What may be answered.
    key : str
        Digest of endpoint, request and codebook: 64 hexadecimal digits.
    """

    body: Mapping[str, Any]
    labels: tuple[str, ...]
    key: str


def question(body: Mapping[str, Any], *, labels: Sequence[str], url: str) -> Question:
    """A request under the digest of all that its answer depends on."""
    text = json.dumps([url, body, version()], sort_keys=True)
    return Question(body, tuple(labels), hashlib.sha256(text.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and when to try again.

    Parameters
    ----------
    retries : int
        After a failure of the server; an answer that does not count is asked for once more.
    first_wait, longest_wait : float
        Seconds before the first retry, doubled for each further one, up to the longest, and
        lessened by up to a half at random. Where the server says how long, that long, up to the
        longest.
    seed : int
    """

    retries: int = 4
    first_wait: float = 1.0
    longest_wait: float = 60.0
    seed: int = 0

    def wait(self, key: str, attempt: int, asked: float | None) -> float:
        """Seconds between an attempt, counted from 0, and the next.

        Examples
        --------
        >>> Patience().wait("ab", 0, 20.0), Patience(longest_wait=5.0).wait("ab", 0, 20.0)
        (20.0, 5.0)
        """
        if asked is not None:
            return min(asked, self.longest_wait)
        # By key, not from one stream: the order in which threads come by must not matter.
        share = Random(f"{self.seed} {key} {attempt}").uniform(0.5, 1.0)
        return share * min(self.first_wait * 2.0**attempt, self.longest_wait)


class Asker:
    """What asks one endpoint.

    The form of answers (a schema, any JSON, plain text) is the strictest that the endpoint takes:
    where it refuses one with status 400 or 422 and takes the next, that is remembered.

    Parameters
    ----------
    endpoint : Endpoint
    patience : Patience
    cache : AnswerCache or None
    n_at_once : int
        Requests that are out at the same time, at most.
    form : int
        The form to begin with: 0 a schema, 1 any JSON, 2 plain text.
    pause : callable, optional
        How to wait some seconds; by default, so that an interrupt ends it.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        patience: Patience,
        cache: AnswerCache | None,
        n_at_once: int,
        form: int = 0,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._patience = patience
        self._cache = cache
        self._n_at_once = n_at_once
        self._stopped = Event()
        self._pause = pause or self._stopped.wait
        self._lock = Lock()
        self.form = form
        self._is_reached = False
        self._error: EndpointError | None = None

    def ask_all(self, questions: Sequence[Question]) -> Generator[tuple[str, Outcome]]:
        """What comes of each question, by its key, as it comes.

        An interrupt ends the waiting; what is out then still goes into the cache where it arrives
        before the process ends.

        Raises
        ------
        EndpointError
            The endpoint cannot be reached or does not serve.
        """
        pool = ThreadPoolExecutor(self._n_at_once, thread_name_prefix="stance-llm")
        futures: dict[Future[Outcome], str] = {}
        try:
            futures.update((pool.submit(self.ask, one), one.key) for one in questions)
            for done in _as_they_come(futures):
                yield futures[done], done.result()
            pool.shutdown()
        except BaseException as error:
            self._stopped.set()
            # Whoever interrupts wants to go on at once; what is out ends by itself.
            pool.shutdown(wait=isinstance(error, Exception), cancel_futures=True)
            raise
        finally:
            self._close_after(futures)

    def _close_after(self, futures: Iterable[Future[Outcome]]) -> None:
        """Close the endpoint once nothing is out any more."""
        out = {one for one in futures if not one.done()}

        def ended(one: Future[Outcome]) -> None:
            with self._lock:
                out.discard(one)
                is_last = not out
            if is_last:
                self._endpoint.close()

        if not out:
            self._endpoint.close()
        for one in tuple(out):
            one.add_done_callback(ended)

    def ask(self, one: Question) -> Outcome:
        """What comes of one question, from the cache or after as many tries as it takes.

        Raises
        ------
        EndpointError
            As ``ask_all``, and for every question after it.
        """
        kept = self._cache.get(one.key, labels=one.labels) if self._cache else None
        if kept is not None:
            return Outcome(kept, is_cached=True)
        if self._error is not None:
            raise self._error
        try:
            outcome = self._tried(one)
        except EndpointError as error:
            # Whatever is still to be asked would end alike: not one request more.
            self._error = error
            self._stopped.set()
            raise
        if outcome.answer is not None and self._cache:
            self._cache.put(one.key, outcome.answer)
        return outcome

    def _tried(self, one: Question) -> Outcome:
        tokens, has_erred, n = Tokens(), False, 0
        while True:
            found, wait = self._once(one, attempt=n)
            n += 1
            tokens = tokens.plus(found.tokens)
            if wait is not None and n <= self._patience.retries:
                self._pause(wait)
            elif wait is None and _may_differ(found) and not has_erred:
                has_erred = True
            else:
                return replace(found, n_retries=n - 1, tokens=tokens)
            if self._stopped.is_set():
                return replace(found, n_retries=n - 1, tokens=tokens)

    def _once(self, one: Question, *, attempt: int) -> tuple[Outcome, float | None]:
        """What comes of one try, and the seconds to wait where another may go better."""
        tokens = Tokens()
        try:
            reply = self._reply(one.body)
            if reply.status != 200:
                said = self._endpoint.shown(reply.data)
                return Outcome(reason=f"status {reply.status}", said=said, is_outage=True), None
            response = document(reply.data)
            tokens = tokens_of(response)
            return Outcome(answer_of(response, one.labels), tokens=tokens), None
        except AnswerError as error:
            return Outcome(reason=error.reason, tokens=tokens), None
        except PassingError as failure:
            self._is_reached |= failure.is_answered
            if not self._is_reached:
                raise EndpointError(
                    f"{self._endpoint.url}: {failure}: is the server running, and base_url right?"
                ) from failure
            wait = self._patience.wait(one.key, attempt, failure.wait)
            return Outcome(reason=failure.reason, said=failure.said, is_outage=True), wait

    def _reply(self, body: Mapping[str, Any]) -> Reply:
        """The reply in the strictest form that the endpoint takes."""
        forms = _forms(body)
        begun = self.form
        for at in range(begun, len(forms)):
            reply = self._endpoint.post(_bytes(forms[at]))
            self._is_reached = True
            if reply.status not in (400, 422):
                break
        if reply.status == 200 and at > begun:
            with self._lock:
                self.form = max(self.form, at)
        return reply


def _as_they_come(futures: Collection[Future[Outcome]]) -> Generator[Future[Outcome]]:
    """Each future once it is done.

    An interrupt is heard within a fifth of a second even where it wakes nobody: it may come just
    before the thread goes to sleep, and on Windows it never ends a wait without a time limit.
    """
    done = SimpleQueue[Future[Outcome]]()
    for one in futures:
        one.add_done_callback(done.put)
    n_left = len(futures)
    while n_left:
        try:
            one = done.get(timeout=0.2)
        except Empty:
            continue
        n_left -= 1
        yield one


def _may_differ(found: Outcome) -> bool:
    """Whether it was the model that erred, and may not err again."""
    return found.answer is None and not found.is_outage and found.reason != REFUSED


def _forms(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    plain = {key: value for key, value in body.items() if key != _FORM}
    return [body, {**plain, _FORM: {"type": "json_object"}}, plain]


def _bytes(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()

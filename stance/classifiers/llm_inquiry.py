"""Inquiry: all that a fitted estimator has asked of one endpoint, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit
from warnings import warn

from stance.classifiers.llm_asking import Asker, Patience, Question
from stance.classifiers.llm_cache import AnswerCache
from stance.classifiers.llm_endpoint import LOOPBACK, Endpoint, EndpointError, TimeLimits, key_of
from stance.classifiers.llm_usage import Outcome, Usage


@dataclass(slots=True)
class Inquiry:
    """What came of each question, asked once.

    Parameters
    ----------
    url : str
        As ``stance.classifiers.llm_endpoint.checked_url`` gives it.
    key_variable : str
        Environment variable that holds the key; read when something is asked, and kept nowhere.
    limits : TimeLimits
    patience : Patience
    n_at_once : int
    folder : Path or None
        Of the answers on disk.
    usage : Usage
        So far.
    """

    url: str
    key_variable: str
    limits: TimeLimits
    patience: Patience
    n_at_once: int
    folder: Path | None
    usage: Usage
    _form: int = 0
    _outcomes: dict[str, Outcome] = field(default_factory=dict)

    def ask(self, questions: Sequence[Question]) -> dict[str, Outcome]:
        """What came of these questions, by key, after asking those that are new.

        Raises
        ------
        EndpointError
            The endpoint cannot be reached, wants another key, or fails every one of them.
        """
        todo = {one.key: one for one in questions if one.key not in self._outcomes}
        if todo:
            found = self._asked(list(todo.values()))
            outcomes = [found.get(one.key) or self._outcomes[one.key] for one in questions]
            if all(one.is_outage for one in outcomes):
                self._raise(outcomes)
            self._outcomes |= found
        return {one.key: self._outcomes[one.key] for one in questions}

    def _asked(self, questions: Sequence[Question]) -> dict[str, Outcome]:
        """What comes of new questions; answers are remembered whatever happens to the others."""
        found: dict[str, Outcome] = {}
        endpoint, begun = self._endpoint(), perf_counter()
        asker = Asker(
            endpoint,
            patience=self.patience,
            cache=AnswerCache(self.folder) if self.folder is not None else None,
            n_at_once=self.n_at_once,
            form=self._form,
        )
        try:
            with closing(asker.ask_all(questions)) as outcomes:
                for key, outcome in outcomes:
                    found[key] = outcome
                    self.usage = self.usage.plus(outcome)
        finally:
            self._form = asker.form
            self._outcomes |= {key: one for key, one in found.items() if one.answer is not None}
            self.usage = replace(
                self.usage,
                n_requests=self.usage.n_requests + endpoint.n_sent,
                seconds=self.usage.seconds + perf_counter() - begun,
            )
        return found

    def _endpoint(self) -> Endpoint:
        key, parts = key_of(self.key_variable), urlsplit(self.url)
        if key and parts.scheme == "http" and parts.hostname not in LOOPBACK:
            warn(
                f"the key in {self.key_variable} travels unencrypted to {parts.hostname}: use https"
                " where the network is not yours",
                UserWarning,
                stacklevel=6,
            )
        return Endpoint(self.url, key=key, limits=self.limits, n_connections=self.n_at_once)

    def _raise(self, outcomes: Sequence[Outcome]) -> None:
        first = outcomes[0]
        said = f" ({first.said})" if first.said else ""
        raise EndpointError(
            f"{self.url} failed all {len(outcomes)} requests, the first with {first.reason}{said}: "
            "this tells nothing of the model, and no label is given"
        )

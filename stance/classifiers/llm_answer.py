"""Answers: what a chat endpoint's response says, or why it says nothing that counts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stance.classifiers.llm_odds import label_odds

_CODE_BLOCK = re.compile(r"```(?:json)?\s*(\{.*\})\s*```", re.DOTALL)


class AnswerError(ValueError):
    """A response without an answer that counts.

    Parameters
    ----------
    reason : str
        ``broken``, ``too long``, ``no choice``, ``refused``, ``cut off``, ``no label`` or ``wrong
        label``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered about one passage.

    Parameters
    ----------
    label : str
    odds : mapping of str to float, or None
        Probability of each label by the endpoint's log-probabilities, summing to 1; None where it
        gave none, or none that tell labels apart.
    """

    label: str
    odds: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens that an endpoint counts, 0 where it does not tell."""

    prompt: int = 0
    completion: int = 0

    def plus(self, other: Tokens) -> Tokens:
        """Both together."""
        return Tokens(self.prompt + other.prompt, self.completion + other.completion)


def document(data: bytes) -> dict[str, Any]:
    """The body of a response.

    Raises
    ------
    AnswerError
        It is no JSON object.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise AnswerError("broken") from error
    if not isinstance(value, dict):
        raise AnswerError("broken")
    return value


def tokens_of(response: Mapping[str, Any]) -> Tokens:
    """What the response counts as used."""
    usage = response.get("usage")
    given = usage if isinstance(usage, dict) else {}
    return Tokens(_count(given.get("prompt_tokens")), _count(given.get("completion_tokens")))


def answer_of(response: Mapping[str, Any], labels: Sequence[str]) -> Answer:
    """The answer that a response holds.

    The first choice must hold a JSON object, alone or in a block of code, whose ``label`` is one of
    the labels; upper and lower case are the same where that leaves no doubt.

    Parameters
    ----------
    response : mapping
    labels : sequence of str
        What may be answered.

    Raises
    ------
    AnswerError
        It holds none.

    Examples
    --------
    >>> message = {"role": "assistant", "content": '{"label": "quote"}'}
    >>> answer_of({"choices": [{"message": message}]}, ["quote", "report"]).label
    'quote'
    """
    choice = _choice(response)
    message = choice.get("message")
    if not isinstance(message, dict):
        raise AnswerError("no choice")
    if message.get("refusal") or choice.get("finish_reason") == "content_filter":
        raise AnswerError("refused")
    content = message.get("content")
    if choice.get("finish_reason") == "length":
        raise AnswerError("cut off")
    if not isinstance(content, str):
        raise AnswerError("no label")
    label = _label(content, labels)
    given = choice.get("logprobs")
    tokens = given.get("content") if isinstance(given, dict) else None
    return Answer(label, label_odds(tokens, labels=labels) if tokens else None)


def _choice(response: Mapping[str, Any]) -> dict[str, Any]:
    choices = response.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise AnswerError("no choice")
    return choices[0]


def _label(content: str, labels: Sequence[str]) -> str:
    text = content.strip()
    block = _CODE_BLOCK.fullmatch(text)
    try:
        value = json.loads(block[1] if block else text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise AnswerError("no label") from error
    if not isinstance(value, dict) or "label" not in value:
        raise AnswerError("no label")
    given = value["label"]
    name = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if not isinstance(name, str):
        raise AnswerError("wrong label")
    if name in labels:
        return name
    alike = [label for label in labels if label.casefold() == name.strip().casefold()]
    if len(alike) != 1:
        raise AnswerError("wrong label")
    return alike[0]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; refused where a key is given twice, for either could be meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0

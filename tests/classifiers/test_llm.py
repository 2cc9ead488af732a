"""LLMClassifier against a real server that misbehaves: what a user notices of each mishap."""

from __future__ import annotations

import json
import pickle
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import accuracy_score

from stance.classifiers.llm import NO_ANSWER, LLMClassifier, UnansweredWarning
from stance.classifiers.llm_endpoint import EndpointError
from stance.extras import ExtraMissingError
from stance.passage import Passage

from .llm_server import ChatServer, Reaction, chat_server, fails, labels, says, sensible

KEY = "sk-Very-Secret-0123456789"
TYPES = ["analysis", "disclaimer", "quote", "report"]
TEXTS = [
    "“It held,” she said.",
    "The road was closed at noon.",
    "The town may well regret it.",
    "This article was translated.",
    "He told reporters nothing new.",
    "Two beams fell.",
]
RIGHT = ["quote", "report", "analysis", "disclaimer", "quote", "report"]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as one:
        yield one


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STANCE_LLM_KEY", raising=False)


def asking(server: ChatServer, folder: Path | None = None, **more: Any) -> LLMClassifier:
    """A zero-shot classifier that does not wait long."""
    settings: dict[str, Any] = {
        "base_url": server.url,
        "model": "small",
        "cache": folder,
        "first_wait": 0.001,
        "longest_wait": 0.02,
        "n_at_once": 2,
    }
    classifier = LLMClassifier(**settings | more)
    return classifier if classifier.shots else classifier.fit(None, TYPES)


class OneGoesWrong:
    """Answers well, but for the passage with the road: that gets these reactions, one by one."""

    def __init__(self, *reactions: Reaction, word: str = "road") -> None:
        self.reactions = list(reactions)
        self.word = word
        self.n_asked = 0

    def __call__(self, body: dict[str, Any]) -> Reaction:
        if self.word not in body["messages"][-1]["content"]:
            return sensible(body)
        self.n_asked += 1
        if not self.reactions:
            return sensible(body)
        return self.reactions.pop(0) if len(self.reactions) > 1 else self.reactions[0]


class OnceWrong(OneGoesWrong):
    """The same, and well again after the last reaction."""

    def __call__(self, body: dict[str, Any]) -> Reaction:
        is_asked = self.word in body["messages"][-1]["content"]
        self.n_asked += is_asked
        return self.reactions.pop(0) if is_asked and self.reactions else sensible(body)


def unanswered(classifier: LLMClassifier, reason: str) -> list[str]:
    """Predictions, of which the one with the road has failed, and the rest has not."""
    with pytest.warns(UnansweredWarning, match=f"1 of 6 passages got no label .*: 1 {reason}"):
        found: list[str] = classifier.predict(TEXTS).tolist()
    assert found == [label if i != 1 else NO_ANSWER for i, label in enumerate(RIGHT)]
    return found


# What is asked and answered


def test_every_passage_is_one_request_and_order_is_kept(server: ChatServer) -> None:
    classifier = asking(server)
    assert classifier.predict(TEXTS).tolist() == RIGHT
    assert sorted(server.texts) == sorted(TEXTS)
    proba = classifier.predict_proba(TEXTS)
    assert proba.tolist() == [[float(label == one) for one in TYPES] for label in RIGHT]
    assert len(server.bodies) == 6  # what it knows, it does not ask again


def test_request_is_what_the_protocol_says(server: ChatServer) -> None:
    asking(server, more={"reasoning_effort": "low"}).predict(TEXTS[:1])
    (body,) = server.bodies
    schema = body["response_format"]["json_schema"]
    assert body["response_format"]["type"] == "json_schema" and schema["strict"] is True
    codebook_order = ["disclaimer", "quote", "analysis", "report"]
    assert schema["schema"]["properties"]["label"]["enum"] == codebook_order
    assert schema["schema"]["additionalProperties"] is False
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("small", 0.0, 100)
    assert body["reasoning_effort"] == "low" and "logprobs" not in body
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "authorization" not in server.headers[0]


def test_usage_counts_tokens_and_money(server: ChatServer) -> None:
    classifier = asking(server, prompt_price=2.0, completion_price=10.0)
    classifier.predict(TEXTS)
    usage = classifier.usage_
    assert (usage.n_answered, usage.n_requests, usage.n_retries, usage.n_cached) == (6, 6, 0, 0)
    assert (usage.prompt_tokens, usage.completion_tokens) == (600, 42)
    assert usage.cost == pytest.approx((600 * 2 + 42 * 10) / 1e6)
    assert 0 < usage.seconds < 30 and usage.failures == {}
    assert asking(server).usage_.cost is None
    assert clone(classifier).fit(None, TYPES).usage_.n_requests == 0


# What goes wrong and gets well


@pytest.mark.parametrize(
    "reactions",
    [
        [fails(429, Retry_After="1")],  # more than the longest wait: that is what is waited
        [fails(500), fails(500)],
        [fails(503, Retry_After="Fri, 31 Dec 1999 23:59:59 GMT")],
        [Reaction(cuts=True)],
    ],
)
def test_what_passes_is_tried_again(server: ChatServer, reactions: list[Reaction]) -> None:
    n = len(reactions)
    server.behave = OnceWrong(*reactions)
    classifier = asking(server)
    assert classifier.predict(TEXTS).tolist() == RIGHT
    assert (classifier.usage_.n_retries, classifier.usage_.n_requests) == (n, 6 + n)
    assert classifier.usage_.n_failed == 0


@pytest.mark.parametrize("answer", [says("report, I think"), labels("poem"), says(None)])
def test_an_answer_that_does_not_count_is_asked_for_once_more(
    server: ChatServer, answer: Reaction
) -> None:
    server.behave = behaviour = OnceWrong(answer)
    assert asking(server).predict(TEXTS).tolist() == RIGHT
    assert behaviour.n_asked == 2


@pytest.mark.parametrize(
    "content",
    [
        '{"label": "Report"}',
        ' {"label": "report", "why": "it tells"}\n',
        '```json\n{"label": "report"}\n```',
        '{"label": " REPORT "}',
    ],
)
def test_a_label_in_other_dress_counts(server: ChatServer, content: str) -> None:
    server.behave = OneGoesWrong(says(content))
    assert asking(server).predict(TEXTS).tolist() == RIGHT


# What goes wrong and stays so: wrong, and the others keep their labels


@pytest.mark.parametrize(
    ("reaction", "reason", "n_asked"),
    [
        (fails(500), "status 500", 3),
        (fails(400, "too many tokens"), "status 400", 3),  # in each of three forms
        (Reaction(cuts=True), "broken off", 3),
        (Reaction(b"<html>Bad gateway"), "broken", 2),
        (Reaction(b"[" * 100_000), "broken", 2),
        (Reaction(b'{"choices": []}'), "no choice", 2),
        (Reaction(b'{"choices": [{"index": 0}]}'), "no choice", 2),
        (says('{"label": "report"'), "no label", 2),
        (says('{"label": "report", "label": "quote"}'), "no label", 2),
        (says('["report"]'), "no label", 2),
        (says('Sure! {"label": "report"}'), "no label", 2),
        (labels("poem"), "wrong label", 2),
        (labels(True), "wrong label", 2),
        (labels(["report"]), "wrong label", 2),
        (says('{"label": "rep', finish_reason="length"), "cut off", 2),
        (Reaction(b" " * 5_000_000), "too long", 2),
    ],
)
def test_what_stays_wrong_counts_as_wrong(
    server: ChatServer, reaction: Reaction, reason: str, n_asked: int
) -> None:
    server.behave = behaviour = OneGoesWrong(reaction)
    classifier = asking(server, retries=2)
    found = unanswered(classifier, reason)
    assert behaviour.n_asked == n_asked
    assert accuracy_score(RIGHT, found) == pytest.approx(5 / 6)
    assert classifier.usage_.failures == {reason: 1}
    with pytest.warns(UnansweredWarning):
        assert classifier.predict_proba(TEXTS).sum(axis=1).tolist() == [1, 0, 1, 1, 1, 1]
    assert behaviour.n_asked == n_asked  # and is the same each time it is looked at


@pytest.mark.parametrize(
    "refusal",
    [
        says(None, message={"refusal": "I cannot help with that."}),
        says(None, finish_reason="content_filter"),
    ],
)
def test_refusals_are_counted_and_not_argued_with(server: ChatServer, refusal: Reaction) -> None:
    server.behave = behaviour = OneGoesWrong(refusal)
    classifier = asking(server)
    unanswered(classifier, "refused")
    assert (classifier.usage_.n_refused, behaviour.n_asked) == (1, 1)


def test_a_server_that_is_too_slow_is_not_waited_for(server: ChatServer) -> None:
    server.behave = OneGoesWrong(Reaction(holds=True))
    classifier = asking(server, retries=1, read_timeout=0.3)
    unanswered(classifier, "timeout")
    assert classifier.usage_.n_retries == 1


def test_a_server_that_drips_is_not_waited_for_either(server: ChatServer) -> None:
    server.behave = OneGoesWrong(Reaction(b" " * 1000, drips=True))
    classifier = asking(server, retries=0, timeout=0.3)
    unanswered(classifier, "timeout")
    assert classifier.usage_.seconds < 5  # the whole of it would take twenty


def test_numbers_get_a_number_that_is_no_class(server: ChatServer) -> None:
    server.behave = lambda body: (
        fails(500) if "road" in body["messages"][-1]["content"] else labels(5)
    )
    classifier = asking(server, retries=0, definitions={"5": "speech", "3": "no speech"})
    classifier.fit(None, [5, 3])
    with pytest.warns(UnansweredWarning):
        found = classifier.predict(TEXTS[:2])
    assert found.tolist() == [5, 2] and classifier.no_answer_ == 2 and found.dtype.kind == "i"


# An endpoint that serves nobody


def test_no_server_is_told_at_once() -> None:
    with chat_server() as gone:
        pass
    classifier = asking(gone, retries=50, longest_wait=60.0)
    with pytest.raises(EndpointError, match=r"no connection .*: is the server running, and base_"):
        classifier.predict(TEXTS)


def test_a_server_that_fails_everything_says_nothing_of_the_model(server: ChatServer) -> None:
    server.behave = lambda _: fails(500, "out of memory")
    classifier = asking(server, retries=1)
    message = r"failed all 6 requests, the first with status 500 .*out of memory.*nothing of the"
    with pytest.raises(EndpointError, match=message):
        classifier.predict(TEXTS)
    server.behave = sensible  # and what has failed so is asked again
    assert classifier.predict(TEXTS).tolist() == RIGHT


@pytest.mark.parametrize(
    ("status", "hint"),
    [(401, "is the environment variable"), (404, "is base_url right"), (405, "is base_url right")],
)
def test_wrong_key_or_address_is_told_at_once(server: ChatServer, status: int, hint: str) -> None:
    server.behave = lambda _: fails(status, f"no, not {KEY}")
    with pytest.raises(EndpointError, match=f"answers {status} .*{hint}"):
        asking(server, n_at_once=1).predict(TEXTS)
    assert len(server.bodies) == 1


def test_a_redirect_is_not_followed(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCE_LLM_KEY", KEY)
    with chat_server() as other:
        to = f"{other.url}/chat/completions"
        for status in (301, 307, 308):
            server.behave = lambda _, status=status: fails(status, Location=to)
            with pytest.raises(EndpointError, match=rf"answers {status}, go to .*not followed"):
                asking(server).predict(TEXTS[:1])
        assert other.bodies == []


# Forms of an answer


def refuses(*types: str | None) -> Any:
    """A server that takes none of these forms of an answer."""

    def behave(body: dict[str, Any]) -> Reaction:
        form = body.get("response_format", {}).get("type")
        if form in types:
            return fails(400, f"response_format {form} is not supported")
        return labels(kind_in(body))

    def kind_in(body: dict[str, Any]) -> str:
        return str(json.loads(sensible(body).data)["choices"][0]["message"]["content"][11:-2])

    return behave


@pytest.mark.parametrize(
    ("refused", "then"),
    [(("json_schema",), "json_object"), (("json_schema", "json_object"), None)],
)
def test_a_server_without_schemas_is_asked_for_less_and_that_is_remembered(
    server: ChatServer, refused: tuple[str, ...], then: str | None
) -> None:
    server.behave = refuses(*refused)
    classifier = asking(server, n_at_once=1)
    assert classifier.predict(TEXTS).tolist() == RIGHT
    forms = [body.get("response_format", {}).get("type") for body in server.bodies]
    assert forms == [*refused, *[then] * 6]
    assert classifier.usage_.n_requests == len(forms)
    assert classifier.predict(["Rain."]).tolist() == ["report"]
    assert server.bodies[-1].get("response_format", {}).get("type") == then
    assert len(server.bodies) == len(forms) + 1


# Probabilities


def test_logprobs_tell_the_odds(server: ChatServer) -> None:
    def behave(body: dict[str, Any]) -> Reaction:
        assert body["logprobs"] is True and body["top_logprobs"] == 5
        rivals = [("quote", 0.6), ("report", 0.3), ("poem", 0.1)]
        top = [{"token": t, "logprob": float(np.log(p))} for t, p in rivals]
        tokens = [
            {"token": '{"label":"', "logprob": 0.0, "top_logprobs": []},
            {**top[0], "top_logprobs": top},
            {"token": '"}', "logprob": 0.0, "top_logprobs": []},
        ]
        return labels("quote", logprobs={"content": tokens})

    server.behave = behave
    proba = asking(server, probabilities="logprobs").predict_proba(["“Yes,” she said."])
    assert proba == pytest.approx(np.array([[0, 0, 2 / 3, 1 / 3]]))


@pytest.mark.parametrize("given", [None, {}, {"content": []}, {"content": [{"token": 3}]}, [1]])
def test_without_logprobs_it_is_the_answer_alone(server: ChatServer, given: Any) -> None:
    server.behave = lambda _: labels("quote", logprobs=given)
    proba = asking(server, probabilities="logprobs").predict_proba(["Rain."])
    assert proba.tolist() == [[0, 0, 1, 0]]


def test_votes_are_counted(server: ChatServer) -> None:
    names = ["quote", "report", "quote", "quote"]
    server.behave = lambda body: labels(names[body["seed"] % 4])
    classifier = asking(server, probabilities="votes", n_samples=4, temperature=0.8)
    assert classifier.predict_proba(["Rain."]).tolist() == [[0, 0, 0.75, 0.25]]
    assert [body["temperature"] for body in server.bodies] == [0.8] * 4
    assert sorted(body["seed"] for body in server.bodies) == [0, 1, 2, 3]


# Few-shot


def test_examples_are_balanced_and_never_of_the_article(server: ChatServer, data: Any) -> None:
    classifier = asking(server, shots=2).fit(data.passages, data.labels)
    classifier.predict(data.passages)
    home: dict[str, set[str]] = {}
    for passage in data.passages:
        home.setdefault(passage.text, set()).add(passage.group)
    groups = {(p.text, p.headline): p.group for p in data.passages}
    for body in server.bodies:
        _, *examples, last = [json.loads(m["content"].split("\n")[1]) if m["role"] == "user"
                              else m["content"] for m in body["messages"]]  # fmt: skip
        asked, told = examples[::2], [json.loads(one)["label"] for one in examples[1::2]]
        counts = Counter(told)
        assert {counts[label] for label in ("report", "quote", "analysis")} == {2}
        mine = groups[last["text"], last["headline"]]
        assert mine not in {groups[one["text"], one["headline"]] for one in asked}
        assert last["text"] not in {one["text"] for one in asked}


def test_examples_depend_on_the_seed_alone(server: ChatServer, data: Any) -> None:
    def shown(seed: int) -> list[Any]:
        classifier = asking(server, shots=3, random_state=seed).fit(data.passages, data.labels)
        return classifier.examples_.of(Passage("New."))

    assert shown(1) == shown(1) != shown(2)


# Cache, interrupts, threads


def test_an_answer_is_asked_for_once(server: ChatServer, tmp_path: Path) -> None:
    first = asking(server, tmp_path)
    first.predict([*TEXTS, TEXTS[0]])
    assert len(server.bodies) == 6  # equal passages are one question
    again = asking(server, tmp_path)
    assert again.predict(TEXTS).tolist() == RIGHT
    assert (len(server.bodies), again.usage_.n_cached, again.usage_.n_requests) == (6, 6, 0)
    for change in ({"model": "large"}, {"temperature": 0.1}, {"definitions": {"quote": "speech"}}):
        n = len(server.bodies)
        asking(server, tmp_path, **change).predict(TEXTS[:1])
        assert len(server.bodies) == n + 1, change
    none = asking(server, cache=None)
    none.predict(TEXTS[:1])
    assert none.usage_.n_cached == 0


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"\xff", b"[]", b'{"version": 1}', b'{"version": 2, "label": "quote", "odds": {}}',
     b'{"version": 1, "label": "poem", "odds": null}', b"[" * 100_000,
     b'{"version": 1, "label": "quote", "odds": {"quote": 7}}'],
)  # fmt: skip
def test_a_damaged_entry_counts_as_none_and_is_mended(
    server: ChatServer, tmp_path: Path, damage: bytes
) -> None:
    asking(server, tmp_path).predict(TEXTS[:1])
    (entry,) = tmp_path.rglob("*.json")
    whole = entry.read_bytes()
    entry.write_bytes(damage)
    assert asking(server, tmp_path).predict(TEXTS[:1]).tolist() == ["quote"]
    assert len(server.bodies) == 2 and entry.read_bytes() == whole


def test_a_folder_that_cannot_be_written_costs_no_answer(
    server: ChatServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    classifier = asking(server, tmp_path / "file")
    assert classifier.predict(TEXTS[:1]).tolist() == ["quote"]
    assert "answer not kept" in caplog.text


def test_failures_are_not_kept_on_disk(server: ChatServer, tmp_path: Path) -> None:
    server.behave = OneGoesWrong(labels("poem"))
    unanswered(asking(server, tmp_path), "wrong label")
    server.behave = sensible
    again = asking(server, tmp_path)
    assert again.predict(TEXTS).tolist() == RIGHT
    assert (again.usage_.n_cached, again.usage_.n_requests) == (5, 1)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C raises, even where the tests were started in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_loses_nothing_that_was_answered(server: ChatServer, tmp_path: Path) -> None:
    def interrupted(body: dict[str, Any]) -> Reaction:
        if len(server.bodies) == 4:
            # Ctrl-C with a request under way, at its worst: no system call of the waiting thread
            # ends by it.
            signal.raise_signal(signal.SIGINT)
            return Reaction(holds=True)
        return sensible(body)

    server.behave = interrupted
    stopped = asking(server, tmp_path, n_at_once=1)
    with pytest.raises(KeyboardInterrupt):
        stopped.predict(TEXTS)
    assert stopped.usage_.n_answered <= 3 and stopped.usage_.n_requests == 4
    server.behave = sensible
    again = asking(server, tmp_path)
    assert again.predict(TEXTS).tolist() == RIGHT
    assert (again.usage_.n_cached, again.usage_.n_requests) == (3, 3)
    assert Counter(server.texts[:3]).keys().isdisjoint(server.texts[4:])


def test_no_more_requests_at_once_than_allowed(server: ChatServer) -> None:
    meeting = threading.Barrier(3)

    def behave(body: dict[str, Any]) -> Reaction:
        meeting.wait(5)  # three are here at the same time, or this raises
        return sensible(body)

    server.behave = behave
    classifier = asking(server, n_at_once=3)
    assert classifier.predict(TEXTS).tolist() == RIGHT
    assert server.n_most == 3


# The key


def test_the_key_is_sent_and_shown_nowhere(
    server: ChatServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    caplog.set_level("DEBUG")
    server.behave = OneGoesWrong(fails(400, f"the key {KEY} may not ask this"))
    classifier = asking(server, tmp_path, key_variable="MY_KEY")
    with pytest.warns(UnansweredWarning) as told:
        classifier.predict(TEXTS)
    assert {one["authorization"] for one in server.headers} == {f"Bearer {KEY}"}
    server.behave = lambda _: fails(500, f"{KEY}?")
    with pytest.raises(EndpointError) as failed:
        classifier.predict(["New."])
    assert "[key]?" in str(failed.value)
    server.behave = lambda _: fails(401, f"{KEY}!")
    with pytest.raises(EndpointError) as refused:
        classifier.predict(["Newer."])
    shown = [str(one.message) for one in told] + [str(failed.value), str(refused.value)]
    shown += [caplog.text, repr(classifier), classifier._repr_html_(), str(classifier.usage_)]
    shown += [json.dumps(classifier.get_params(), default=str)]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(KEY in one for one in shown)
    assert not any(KEY.encode() in one for one in [*files, pickle.dumps(classifier)])


def test_a_key_no_header_can_hold_is_told_without_it(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANCE_LLM_KEY", "se\ncret")
    with pytest.raises(ValueError, match=r"variable STANCE_LLM_KEY to hold a key .*not shown") as e:
        asking(server).predict(TEXTS)
    assert "cret" not in str(e.value)


def test_a_key_in_the_clear_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCE_LLM_KEY", KEY)
    classifier = LLMClassifier(
        base_url="http://nowhere.invalid/v1", model="m", retries=0, cache=None
    )
    with (
        pytest.warns(UserWarning, match=r"travels unencrypted to nowhere\.invalid"),
        pytest.raises(EndpointError, match="no connection"),
    ):
        classifier.fit(None, TYPES).predict(TEXTS)


# Mistakes of the user


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"base_url": "ftp://host/v1"}, "base_url: expected .*, with http or https, got 'ftp:"),
        ({"base_url": "localhost:8000"}, "with http or https, got 'localhost:8000'"),
        ({"base_url": "http://[::1"}, "base_url: expected an address"),
        ({"base_url": "https://me:pass@host/v1"}, "without name, password, .* key_variable"),
        ({"base_url": "https://host/v1?key=pass"}, "without name, password, query"),
        ({"model": " "}, "model = ' ', must be the name"),
        ({"task": "tone"}, "task = 'tone', must be one of"),
        ({"probabilities": "sure"}, "probabilities = 'sure', must be one of"),
        ({"shots": -1}, "shots = -1, must be a whole number >= 0"),
        ({"n_at_once": 0}, "n_at_once = 0, must be a whole number >= 1"),
        ({"timeout": 0}, "timeout = 0, must be > 0"),
        ({"first_wait": -1.0}, r"first_wait = -1\.0, must be >= 0"),
        ({"probabilities": "votes"}, "temperature = 0, must be > 0"),
        ({"more": {"messages": []}}, r"more: expected none of .*, got \['messages'\]"),
        ({"shots": 3}, "shots = 3: expected passages to choose from, got None"),
    ],
)
def test_wrong_settings_are_told(settings: dict[str, Any], message: str) -> None:
    given = {"base_url": "http://localhost:1/v1", "model": "m"} | settings
    with pytest.raises(ValueError, match=message) as told:
        LLMClassifier(**given).fit(None, TYPES)
    assert "pass" not in str(told.value).replace("password", "").replace("passages", "")


def test_the_label_of_those_without_one_is_taken() -> None:
    classifier = LLMClassifier(base_url="http://localhost:1/v1", model="m")
    with pytest.raises(ValueError, match="label 'no answer' stands for passages without one"):
        classifier.fit(None, ["quote", NO_ANSWER])


def test_explaining_is_refused_with_a_way_out(server: ChatServer) -> None:
    with pytest.raises(NotImplementedError, match=r"cannot explain.*perturbation"):
        asking(server).explain("Rain.")


def test_without_httpx_the_extra_is_named(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "httpx", None)
    assert LLMClassifier.lacking() == "the package httpx is not installed (extra llm)"
    assert LLMClassifier.versions() == {}
    with pytest.raises(ExtraMissingError, match=r"httpx .*pip install 'stance-lab\[llm\]'"):
        asking(server).predict(TEXTS)

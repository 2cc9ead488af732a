"""A chat model in an experiment: its config, its failures, its key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from stance.classifiers.llm_prompt import read_message
from stance.experiments.config import load_config
from stance.experiments.configs.source import ConfigError
from stance.experiments.run import RunError, run_config

from ..classifiers.llm_server import ChatServer, Reaction, chat_server, fails, labels
from .conftest import Corpus

KEY = "sk-Very-Secret-0123456789"
CONFIG = """\
question: Does a chat model tell the types of paragraphs apart?
corpus: {{name: harbour, task: type}}
models:
  - name: chat
    classifier: {{kind: llm, base_url: "{url}", model: small, retries: 0, n_at_once: 2}}
  - name: majority
    role: baseline
    classifier: {{kind: majority}}
baseline: majority
bootstrap: {{n_resamples: 200}}
"""
FIRST = {"She": "quote", "Perhaps": "analysis", "Monday": "report"}


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as one:
        yield one


def by_first_word(body: dict[str, Any]) -> Reaction:
    """The label that the first word tells; passages whose number ends with 7 are refused."""
    text = read_message(body["messages"][-1]["content"])["text"]
    return fails(400, "too long") if text.endswith("7") else labels(FIRST[text.split()[0]])


def written(project: Path, text: str) -> Path:
    path = project / "experiments" / "chat.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.usefixtures("plain_report")
def test_failures_count_as_wrong_in_a_report_that_has_no_key(
    server: ChatServer, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANCE_LLM_KEY", KEY)
    server.behave = by_first_word
    outcome = run_config(written(tmp_path, CONFIG.format(url=server.url)))
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    rows = corpus.splits["test"]
    is_failed = [row["text"].endswith("7") for row in rows]
    right = [FIRST[row["text"].split()[0]] == row["label"] for row in rows]
    n_right = sum(one and not failed for one, failed in zip(right, is_failed, strict=True))
    assert 0 < sum(is_failed) < len(rows)
    chat = outcome.result.cells[0]
    assert chat.metrics["accuracy"].value == pytest.approx(n_right / len(rows))
    table = pq.read_table(outcome.folder / "predictions.parquet").to_pylist()
    chats = [row for row in table if row["model"] == "chat"]
    assert [row["predicted"] in FIRST.values() for row in chats] == [not one for one in is_failed]
    assert {row["probability"] for row in chats} == {1.0, None}
    told = [note for note in outcome.result.notes if note.startswith("chat: UnansweredWarning")]
    assert f"{sum(is_failed)} of {len(rows)} passages got no label" in told[0]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5 and not [path for path in files if KEY.encode() in path.read_bytes()]


PRICES = "prompt_price: 2.0, completion_price: 10.0"


@pytest.mark.usefixtures("plain_report")
def test_what_a_chat_model_cost_stands_in_the_result(
    server: ChatServer, corpus: Corpus, tmp_path: Path
) -> None:
    server.behave = by_first_word
    config = CONFIG.format(url=server.url).replace("retries: 0", f"retries: 0, {PRICES}")
    outcome = run_config(written(tmp_path, config))
    (chat,) = outcome.result.usage  # the majority has nothing to say
    n_failed = sum(row["text"].endswith("7") for row in corpus.splits["test"])
    n = len(corpus.splits["test"]) - n_failed
    assert (chat.model, chat.seed) == ("chat", 0)
    assert chat.numbers == {
        "n_answered": n,
        "n_failed": n_failed,
        "n_refused": 0,
        "n_cached": 0,
        "n_requests": len(server.bodies),
        "n_retries": 0,
        "prompt_tokens": 100 * n,
        "completion_tokens": 7 * n,
        "cost": pytest.approx((100 * n * 2 + 7 * n * 10) / 1e6),
    }
    told = json.loads((outcome.folder / "results.json").read_text(encoding="utf-8"))["usage"]
    assert [(one["model"], one["numbers"]["prompt_tokens"]) for one in told] == [("chat", 100 * n)]


@pytest.mark.usefixtures("plain_report")
def test_cost_outlives_an_interruption(
    server: ChatServer, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    server.behave = by_first_word
    path = written(tmp_path, CONFIG.format(url=server.url).replace("retries: 0", PRICES))
    with monkeypatch.context() as patch:
        patch.setattr("stance.classifiers.baselines.MajorityClassifier.fit", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run_config(path)
    n_requests = len(server.bodies)
    (chat,) = run_config(path).result.usage
    assert len(server.bodies) == n_requests == chat.numbers["n_requests"]
    assert chat.numbers["cost"] > 0 and chat.numbers["n_cached"] == 0


def test_the_report_of_a_chat_model_has_its_usage(
    server: ChatServer, corpus: Corpus, tmp_path: Path
) -> None:
    server.behave = by_first_word
    config = CONFIG.format(url=server.url).replace("retries: 0", f"retries: 0, {PRICES}")
    folder = run_config(written(tmp_path, config)).folder
    n = sum(not row["text"].endswith("7") for row in corpus.splits["test"])
    text = (folder / "report.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.partition("## Usage")[2].splitlines() if "| chat |" in line]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == str(n) and f"{100 * n:,}" in cells and f"{7 * n}" in cells
    assert f"{(100 * n * 2 + 7 * n * 10) / 1e6:.3g}" in cells
    assert '<section id="usage">' in (folder / "report.html").read_text(encoding="utf-8")


def test_an_endpoint_that_is_gone_is_told_and_not_kept(corpus: Corpus, tmp_path: Path) -> None:
    with chat_server() as gone:
        pass
    config = CONFIG.format(url=gone.url).replace("  - name: majority\n    role: baseline\n", "")
    config = config.replace("    classifier: {kind: majority}\n", "").replace(
        ": majority", ": chat"
    )
    with pytest.raises(RunError, match=r"EndpointError: .*is the server running"):
        run_config(written(tmp_path, config))
    assert not list((tmp_path / ".cache").rglob("*.parquet"))


def test_a_config_without_endpoint_gets_one_message(corpus: Corpus, tmp_path: Path) -> None:
    text = CONFIG.format(url="x").replace('base_url: "x", ', "")
    with pytest.raises(ConfigError, match="base_url") as told:
        load_config(written(tmp_path, text))
    assert len(str(told.value).splitlines()) == 1
    assert "models[0].classifier.base_url" in str(told.value) and "given" in str(told.value)
    text = CONFIG.format(url="https://me:pw@host/v1")
    with pytest.raises(ConfigError, match="must be an http or https address without name"):
        load_config(written(tmp_path, text))


def test_schema_knows_the_parameters() -> None:
    from stance.experiments.configs.schema import config_schema

    kinds = config_schema()["$defs"]["ClassifierConfig"]["oneOf"]
    (chat,) = [one for one in kinds if '"llm"' in json.dumps(one["properties"]["kind"])]
    assert {"base_url", "model"} <= set(chat["required"]) and "key_variable" in chat["properties"]

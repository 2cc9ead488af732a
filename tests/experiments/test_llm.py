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

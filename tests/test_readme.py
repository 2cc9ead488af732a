"""What the README says, held to the code and to the committed reports."""

import json
import re
from pathlib import Path

import pytest

import stance

from .classifiers.llm_server import chat_server

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_two_commands_set_up_and_run():
    run, test = blocks("bash")
    assert run.strip().endswith("stance run experiments/type/sample.yaml")
    assert test.strip().endswith("pytest")


def test_ci_runs_the_second_command_word_for_word():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in script and "n == 2" in script


def test_python_example_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    passages = [f"“It held,” she said on day {i}." for i in range(6)]
    passages += [f"The dam in sector {i} is old." for i in range(6)]
    names = {"passages": passages, "types": ["quote"] * 6 + ["report"] * 6, "more": passages[:2]}
    (example,) = blocks("python")
    exec(example, names)
    assert names["article"].paragraphs and names["classifier"].classes_.tolist() == [
        "quote",
        "report",
    ]
    with chat_server() as server:  # in place of the one that the example expects on this machine
        chat = names["chat"].set_params(base_url=server.url).fit(passages, names["types"])
        assert chat.predict(names["more"]).tolist() == ["quote", "quote"]


def test_documented_keys_are_the_documents(monkeypatch):
    monkeypatch.chdir(ROOT)
    page = "data/sample/steppe-dispatch/brucellosis-cull.txt"
    document = json.loads(stance.label_article(page).to_json())
    described = README[README.index("prints one document") : README.index("## Use it from Python")]
    for key in [*document, *document["articles"][0], *document["articles"][0]["parts"][0]]:
        assert re.search(rf"[`.]{key}(\[\])?`", described), key


ROWS = re.findall(
    r"^\| ([^|]+) \| \**(0\.\d{3}) \[(0\.\d{3}), (0\.\d{3})\]\** \|.*\[`(reports/[^`]+)`\]",
    README,
    re.MULTILINE,
)


def test_numbers_are_shown():
    assert len(ROWS) >= 2


@pytest.mark.parametrize(("what", "value", "low", "high", "report"), ROWS)
def test_numbers_are_those_of_the_reports(what, value, low, high, report):
    head = json.loads((ROOT / report / "results.json").read_text(encoding="utf-8"))["headline"]
    assert [f"{head[key]:.3f}" for key in ("value", "low", "high")] == [value, low, high], what

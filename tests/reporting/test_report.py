from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from stance.experiments.result import Estimate, Mistake, Result
from stance.reporting.exports import FILES
from stance.reporting.report import write_report

CONFIG = "seed: 0\nclassifier:\n  kind: ngram-linear\n  note: '</code><b>'\n"
ENVIRONMENT: dict[str, object] = {"python": "3.11.2", "packages": {"numpy": "2.4.0"}, "cores": 2}


def written(result: Result, predictions: pa.Table, folder: Path) -> dict[str, bytes]:
    write_report(result, predictions, folder=folder, config=CONFIG, environment=ENVIRONMENT)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def files(
    result: Result, predictions: pa.Table, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    return written(result, predictions, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def page(files: dict[str, bytes]) -> str:
    return files["report.html"].decode()


class Seen(HTMLParser):
    """The elements, attributes and words of a page, as a browser would take them in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._is_css = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._is_css = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._is_css = False

    def handle_data(self, data: str) -> None:
        self.words += "" if self._is_css else data


def test_leaves_page_markdown_exports_and_four_figures_twice(files: dict[str, bytes]) -> None:
    names = ("confusion", "labels", "models", "reliability")
    figures = {f"figures/{name}.{ending}" for name in names for ending in ("svg", "png")}
    assert set(files) == {"report.html", "report.md"} | figures | set(FILES)


def test_bytes_are_the_same_each_time_and_wherever(
    result: Result, predictions: pa.Table, files: dict[str, bytes], tmp_path: Path
) -> None:
    import matplotlib

    with matplotlib.rc_context({"font.size": 23, "svg.fonttype": "none"}):  # a reader's own style
        assert written(result, predictions, tmp_path / "again") == files
        assert matplotlib.rcParams["font.size"] == 23


def shown(value: float | None) -> str:
    assert value is not None
    return f"{value:.3f}".replace("-", "−")


def test_every_number_of_the_result_is_on_the_page(result: Result, page: str) -> None:
    words = set(re.findall(r"[−+]?[\d.,]*\d", Seen(page).words))
    words |= {word.lstrip("+") for word in words}
    for cell in result.cells:
        estimates = list(cell.metrics.values())
        if cell.comparison is not None:
            estimates.append(cell.comparison.difference)
            p = cell.comparison.p_value
            assert (shown(p) if p >= 0.001 else "0.001") in words
        for estimate in estimates:
            ends = [e for e in (estimate.value, estimate.low, estimate.high) if e is not None]
            assert all(shown(end) in words for end in ends), estimate
        assert all(f"{n:,}" in words for row in cell.confusion for n in row)
        if cell.reliability is not None:
            pairs = (*cell.reliability.confidence, *cell.reliability.accuracy)
            assert all(shown(value) in words for value in pairs)
            assert all(f"{n:,}" in words for n in cell.reliability.n)
    for split in result.data:
        counts = (split.n_groups, split.n_passages, *split.labels.values())
        assert all(f"{n:,}" in words for n in counts)


def test_answer_comes_first_then_the_table(result: Result, page: str) -> None:
    places = [page.index(x) for x in (result.question, "<h1>", "<table>", "<nav", 'id="labels"')]
    assert places == sorted(places)
    assert f"<h1>{result.answer}</h1>" in page
    assert "84 articles, 2,004 paragraphs" in page


def test_confidence_orders_the_mistakes_and_withheld_text_stays_away(
    result: Result, predictions: pa.Table, tmp_path: Path
) -> None:
    mistakes = (
        Mistake("a#1", "quote", "report", 0.6, "Less sure."),
        Mistake("a#2", "quote", "report", 0.9, None),
        *(Mistake(f"b#{i}", "quote", "report", 0.5, "Left out.") for i in range(9)),
    )
    page = written(replace(result, mistakes=mistakes), predictions, tmp_path)[
        "report.html"
    ].decode()
    words = Seen(page).words
    assert words.index("a#2") < words.index("does not allow its text") < words.index("Less sure.")
    assert words.count("Left out.") == 8
    assert "The 10 most confident of the 11 mistakes" in words


def test_figures_are_described(files: dict[str, bytes], page: str) -> None:
    seen = Seen(page)
    charts = [attrs for tag, attrs in seen.tags if tag == "svg" and attrs.get("class") == "chart"]
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(charts) == 4
    assert len(ids) == len(set(ids))
    for attrs in charts:
        assert attrs["role"] == "img"
        assert set((attrs["aria-labelledby"] or "").split()) <= set(ids)
    assert "Analysis is most often mistaken for report (31 of 120)" in page
    for name in ("models", "labels", "confusion", "reliability"):
        root = ElementTree.fromstring(files[f"figures/{name}.svg"])
        desc = root.findtext("{http://www.w3.org/2000/svg}desc")
        assert desc is not None
        assert len(desc) > 60
    assert "analysis: 1 as disclaimer, 14 as quote, 74 as analysis, 31 as report" in page


def test_page_loads_and_runs_nothing(page: str) -> None:
    seen = Seen(page)
    policy = next(a["content"] for _, a in seen.tags if "http-equiv" in a)
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    for tag, attrs in seen.tags:
        assert tag not in {"script", "link", "iframe", "img", "image", "object", "embed", "base"}
        assert not {"src", "srcset", "style", "data", "action"} & set(attrs)
        assert not any(name.startswith("on") for name in attrs)
        if tag != "a":
            assert (attrs.get("href") or "#").startswith("#")
            assert (attrs.get("xlink:href") or "#").startswith("#")
    assert not re.search(r"@import|url\((?!#)", page)


def test_references_in_figures_lead_to_their_own_parts(page: str) -> None:
    ids = {attrs["id"] for _, attrs in Seen(page).tags if "id" in attrs}
    uses = re.findall(r'xlink:href="#([^"]+)"', page) + re.findall(r"url\(#([^)]+)\)", page)
    assert uses
    assert set(uses) <= ids


def test_hostile_words_come_out_as_words(
    result: Result, predictions: pa.Table, hostile: str, tmp_path: Path
) -> None:
    cell = replace(result.cells[0], model=hostile, labels=(hostile, *result.cells[0].labels[1:]))
    bad = replace(
        result,
        name=hostile,
        question=hostile,
        answer=hostile,
        headline=replace(result.headline, model=hostile),
        cells=(cell, *result.cells[1:]),
        mistakes=(Mistake(hostile, hostile, hostile, 0.9, hostile),),
        notes=(hostile,),
    )
    files = written(bad, predictions, tmp_path)
    page, markdown = files["report.html"].decode(), files["report.md"].decode()
    test_page_loads_and_runs_nothing(page)
    assert "<script" not in page
    assert Seen(page).words.count("</script><script>alert(1)</script> {{ 7*7 }} {% raw %}") > 5
    for name in ("models", "labels", "confusion", "reliability"):
        tags = {node.tag for node in ElementTree.fromstring(files[f"figures/{name}.svg"]).iter()}
        assert not any("script" in str(tag) or "foreign" in str(tag) for tag in tags)
    assert "<script" not in markdown
    assert "[a](javascript" not in markdown


def test_markdown_names_its_figures_and_repeats_the_table(files: dict[str, bytes]) -> None:
    text = files["report.md"].decode()
    links = re.findall(r"!\[[^\]]{40,}\]\((figures/\w+\.svg)\)", text)
    assert [link.removeprefix("figures/") for link in links] == [
        "models.svg",
        "labels.svg",
        "confusion.svg",
        "reliability.svg",
    ]
    assert set(links) <= set(files)
    assert "| **ngram-linear** (model) | 0.812 (0.788–0.836) |" in text
    assert "| +0.031 (+0.012 to +0.050) | 0.012 |" in text
    assert f"```yaml\n{CONFIG}```" in text


def test_what_a_result_lacks_is_left_out_with_its_old_figure(
    result: Result, predictions: pa.Table, tmp_path: Path
) -> None:
    written(result, predictions, tmp_path)
    cell = replace(
        result.cells[0], reliability=None, comparison=None, metrics={"macro_f1": Estimate(0.8)}
    )
    files = written(replace(result, cells=(cell,), mistakes=(), notes=()), predictions, tmp_path)
    assert {name for name in files if name.endswith(".svg")} == {
        "figures/models.svg",
        "figures/confusion.svg",
    }
    page = files["report.html"].decode()
    assert "No mistakes are recorded." in page
    assert 'href="#calibration"' not in page


def test_duplicates_have_their_column(
    result: Result, predictions: pa.Table, tmp_path: Path
) -> None:
    first = result.cells[0]
    metrics = first.metrics | {"macro_f1/without_duplicates": Estimate(0.7654, 0.7, 0.8)}
    cells = (replace(first, metrics=metrics), *result.cells[1:])
    page = written(replace(result, cells=cells), predictions, tmp_path)["report.html"].decode()
    assert ">macro-F1 without duplicates</th>" in page
    assert "0.765" in page


def test_names_of_any_script_and_many_foreign_labels_are_drawn(
    result: Result, predictions: pa.Table, tmp_path: Path
) -> None:
    labels = tuple(f"étiquette $x${i}" for i in range(12))
    confusion = tuple(tuple(3 * (i == j) + 1 for j in range(12)) for i in range(12))
    metrics = {"macro_f1": Estimate(0.5), **{f"f1/{x}": Estimate(0.4, 0.3, 0.5) for x in labels}}
    first = replace(
        result.cells[0], model="模型 $a$", labels=labels, metrics=metrics, confusion=confusion
    )
    head = replace(result.headline, model="模型 $a$")
    files = written(replace(result, headline=head, cells=(first,)), predictions, tmp_path)
    assert "模型 $a$ is ahead of" in files["report.html"].decode()
    assert "étiquette $x$11" in files["figures/confusion.svg"].decode()


def test_headline_without_a_cell_is_told(
    result: Result, predictions: pa.Table, tmp_path: Path
) -> None:
    bad = replace(result, headline=replace(result.headline, model="ngram"))
    with pytest.raises(ValueError, match=r"type/context: expected a cell .*'ngram'.*ngram-linear"):
        written(bad, predictions, tmp_path)
    assert not list(tmp_path.iterdir())

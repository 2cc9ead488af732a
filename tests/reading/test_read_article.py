"""The front door: paths, bytes and characters become an Article, or one clear error."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.article import Article
from stance.reading import MAX_BYTES, PageError, read_article, read_text

PAGE = "Storm closes port\n\nThe port closed on Monday, and stayed shut."
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
FLOOR = 0.985  # 0.9950 when pinned


def test_a_file_gives_its_name_and_path(tmp_path: Path) -> None:
    path = tmp_path / "storm.txt"
    path.write_text(PAGE, encoding="utf-8")
    for page in (path, str(path)):
        article = read_article(page)
        assert (article.id, article.source) == ("storm", str(path))
        assert article.headline == "Storm closes port"


def test_characters_and_bytes_give_the_same_article() -> None:
    assert read_article(PAGE) == read_article(PAGE.encode()) == read_text(PAGE)
    assert read_article(PAGE.encode(), id="a", source="s").source == "s"


def test_the_id_is_the_same_for_the_same_text() -> None:
    assert read_text(PAGE).id == read_text(PAGE).id != read_text(PAGE + "!").id


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("no-such-page.txt", "no-such-page.txt: expected an article or .*; check the path"),
        (Path("no-such-page.txt"), "no-such-page.txt: expected a file to read, got: No such"),
        (Path("no\x00such"), "expected a file to read"),
        (Path(), "expected a file to read, got: Is a directory"),
        ("", "page: expected an article, got no text at all"),
        ("\u200b\u00ad\n\u2060", "page: expected an article, got no visible text"),
        ("x\n" * MAX_BYTES, "page: 20,000,000 characters, the limit is 10,000,000; split"),
        ("\x00\x01\x02", "page: expected text or HTML, got binary data"),
        (5, "page: expected the page's text, its bytes or a path, got int"),
    ],
)
def test_what_is_no_page_is_named(page: object, message: str) -> None:
    with pytest.raises(PageError, match=message):
        read_article(page)  # type: ignore[arg-type]


@given(st.text(st.characters(codec=None, exclude_categories=())) | st.binary())
def test_nothing_but_a_page_error_is_raised(page: str | bytes) -> None:
    try:
        article = read_article(page)
    except PageError:
        return
    assert isinstance(article, Article)


def _ends(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without its outer white space, which belongs to either neighbour."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def test_reads_the_sample_pages_as_they_are_labelled() -> None:
    n_right = n_parts = 0
    for path in sorted(SAMPLE.glob("*/*.json")):
        labels = json.loads(path.read_text(encoding="utf-8"))
        if labels["split"] == "test":
            continue
        text = path.with_suffix(".txt").read_bytes().decode("utf-8")
        found = {(*_ends(text, p.start, p.end), p.kind) for p in read_text(text)}
        for part in labels["parts"]:
            n_parts += 1
            n_right += (*_ends(text, part["start"], part["end"]), part["part"]) in found
    assert n_parts > 1000
    assert n_right / n_parts >= FLOOR


def test_reads_a_scraped_page_as_it_is_labelled() -> None:
    corpora = os.environ.get("STANCE_CORPORA")
    if not corpora:
        pytest.skip("STANCE_CORPORA is not set: the scraped page lies beside the corpora")
    folder = Path(corpora).parent / "articles"
    if not (folder / "al-tanf.txt").is_file():
        pytest.skip(f"{folder / 'al-tanf.txt'} is missing")
    labels = json.loads((folder / "al-tanf.labels.json").read_text(encoding="utf-8"))["parts"]
    article = read_article(folder / "al-tanf.txt")
    assert [(p.kind, p.reason) for p in article] == [(p["part"], p.get("reason")) for p in labels]
    assert all(p.text.startswith(q["begins"]) for p, q in zip(article, labels, strict=True))

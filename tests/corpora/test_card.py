"""Cards: what they must say, and how a slip in one is reported."""

from __future__ import annotations

import re

import pytest

from stance.corpora import card, catalogue
from stance.corpora.card_file import CardError, read_card

GOOD = """
name: harbour
title: Harbour
description: About a port.
annotation: Two people.
tasks:
  - name: stance
    unit: sentence
    language: en
    labels: [favor, against]
    faithfulness: exact
    metric: macro_f1
    label_map: {pro: favor}
    columns: {}
    variants:
      - {name: full, counts: {train: {favor: 2, against: 1}, test: {favor: 1}}}
licence: {name: MIT, may_train_shipped: true, may_show_text: true, may_redistribute: true}
citation: ""
access: {kind: packaged, upstream: here}
"""


@pytest.fixture
def write(tmp_path):
    def written(text):
        path = tmp_path / "harbour.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_good_card_is_read(write):
    harbour = read_card(write(GOOD))
    assert harbour.task().variants[0].splits == {"train": 3, "test": 1}
    assert harbour.licence.note == "" and harbour.traps == () and harbour.access.archive is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: Harbour\n", "", r"harbour.yaml: expected key 'title'"),
        ("title:", "titel:", r"harbour.yaml: key 'titel' is unknown: did you mean 'title'"),
        ("unit: sentence", "unit: word", r"tasks\[0\].unit: expected one of .*, got 'word'"),
        ("[favor, against]", "favor", r"tasks\[0\].labels: expected list, got 'favor'"),
        ("favor: 2", "favor: two", r"counts.train.favor: expected int, got 'two'"),
        ("favor: 2", "favour: 2", r"counts.train: expected labels out of .*, got \['favour'\]"),
        ("pro: favor", "pro: good", r"label_map: \['good'\] are not among labels"),
        ("pro: favor", "no: favor", r"label_map: key: expected str, got False"),
        ("may_show_text: true", "may_show_text: 1", r"may_show_text: expected bool, got 1"),
        ("name: harbour", "name: port", r"expected name 'harbour', the file's own, got 'port'"),
        ("name: harbour", "name: [", r"harbour.yaml: not YAML"),
        ("- {name: full, counts: {train: {favor: 2, against: 1}, test: {favor: 1}}}", "[]",
         r"tasks.stance.variants: expected at least one"),
    ],
)  # fmt: skip
def test_slips_are_reported_with_their_place(write, old, new, message):
    with pytest.raises(CardError, match=message):
        read_card(write(GOOD.replace(old, new, 1)))


def test_yaml_cannot_run_code(write):
    with pytest.raises(CardError, match="not YAML"):
        read_card(
            write(GOOD.replace("title: Harbour", "title: !!python/object/apply:os.getcwd []"))
        )


def test_unknown_task_names_the_closest():
    with pytest.raises(ValueError, match="corpus 'sample': task 'stanze' is unknown: did you mean"):
        card("sample").task("stanze")


@pytest.mark.parametrize("corpus", catalogue(), ids=lambda corpus: corpus.name)
def test_cards_are_complete(corpus):
    access = corpus.access
    for file in access.files:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256) and file.bytes > 0
        assert not file.path.startswith("/") and ".." not in file.path
    if access.kind == "download":
        assert re.fullmatch("[0-9a-f]{40}", access.commit)
        assert bool(access.files) != bool(access.archive)
        assert corpus.citation.startswith("@")
        for url in [file.url for file in access.files]:
            assert re.fullmatch(r"https://raw\.githubusercontent\.com/.*/[0-9a-f]{40}/.*", url)
    if access.archive:
        assert access.commit in access.archive.url and access.commit in access.archive.strip
        assert re.fullmatch("[0-9a-f]{64}", access.archive.tree_sha256)
    if access.kind == "agreement":
        assert access.note and not any(file.url for file in access.files)


def test_only_what_the_project_may_learn_from_is_allowed():
    allowed = {corpus.name for corpus in catalogue() if corpus.licence.may_train_shipped}
    assert allowed == {
        "newsdiscourse", "newsmtsc", "newssd_eng", "polnear", "sample", "wikinews_en",
    }  # fmt: skip


@pytest.mark.parametrize("corpus", catalogue(), ids=lambda corpus: corpus.name)
def test_published_results_name_tasks_of_the_corpus(corpus):
    names = {task.name for task in corpus.tasks}
    assert {result.task for result in corpus.results} <= names


ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)


def test_aliases_of_aliases_make_no_long_message(write):
    bomb = GOOD.replace(
        "title: Harbour\n", f"title:\n  {ALIASES.replace(chr(10), chr(10) + '  ')}\n"
    )
    with pytest.raises(
        CardError, match=r"harbour.yaml.title: expected str, got \{'a0': "
    ) as caught:
        read_card(write(bomb))
    assert len(str(caught.value)) < 2000


def test_what_is_no_text_and_what_is_not_there_is_told(write, tmp_path):
    path = write(GOOD)
    path.write_bytes(b"name: \xff\xfe")
    with pytest.raises(CardError, match=r"harbour.yaml: not YAML: 'utf-8' codec"):
        read_card(path)
    with pytest.raises(CardError, match=r"none.yaml: cannot be read: No such file"):
        read_card(tmp_path / "none.yaml")

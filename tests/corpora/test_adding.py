"""The worked example of how a corpus is added, tried as it stands in the package's docstring."""

from __future__ import annotations

import re
import textwrap

import pytest

import stance.corpora
from stance.corpora.card_file import read_card
from stance.passage import Passage


@pytest.fixture
def blocks():
    """The indented blocks after a double colon: the module, then the card."""
    found = re.findall(r"::\n\n((?:    .*\n|\n)+)", stance.corpora.__doc__)
    return [textwrap.dedent(block) for block in found]


def test_module_of_the_example_reads(blocks, tmp_path):
    for split in ("train", "test"):
        path = tmp_path / f"{split}.csv"
        path.write_text("number,sentence,article,side\n7,Build it.,a1,pro\n", encoding="utf-8")
    namespace = {}
    exec(compile(blocks[0], "harbour.py", "exec"), namespace)
    train, test = namespace["examples"](tmp_path, task="stance", variant="full")
    assert (train.split, test.split, train.id) == ("train", "test", "7")
    assert (train.label, train.native_label) == ("favor", "pro")
    assert train.passage == Passage("Build it.", target="extension", group="a1")


def test_card_of_the_example_is_complete(blocks, tmp_path):
    path = tmp_path / "harbour.yaml"
    path.write_text(blocks[1], encoding="utf-8")
    harbour = read_card(path)
    assert harbour.task().variants[0].splits == {"train": 1_000, "test": 200}
    assert [file.path for file in harbour.access.files] == ["train.csv", "test.csv"]

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from datasets import Dataset

from stance.labelling import Columns, Labeller, LabellingError, label_dataset
from stance.models import load

from .conftest import Label, paragraphs, rows_of


@pytest.fixture
def dataset() -> Dataset:
    rows = paragraphs(60)
    rows["text"][7] = None
    return Dataset.from_dict(rows | {"year": list(range(60))})


def test_dataset_keeps_its_rows_and_gets_columns(dataset: Dataset) -> None:
    labelled = label_dataset(dataset)
    added = ["type", "probability", *(f"probability_{name}" for name in load().classes)]
    assert labelled.column_names == [*dataset.column_names, *added, "voice", "via", "error"]
    assert labelled.select_columns(dataset.column_names).to_dict() == dataset.to_dict()
    assert [i for i, error in enumerate(labelled["error"][:]) if error] == [7]
    assert [i for i, kind in enumerate(labelled["type"][:]) if kind is None] == [7]
    assert labelled["voice"][7] is None


def test_labels_are_those_of_the_command(dataset: Dataset, label: Label, tmp_path: Path) -> None:
    dataset.to_parquet(tmp_path / "rows.parquet")
    rows = rows_of(label(tmp_path / "rows.parquet").labels)
    labelled = label_dataset(dataset).to_list()
    assert rows == [{name: labelled[r["row"]].get(name, r["row"]) for name in r} for r in rows]


def test_chosen_rows_and_other_columns(dataset: Dataset) -> None:
    chosen = dataset.select([9, 3]).rename_column("text", "body")
    labelled = label_dataset(chosen, columns=Columns(text="body"))
    assert labelled["id"][:] == ["p9", "p3"]
    assert None not in labelled["type"][:]


def test_labeller_in_a_map_gives_the_same(dataset: Dataset) -> None:
    labeller = Labeller(voices=False)
    whole = label_dataset(dataset, labeller=labeller)
    mapped = dataset.map(labeller, batched=True, batch_size=60)
    assert mapped.to_dict() == whole.to_dict()


def test_labeller_travels_light() -> None:
    assert len(pickle.dumps(Labeller())) < 300
    assert pickle.loads(pickle.dumps(Labeller(voices=False))) == Labeller(voices=False)
    assert Labeller().scorer is Labeller(voices=False).scorer


@pytest.mark.slow
def test_several_processes_give_the_same(dataset: Dataset) -> None:
    assert label_dataset(dataset, jobs=2).to_dict() == label_dataset(dataset).to_dict()
    labeller = Labeller()
    mapped = dataset.map(labeller, batched=True, num_proc=2, batch_size=30)
    assert mapped["type"][:30] == dataset.select(range(30)).map(labeller, batched=True)["type"][:]


def test_mistakes(dataset: Dataset) -> None:
    with pytest.raises(LabellingError, match=r"has the columns \['type'\] already: remove_columns"):
        label_dataset(dataset.add_column("type", ["x"] * 60))
    with pytest.raises(LabellingError, match="pages are for label_corpus"):
        label_dataset(dataset, labeller=Labeller(pages=True))
    with pytest.raises(LabellingError, match="with a column 'text'"):
        Labeller()({"body": ["A"]})
    with pytest.raises(LabellingError, match="has no rows"):
        label_dataset(dataset.select([]))
    with pytest.raises(LabellingError, match="jobs = 0"):
        label_dataset(dataset, jobs=0)

"""The headline model of a run, saved where its config asks, with a model card."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import Any

from stance.experiments.config import Config
from stance.experiments.configs.registry import build
from stance.experiments.result import Cell, Estimate, Result
from stance.experiments.runs.data import Data

_WIDTH = 100


def ship(config: Config, data: Data, result: Result, *, root: Path) -> Path | None:
    """Train the config's first model once more and save it; None where no folder is asked for.

    The model learns from the training splits alone, so the numbers of the report are its own.

    Parameters
    ----------
    config : Config
        ``save_model`` names the folder, below the project's root.
    data : Data
    result : Result
        What the model card quotes.
    root : Path
        The project's.
    """
    if config.save_model is None:
        return None
    from stance.classifiers.saving import save_model, write_whole

    split = config.split
    if split.kind != "official":
        raise ValueError(f"save_model needs an official split, got {split.kind!r}")
    fold, model = data.folds[0], config.models[0]
    classifier: Any = build(
        model.classifier.kind, model.classifier.parameters, seed=config.seeds[0]
    )
    classifier.fit(list(fold.train.passages), list(fold.train.labels))
    folder = root / config.save_model
    also = [str(name) for name in model.classifier.parameters.get("also", ())]
    about = {
        "trained_on": [f"{config.corpus.name} ({', '.join(split.train)})", *also],
        "n_passages": len(fold.train.passages) + sum(map(_n_training, also)),
        "report": f"reports/{config.name}",
        result.headline.metric: round(result.headline.value, 4),
    }
    save_model(classifier.compile(), folder, about=about)
    write_whole(folder / "README.md", card_text(config, result, about=about).encode())
    return folder


def card_text(config: Config, result: Result, *, about: dict[str, Any]) -> str:
    """The model card: what it is for, what it learnt from, how well it does, what it cannot do."""
    head, cell = result.headline, result.cells[0]
    labels = [
        f"| {label} | {shown(cell.metrics[f'precision/{label}'])} | "
        f"{shown(cell.metrics[f'recall/{label}'])} | {shown(cell.metrics[f'f1/{label}'])} |"
        for label in cell.labels
    ]
    paragraphs = [
        f"# {config.save_model and Path(config.save_model).name}",
        filled(
            f"{_task(config, cell)} in English news articles. Trained on "
            f"{'; '.join(about['trained_on'])}: {about['n_passages']:,} passages. Produced by "
            f"`stance run experiments/{config.name}.yaml`; the report is `reports/{config.name}/`."
        ),
        "## How well",
        filled(
            f"{head.split.capitalize()} split of {head.corpus}, {head.n_groups} articles, "
            f"{head.n_passages} paragraphs: {head.metric.replace('_', '-')} "
            f"{shown(cell.metrics[head.metric])}, 95 % interval by bootstrap over articles."
        ),
        "\n".join(["| label | precision | recall | F1 |", "|---|---|---|---|", *labels]),
        *_by_genre(result),
        *_elsewhere(config),
        "## What to know before using it",
        filled(
            "The sample corpus is fictional and was written and labelled by a language model: its "
            "labels are machine-made. Real pages are more varied, and a model trained on invented "
            "ones is expected to do worse on them; measure on labelled pages of your own before "
            "relying on a number. English only. The model holds hashes of words and n-grams, "
            "no text."
        ),
        "## Licence",
        "Apache-2.0, like the package and the sample corpus.",
    ]
    return "\n\n".join(paragraphs) + "\n"


def _task(config: Config, cell: Cell) -> str:
    names = ", ".join(cell.labels)
    if config.corpus.task == "stance":
        return f"Tells which side a passage is on toward a target ({names})"
    return f"Tells {names} paragraphs apart"


def _by_genre(result: Result) -> list[str]:
    """The headline's metric on each part of the test split, where the config asks for parts."""
    probes = result.probes
    slices = probes.slices if probes is not None else ()
    rows = [
        f"| {one.column} | {one.value} | {one.n_passages} | {shown(one.score)} |"
        for one in slices
        if one.column in ("genre", "outlet")
    ]
    header = [f"| part | value | passages | {result.headline.metric} |", "|---|---|---|---|"]
    return ["\n".join([*header, *rows])] if rows else []


def _elsewhere(config: Config) -> list[str]:
    """Where it stands how such a model does on corpora that it has not learnt from."""
    if config.corpus.task != "type":
        return []
    text = (
        "How such a model does on other corpora stands in `reports/type/transfer/`: on quotes "
        "of polnear, and on reports, quotes and analyses of newsdiscourse."
    )
    return [filled(text)]


def _n_training(name: str) -> int:
    from stance.corpora import load

    return len(load(name, split="train", task="stance"))


def shown(estimate: Estimate) -> str:
    """A number with its interval, as a model card has it."""
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.3f}"
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def filled(text: str) -> str:
    """A paragraph of a model card, in lines."""
    return fill(text, _WIDTH, break_on_hyphens=False)

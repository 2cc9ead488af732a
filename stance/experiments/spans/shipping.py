"""The first finder of a run, trained once more and saved where its config asks, with its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stance.experiments.configs.registry import build
from stance.experiments.result import Result
from stance.experiments.runs.shipping import filled, shown
from stance.experiments.spans.answers import SECTION
from stance.experiments.spans.config import SpanConfig
from stance.experiments.spans.data import SpanData, n_attributions

_TOLD = (
    ("content_f1", "contents, overlap above 0.3", "F1"),
    ("content_f1/over_0.8", "contents, overlap above 0.8", "F1"),
    ("content_f1/exact", "contents, same offsets", "F1"),
    ("direct_f1", "contents in quotation marks, overlap above 0.8", "F1"),
    ("cue_f1", "cues, same offsets", "F1"),
    ("source_head", "sources of contents found, same head word", "share"),
    ("source_exact", "sources of contents found, same offsets", "share"),
)


def ship(config: SpanConfig, data: SpanData, result: Result, *, root: Path) -> Path | None:
    """Train the config's first finder once more and save it; None where no folder is asked for.

    It learns from the training splits alone, so the numbers of the report are its own.

    Parameters
    ----------
    config : SpanConfig
        ``save_model`` names the folder, below the project's root.
    data : SpanData
    result : Result
        What the model card quotes.
    root : Path
        The project's.

    Raises
    ------
    ValueError
        The first model is a set of rules: there is nothing to save.
    """
    if config.save_model is None:
        return None
    from stance.classifiers.saving import save_model, write_whole

    own = config.models[0].finder
    finder: Any = build(own.kind, own.parameters, seed=config.seeds[0], section=SECTION)
    if not hasattr(finder, "fit"):
        raise ValueError(f"save_model: models[0] is {own.kind!r}, which learns nothing to save")
    finder.fit([list(one.texts) for one in data.train], [list(one.gold) for one in data.train])
    folder = root / config.save_model
    about = {
        "trained_on": [f"{config.corpus.name} ({', '.join(config.split.train)})"],
        "n_articles": len(data.train),
        "n_passages": data.n_learned,
        "n_attributions": n_attributions(data.train),
        "report": f"reports/{config.name}",
        result.headline.metric: round(result.headline.value, 4),
    }
    save_model(finder.compile(), folder, about=about)
    write_whole(folder / "README.md", card_text(config, result, about=about).encode())
    return folder


def card_text(config: SpanConfig, result: Result, *, about: dict[str, Any]) -> str:
    """The model card: what it is for, what it learnt from, how well it does, what it cannot do."""
    head, metrics = result.headline, result.cells[0].metrics
    rows = [
        f"| {words} | {kind} {shown(metrics[name])} |"
        for name, words, kind in _TOLD
        if name in metrics
    ]
    paragraphs = [
        f"# {config.save_model and Path(config.save_model).name}",
        filled(
            "Finds who says, believes or means what in English news: the content, the words that "
            f"attribute it, and the source. Trained on {'; '.join(about['trained_on'])}: "
            f"{about['n_attributions']:,} attributions in {about['n_articles']:,} articles. "
            f"Produced by `stance run experiments/{config.name}.yaml`; the report is "
            f"`reports/{config.name}/`."
        ),
        "## How well",
        filled(
            f"{head.split.capitalize()} split of {head.corpus}, {head.n_groups} articles, "
            f"{head.n_passages:,} paragraphs; 95 % intervals by bootstrap over articles."
        ),
        "\n".join(["| what | score |", "|---|---|", *rows]),
        "## What to know before using it",
        filled(
            "The corpus is political news of seven US publishers from one election campaign, "
            "and counts beliefs and intentions as attributions. Other topics, times and styles "
            "are expected to do worse; measure on labelled pages of your own before relying on a "
            "number. English only. The model holds hashes of words and numbers, no text."
        ),
        "## Licence",
        filled(
            "Apache-2.0, like the package. The corpus states no licence; its texts are the "
            "publishers' and are no part of the model."
        ),
    ]
    return "\n\n".join(paragraphs) + "\n"

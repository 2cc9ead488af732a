"""The model of a run, saved where its config asks, with its card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stance.experiments.encoders.answers import MODEL, training_folder
from stance.experiments.encoders.config import BASELINE, ENCODER, FLOAT, EncoderConfig
from stance.experiments.encoders.data import EncoderData, facts_of
from stance.experiments.encoders.findings import EncoderFindings
from stance.experiments.result import Cell, Result
from stance.experiments.runs.forecast import spelled_seconds
from stance.experiments.runs.shipping import filled, shown


def ship(config: EncoderConfig, data: EncoderData, result: Result, *, root: Path) -> Path | None:
    """Copy the model that the run has left to the config's folder; None where it names none.

    Raises
    ------
    ValueError
        The model is not in the project's cache.
    """
    if config.save_model is None:
        return None
    from stance.encoders.export import write_folder
    from stance.encoders.folder import CARD, HEADS, SETTINGS, TOKENIZER
    from stance.encoders.folder import ENCODER as ONNX

    made = training_folder(root / ".cache", config, data) / MODEL
    if not (made / SETTINGS).is_file():
        raise ValueError(
            f"{made}: expected the model that was trained, there is none: delete .cache/cells and "
            "run the config again, without --jobs and --cluster"
        )
    about = about_of(config, data, result)
    settings = json.loads((made / SETTINGS).read_text(encoding="utf-8")) | {"about": about}
    files = {name: (made / name).read_bytes() for name in (ONNX, HEADS, TOKENIZER)}
    files[SETTINGS] = (json.dumps(settings, indent=1, ensure_ascii=False) + "\n").encode()
    files[CARD] = card_text(config, data, result).encode()
    folder = root / config.save_model
    write_folder(folder, files)
    return folder


def about_of(config: EncoderConfig, data: EncoderData, result: Result) -> dict[str, Any]:
    """What ``model.json`` says of a model beside its settings."""
    found = _findings(result)
    own = [cell for cell in result.cells[1:] if cell.model == ENCODER]
    return {
        "encoder": config.encoder,
        "encoder_terms": config.encoder_terms,
        "trained_on": [f"{name} ({licence})" for name, licence in data.sources],
        "n_passages": data.n_learned,
        "report": f"reports/{config.name}",
        "tasks": facts_of(data),
        "validation_macro_f1": {
            cell.corpus.partition(":")[0]: round(cell.metrics["macro_f1"].value, 4) for cell in own
        },
        "quantisation": found.quantisation,
        "seconds": found.seconds,
        "licence": "Apache-2.0",
    }


def card_text(config: EncoderConfig, data: EncoderData, result: Result) -> str:
    """The model card: what it is for, what it learnt from, how well it does, what it cannot do."""
    found = _findings(result)
    size = sum(n for name, n in found.bytes.items() if name != "float32 encoder")
    peak = (
        f", with at most {found.peak_bytes / 2**30:.1f} GiB of memory" if found.peak_bytes else ""
    )
    paragraphs = [
        f"# {config.save_model and Path(config.save_model).name}",
        filled(
            "One small encoder with a head for each of several tasks in English news: types of "
            "paragraphs, roles of sentences, quotations, and sides toward a target. Trained from "
            f"`{config.encoder}` on {data.n_learned:,} labelled passages. Produced by `stance run "
            f"experiments/{config.name}.yaml`; the report is `reports/{config.name}/`."
        ),
        "## How well",
        filled(
            "Macro-F1 on validation passages, on which settings were chosen; 95 % intervals by "
            f"bootstrap over articles. `{FLOAT}` is the encoder before it was made small. Scores "
            "on test splits stand in the reports of `experiments/accurate/`."
        ),
        _table(data, result.cells),
        "## What it learnt from",
        "\n".join(
            ["| corpus | licence |", "|---|---|", *(f"| {a} | {b} |" for a, b in data.sources)]
        ),
        *map(filled, data.notes),
        "## Size and training",
        filled(
            f"{size / 2**20:.1f} MiB in all, the encoder "
            f"{found.bytes['encoder.onnx'] / 2**20:.1f} MiB ({found.quantisation} int8; "
            f"{found.bytes['float32 encoder'] / 2**20:.1f} MiB in float32). Trained in "
            f"{spelled_seconds(found.seconds)} on {found.machine}{peak}: {found.n_steps:,} steps "
            f"over {found.n_tokens:,} tokens in {len(found.epochs)} epochs."
        ),
        "## What to know before using it",
        filled(
            "English news of a few outlets and years. Labels of the sample corpus and of the "
            "disclaimers are machine-made, those of other corpora are mapped to this package's; "
            "measure on labelled pages of your own before relying on a number. Not for judging "
            "people, nor for decisions about anybody: it says how a sentence reads, and is often "
            "wrong. Passages that come without their neighbours are judged without them."
        ),
        "## Licence",
        filled(
            "Apache-2.0, like the package. It began as the weights and the tokenizer of "
            f"{config.encoder_terms.strip().rstrip('.')}. The corpora keep their own licences; "
            "their texts are no part of the model."
        ),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _table(data: EncoderData, cells: tuple[Cell, ...]) -> str:
    known = {(cell.model, cell.corpus): cell.metrics["macro_f1"] for cell in cells}
    lines = [
        f"| task | labels | learned from | macro-F1 | {FLOAT} | {BASELINE} |",
        "|" + "---|" * 6,
    ]
    for task in data.tasks:
        own = [
            known.get((model, f"{task.name}: {task.corpus}"))
            for model in (ENCODER, FLOAT, BASELINE)
        ]
        told = " | ".join("–" if one is None else shown(one) for one in own)
        labels = ", ".join(task.lesson.task.classes)
        lines.append(f"| {task.name} | {labels} | {len(task.lesson.train):,} | {told} |")
    return "\n".join(lines)


def _findings(result: Result) -> EncoderFindings:
    if result.encoder is None:
        raise ValueError(f"{result.name}: expected findings of an encoder, got none")
    return result.encoder

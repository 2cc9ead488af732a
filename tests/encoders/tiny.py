"""A tiny encoder with heads, random but seeded: made where a test needs one."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

from .onnx_file import encoder

HIDDEN, WIDTH, N_HEADS = 8, 6, 2
TASKS: dict[str, dict[str, Any]] = {
    "type": {
        "kind": "type",
        "classes": ["analysis", "disclaimer", "quote", "report"],
        "context": True,
        "temperature": 1.25,
    },
    "quote": {"kind": "type", "classes": ["other", "quote"]},
    "subjectivity": {"kind": "type", "classes": ["analysis", "other"], "context": False},
    "stance": {"kind": "stance", "classes": ["against", "favor", "neutral"], "temperature": 0.8},
}
ABOUT: dict[str, Any] = {
    "licence": "Apache-2.0",
    "trained_on": ["nothing"],
    "scores": {"type": {"corpus": "none", "macro_f1": 0.25}},
    "paragraphs_per_second": 9.0,
}
CARD = "# accurate\n\n## How well\n\n## What to know before using it\n\n## Licence\n"


def tokenizer() -> Tokenizer:
    """Word pieces of letters, and some whole words, between [CLS] and [SEP]."""
    letters = string.ascii_lowercase + string.digits
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{c}" for c in letters)]
    pieces += [*".,:;!?'\"()-“”’", "the", "and", "said", "port", "council", "lund"]
    made = Tokenizer(WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))
    made.normalizer = BertNormalizer()
    made.pre_tokenizer = BertPreTokenizer()
    made.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return made


def head_arrays(tasks: Mapping[str, Any] = TASKS, *, seed: int = 1) -> dict[str, NDArray[Any]]:
    """Random weights of every task's head, float16 as on disk."""
    rng = np.random.default_rng(seed)
    found: dict[str, NDArray[Any]] = {}

    def add(name: str, *shape: int) -> None:
        found[name] = (rng.normal(size=shape) * 0.7).astype(np.float16)

    for task, settings in tasks.items():
        is_stance = settings["kind"] == "stance"
        n_in = 3 * HIDDEN + (0 if is_stance else 8)
        dense = [("mix", WIDTH, n_in), ("out", len(settings["classes"]), WIDTH)]
        if is_stance:
            dense += [(name, HIDDEN, HIDDEN) for name in "qkv"]
            add(f"{task}.near", N_HEADS)
        for name, n_out, n in dense:
            add(f"{task}.{name}.weight", n_out, n)
            add(f"{task}.{name}.bias", n_out)
    return found


def settings(**changes: Any) -> dict[str, Any]:
    """What ``model.json`` says."""
    plain = {
        "format": "stance-encoder",
        "version": 1,
        "hidden": HIDDEN,
        "max_tokens": 40,
        "heads": N_HEADS,
        "tasks": TASKS,
        "about": ABOUT,
    }
    return plain | changes


def write_tiny(folder: Path, *, quantised: bool = False, **changes: Any) -> Path:
    """A whole folder; ``changes`` are of ``model.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    made = tokenizer()
    said = settings(**changes)
    (folder / "model.json").write_text(json.dumps(said), encoding="utf-8")
    (folder / "heads.safetensors").write_bytes(save(head_arrays(said["tasks"])))
    (folder / "tokenizer.json").write_text(made.to_str(), encoding="utf-8")
    data = encoder(made.get_vocab_size(), HIDDEN, quantised=quantised)
    (folder / "encoder.onnx").write_bytes(data)
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    return folder

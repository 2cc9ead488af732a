"""Encoders of two layers of 32, with random weights and a tokenizer of a few words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WORDS = (
    "the port closed opened harbour board praised blamed minister mayor said asked for and "
    "against it rain fell snow ships went on monday"
).split()


def write_tokenizer(path: Path, *, first: str = "[CLS]", last: str = "[SEP]") -> None:
    """A tokenizer of whole words; ``first`` and ``last`` stand around every text."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing

    # As in RoBERTa, padding is not the first id.
    vocabulary = {first: 0, "[PAD]": 1, last: 2, "[UNK]": 3}
    vocabulary |= {word: i for i, word in enumerate(dict.fromkeys(WORDS), start=4)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {last} $B {last}",
        special_tokens=[(first, 0), (last, 2)],
    )
    tokenizer.save(str(path))


def write_encoder(folder: Path, kind: str = "bert", **changes: Any) -> Path:
    """A folder for ``AutoModel``: ``bert``, ``roberta``, ``deberta-v2`` or ``modernbert``."""
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "vocab_size": 40,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 48,
        "max_position_embeddings": 80,
        "pad_token_id": 1,
    } | changes
    if kind == "modernbert":
        settings |= {"bos_token_id": 0, "cls_token_id": 0, "eos_token_id": 2, "sep_token_id": 2}
    if kind == "deberta-v2":
        settings |= {"relative_attention": True, "pos_att_type": ["p2c", "c2p"]}
        settings |= {"position_biased_input": False, "norm_rel_ebd": "layer_norm"}
        settings |= {"share_att_key": True, "position_buckets": 16}
    config = transformers.AutoConfig.for_model(kind, **settings)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        transformers.AutoModel.from_config(config).save_pretrained(folder)
    marks = ("<s>", "</s>") if kind == "roberta" else ("[CLS]", "[SEP]")
    write_tokenizer(folder / "tokenizer.json", first=marks[0], last=marks[1])
    return folder

"""Checkpoint: a training on disk, as far as it has come, so that it can go on from there.

One safetensors file, written beside and then renamed: it is there whole or not at all, and reading
it runs no code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stance.encoders.batches import Read
from stance.encoders.network import Network, Tensor
from stance.encoders.pretrained import EXTRA, EncoderError
from stance.encoders.settings import Settings
from stance.extras import imported

NAME = "checkpoint.safetensors"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A training as far as it has come.

    Parameters
    ----------
    tensors : mapping of str to tensor
    about : mapping
        Plain values: where it stands, what it has seen of losses and scores.
    """

    tensors: Mapping[str, Tensor]
    about: Mapping[str, Any]


def save_checkpoint(folder: Path, checkpoint: Checkpoint, *, key: str) -> None:
    """Write a checkpoint in place of the last one.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    checkpoint : Checkpoint
    key : str
        Of the training: what tells it from others.
    """
    save_file = imported("safetensors.torch", extra=EXTRA).save_file
    folder.mkdir(parents=True, exist_ok=True)
    about = json.dumps({"format": FORMAT, "key": key, "about": dict(checkpoint.about)})
    tensors = {
        name: value.detach().cpu().contiguous() for name, value in checkpoint.tensors.items()
    }
    beside = folder / f".{NAME}.part"
    try:
        save_file(tensors, str(beside), metadata={"training": about})
        beside.replace(folder / NAME)
    finally:
        beside.unlink(missing_ok=True)


def load_checkpoint(folder: Path, *, key: str) -> Checkpoint | None:
    """The checkpoint of a folder; None where there is none.

    Raises
    ------
    EncoderError
        It is damaged, or of another training.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    safetensors = imported("safetensors", extra=EXTRA)
    try:
        with safetensors.safe_open(str(path), framework="pt") as file:
            told = json.loads((file.metadata() or {}).get("training", "null"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        found, about, version = told["key"], told["about"], told["format"]
    except (OSError, ValueError, KeyError, TypeError, safetensors.SafetensorError) as error:
        raise EncoderError(
            f"{path}: not a checkpoint of this package ({error!s:.120}): delete it to start anew"
        ) from error
    if (found, version) != (key, FORMAT):
        raise EncoderError(
            f"{path}: of another training (other data, settings, encoder or library): delete it "
            "to start anew, or name another folder"
        )
    return Checkpoint(tensors, about)


def training_key(
    network: Network,
    parts: Sequence[Mapping[str, Read]],
    *,
    settings: Settings,
    also: str,
) -> str:
    """Digest of all that the weights after training depend on, but for the libraries' versions.

    Parameters
    ----------
    network : Network
        Before the first step.
    parts : sequence of (mapping of str to Read)
        Passages learned from, and validation passages, by task.
    settings : Settings
    also : str
        What else tells trainings apart.
    """
    found = hashlib.sha256()
    told = asdict(settings)
    del told["checkpoint_minutes"]
    found.update(repr([sorted(told.items()), also]).encode())
    for part in parts:
        for own in part.values():
            found.update(repr(own.task).encode())
            found.update(own.codes.tobytes() + own.neighbours.tobytes() + own.places.tobytes())
            for one in own.encoded:
                found.update(one.ids.tobytes() + one.mention.tobytes() + one.text.tobytes())
    for name, value in network.module.state_dict().items():
        found.update(name.encode() + value.detach().contiguous().numpy().tobytes())
    return found.hexdigest()

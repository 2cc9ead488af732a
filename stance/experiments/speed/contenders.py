"""Contenders: ways to learn and label that a speed experiment sets side by side.

Their libraries are imported where they are used: the cold start of one must not pay for another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

Labels = Sequence[str]


class Contender(Protocol):
    """What a speed experiment needs. Parameters are the fields of a dataclass."""

    package: ClassVar[str]
    """What has to be installed; its version stands in the report."""

    has_memo: ClassVar[bool]
    """Whether a second ``predict`` of the same words may be faster than the first."""

    def fit(self, texts: Labels, labels: Labels) -> None:
        """Learn from texts and their labels."""

    def predict(self, texts: Labels) -> Labels:
        """Label of each text."""

    def forget(self) -> None:
        """Be as fast, or slow, as after loading."""

    def save(self, folder: Path) -> None:
        """Write the model, as users of the library do."""

    def load(self, folder: Path) -> None:
        """Read what ``save`` wrote."""


@dataclass
class HashedNgrams:
    """The package's own ``NgramClassifier``; loaded, its scorer alone."""

    C: float = 1.0
    min_df: int = 2
    package: ClassVar[str] = "numpy"
    has_memo: ClassVar[bool] = True
    _scorer: Any = field(default=None, init=False, repr=False)
    _classes: Any = field(default=None, init=False, repr=False)
    _classifier: Any = field(default=None, init=False, repr=False)

    def fit(self, texts: Labels, labels: Labels) -> None:
        """Learn from texts and their labels."""
        from stance.classifiers.ngram_linear import NgramClassifier

        model = NgramClassifier(C=self.C, min_df=self.min_df, random_state=0)
        self._classifier = model.fit(texts, labels)
        self._scorer, self._classes = model.compile(), model.classes_

    def predict(self, texts: Labels) -> Labels:
        """Label of each text."""
        if self._classifier is not None:
            labels: list[str] = self._classifier.predict(texts).tolist()
            return labels
        scores = self._scorer.scores(texts)
        best = scores.argmax(axis=1) if scores.shape[1] > 1 else (scores[:, 0] > 0).astype(int)
        return [self._classes[i] for i in best.tolist()]

    def forget(self) -> None:
        """Empty the word table."""
        self._scorer = type(self._scorer)(self._scorer.arrays(), self._scorer.settings())
        if self._classifier is not None:
            self._classifier.scorer_ = self._scorer

    def save(self, folder: Path) -> None:
        """Write one safetensors file, settings and labels in its header."""
        from safetensors.numpy import save_file

        about = {"settings": self._scorer.settings(), "classes": list(map(str, self._classes))}
        metadata = {"about": json.dumps(about)}
        save_file(self._scorer.arrays(), folder / "model.safetensors", metadata=metadata)

    def load(self, folder: Path) -> None:
        """Read what ``save`` wrote."""
        from safetensors import safe_open

        from stance.features.scorer import NgramScorer

        with safe_open(folder / "model.safetensors", framework="numpy") as file:
            about = json.loads(file.metadata()["about"])
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        self._scorer = NgramScorer.from_arrays(arrays, about["settings"])
        self._classes, self._classifier = about["classes"], None


@dataclass
class _Sklearn:
    """A pipeline of scikit-learn, its vectorisers before a linear SVM."""

    C: float = 1.0
    package: ClassVar[str] = "scikit-learn"
    has_memo: ClassVar[bool] = False
    _pipeline: Any = field(default=None, init=False, repr=False)

    def fit(self, texts: Labels, labels: Labels) -> None:
        """Learn from texts and their labels."""
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import LinearSVC

        svm = LinearSVC(C=self.C, random_state=0)
        self._pipeline = make_pipeline(*self._steps(), svm).fit(texts, labels)

    def predict(self, texts: Labels) -> Labels:
        """Label of each text."""
        labels: list[str] = self._pipeline.predict(texts).tolist()
        return labels

    def forget(self) -> None:
        """Nothing is remembered."""

    def save(self, folder: Path) -> None:
        """Pickle the pipeline: what its users do, and here nobody else can reach the file."""
        import pickle

        (folder / "model.pickle").write_bytes(pickle.dumps(self._pipeline, protocol=5))

    def load(self, folder: Path) -> None:
        """Read what ``save`` of the same run wrote."""
        import pickle

        self._pipeline = pickle.loads((folder / "model.pickle").read_bytes())

    def _steps(self) -> list[Any]:
        raise NotImplementedError


@dataclass
class SklearnTfidf(_Sklearn):
    """``FeatureUnion`` of ``TfidfVectorizer`` for words and for characters, then ``LinearSVC``."""

    min_df: int = 2

    def _steps(self) -> list[Any]:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import FeatureUnion

        words = TfidfVectorizer(ngram_range=(1, 2), min_df=self.min_df)
        chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=self.min_df)
        return [FeatureUnion([("words", words), ("chars", chars)])]


@dataclass
class SklearnHashing(_Sklearn):
    """``HashingVectorizer`` for words and for characters, then tf-idf and ``LinearSVC``."""

    n_features: int = 2**18

    def _steps(self) -> list[Any]:
        from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
        from sklearn.pipeline import FeatureUnion, make_pipeline

        shared = {"n_features": self.n_features, "alternate_sign": False, "norm": None}
        words = HashingVectorizer(ngram_range=(1, 2), **shared)
        chars = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), **shared)
        parts = {"words": words, "chars": chars}
        pairs = [(name, make_pipeline(one, TfidfTransformer())) for name, one in parts.items()]
        return [FeatureUnion(pairs)]


@dataclass
class FastText:
    """fastText's supervised classifier on lower-case words and punctuation marks.

    It splits texts at blanks alone, so marks are set apart first, as its authors do; the time for
    that counts. ``minn`` and ``maxn`` are the lengths of character n-grams, 0 for none.

    References
    ----------
    Joulin, A., Grave, E., Bojanowski, P. and Mikolov, T. (2017). Bag of Tricks for Efficient Text
    Classification. EACL. https://aclanthology.org/E17-2068
    """

    epoch: int = 10
    dim: int = 50
    lr: float = 0.5
    minn: int = 0
    maxn: int = 0
    bucket: int = 200_000
    package: ClassVar[str] = "fasttext"
    has_memo: ClassVar[bool] = False
    _model: Any = field(default=None, init=False, repr=False)

    def fit(self, texts: Labels, labels: Labels) -> None:
        """Learn from texts and their labels, by way of the file that fastText reads."""
        from tempfile import TemporaryDirectory

        import fasttext  # type: ignore[import-not-found]

        with TemporaryDirectory() as folder:
            path = Path(folder) / "train.txt"
            lines = zip(labels, map(_spaced, texts), strict=True)
            rows = "".join(f"__label__{label} {text}\n" for label, text in lines)
            path.write_text(rows, encoding="utf-8", errors="replace")
            self._model = fasttext.train_supervised(
                str(path),
                thread=1,
                seed=0,
                verbose=0,
                wordNgrams=2,
                epoch=self.epoch,
                dim=self.dim,
                lr=self.lr,
                minn=self.minn,
                maxn=self.maxn,
                bucket=self.bucket,
            )

    def predict(self, texts: Labels) -> Labels:
        """Label of each text."""
        found = self._model.predict([_spaced(text) for text in texts])[0]
        return [one[0].removeprefix("__label__") if len(one) else "" for one in found]

    def forget(self) -> None:
        """Nothing is remembered."""

    def save(self, folder: Path) -> None:
        """Write fastText's own binary file."""
        self._model.save_model(str(folder / "model.bin"))

    def load(self, folder: Path) -> None:
        """Read what ``save`` wrote."""
        import fasttext

        self._model = fasttext.load_model(str(folder / "model.bin"))


CONTENDERS: Mapping[str, Any] = MappingProxyType(
    {
        "hashed_ngrams": HashedNgrams,
        "sklearn_tfidf": SklearnTfidf,
        "sklearn_hashing": SklearnHashing,
        "fasttext": FastText,
    }
)
"""Kind, as a config names it → class."""


def is_installed(kind: str) -> bool:
    """Whether a contender's library can be imported; all but fastText come with the package."""
    return kind != "fasttext" or find_spec("fasttext") is not None


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"\w+|[^\w\s]", text.lower()))

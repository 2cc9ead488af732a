"""Run: a corpus on disk → its labels on disk. Killed at any moment, it goes on where it was."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from stance.labelling.columns import Columns
from stance.labelling.labeller import Labelled, Labeller, error_schema
from stance.labelling.manifest import differences, manifest
from stance.labelling.parts import Parts, errors_path, made_from
from stance.labelling.problem import LabellingError
from stance.labelling.shards import PAGES, PARAGRAPHS, Shard, Size, shards_of
from stance.labelling.source import Source, open_source
from stance.labelling.workers import in_this_process, on_processes

_Label = Callable[[Iterator[Shard]], Iterator[tuple[int, Labelled]]]


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is.

    Parameters
    ----------
    rows : int
        Rows done, those of an earlier run among them.
    share : float
        Of the corpus that is done, 0–1.
    rows_per_second : float
        Of this run.
    seconds_left : float or None
        None while it cannot be told.
    """

    rows: int
    share: float
    rows_per_second: float = 0.0
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run left.

    Parameters
    ----------
    labels, errors : Path
        The two files.
    n_labels, n_errors : int
        Their rows.
    was_up_to_date : bool
        Whether they were there already, made from the same.
    """

    labels: Path
    errors: Path
    n_labels: int
    n_errors: int
    was_up_to_date: bool = False


def label_corpus(
    corpus: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    labeller: Labeller | None = None,
    columns: Columns | None = None,
    jobs: int = 1,
    cluster: str | None = None,
    fresh: bool = False,
    size: Size | None = None,
    tell: Callable[[Step], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> Outcome:
    """Label a corpus of any size.

    Parameters
    ----------
    corpus : path
        As ``open_source`` takes it.
    out : path
        A name that ends in ``.parquet``, in a folder that is there. Errors go to
        ``….errors.parquet`` beside it.
    labeller : Labeller, optional
    columns : Columns, optional
    jobs : int
        Processes. The output is the same with any number.
    cluster : str, optional
        Address of a Dask scheduler whose workers do it instead.
    fresh : bool
        Begin anew, whatever is there: what an earlier run left, or an output made from something
        else.
    size : Size, optional
        Of shards. A run goes on only with shards of the same size.
    tell, say : callable, optional
        Called after every shard, and with what the user should know.

    Returns
    -------
    Outcome

    Raises
    ------
    LabellingError
        The corpus, a setting or the place to write cannot be used. What is done so far is kept.
    ModelError
        The model's files are missing or damaged.
    """
    labeller = labeller or Labeller()
    columns = columns or Columns()
    out, say = Path(out), say or (lambda _: None)
    _check_out(out, Path(corpus))
    source = open_source(Path(corpus), columns=columns, pages=labeller.pages)
    if source.is_pages and not labeller.pages:
        labeller = replace(labeller, pages=True)
    size = size or (PAGES if labeller.pages else PARAGRAPHS)
    settings = {
        "voices": labeller.voices,
        "pages": labeller.pages,
        "columns": asdict(columns),
        "shard": asdict(size),
    }
    label = _how(labeller, jobs=jobs, cluster=cluster)
    if labeller.tier.folder is not None:
        labeller.load()
    parts = Parts(out, _manifest(source, labeller, settings))
    standing = None if fresh else _standing(parts)
    if standing is not None:
        if parts.folder.exists():
            with parts.held():
                parts.clear()
        return standing
    with parts.held():
        done = _begin(parts, fresh=fresh, say=say)
        shards = shards_of(source.batches(), size=size)
        progress = _Progress(tell or (lambda _: None))
        for number, labelled in label(progress.watched(shards, done)):
            parts.put(number, labelled)
            progress.done(number)
        if not progress.has_read_all:
            raise RuntimeError(f"{corpus}: not all of it was labelled")
        if progress.n_shards == 0:
            parts.clear()
            raise LabellingError(f"{corpus}: expected rows, got none: an empty corpus")
        schemas = {"labels": labeller.schema(), "errors": error_schema()}
        counts = parts.finish(progress.n_shards, **schemas)
        return Outcome(parts.out, errors_path(parts.out), *counts)


def _check_out(out: Path, corpus: Path) -> None:
    if out.suffix != ".parquet":
        raise LabellingError(f"{out}: expected a name that ends in .parquet")
    if not out.parent.is_dir():
        raise LabellingError(f"{out}: there is no folder {out.parent}: make it first")
    if out.is_dir():
        raise LabellingError(f"{out}: expected a file to write, got a folder: give another name")
    if corpus.exists():
        inside = corpus.is_dir() and out.resolve().is_relative_to(corpus.resolve())
        if inside or out.resolve() == corpus.resolve():
            raise LabellingError(f"{out}: is part of the corpus {corpus}: write it elsewhere")


def _manifest(source: Source, labeller: Labeller, settings: dict[str, Any]) -> dict[str, Any]:
    try:
        return manifest(
            source.files, model=labeller.model, settings=settings, targets=labeller.targets
        )
    except OSError as error:
        raise LabellingError(f"{error.filename}: cannot be read: {error.strerror}") from error


def _standing(parts: Parts) -> Outcome | None:
    """The outcome where it is there already; None where there is no output."""
    from pyarrow import parquet

    out, errors = parts.out, errors_path(parts.out)
    there = made_from(out)
    if there is not None and there != parts.manifest:
        why = differences(parts.manifest, there) if there else "not by stance label"
        raise LabellingError(
            f"{out}: is there already, made from something else ({why}): move it, give another "
            "name, or replace it with --fresh"
        )
    if there is None or made_from(errors) != there:
        return None
    counts = [parquet.read_metadata(path).num_rows for path in (out, errors)]
    return Outcome(out, errors, counts[0], counts[1], was_up_to_date=True)


def _begin(parts: Parts, *, fresh: bool, say: Callable[[str], None]) -> frozenset[int]:
    """Numbers of the shards that are done."""
    other = parts.leftovers()
    if other and not fresh:
        say(f"{parts.folder}: an earlier run was of something else ({other}): starting anew")
    done = parts.begin(anew=fresh or bool(other))
    if done:
        say(f"{parts.folder}: going on where an earlier run stopped, {len(done)} shards are done")
    return done


def _how(labeller: Labeller, *, jobs: int, cluster: str | None) -> _Label:
    """What labels shards: this process, several, or a cluster."""
    if cluster is not None:
        if not labeller.tier.is_shipped:
            raise LabellingError(
                f"model {labeller.model!r:.80}: a cluster's workers have the models that ship with "
                "the package, and no folder of this machine"
            )
        from stance.labelling.cluster import on_cluster

        return partial(on_cluster, labeller, address=cluster)
    if jobs < 1:
        raise LabellingError(f"jobs = {jobs!r}, must be >= 1")
    return (
        partial(in_this_process, labeller)
        if jobs == 1
        else partial(on_processes, labeller, jobs=jobs)
    )


class _Progress:
    """Counts rows and time."""

    def __init__(self, tell: Callable[[Step], None]) -> None:
        self.n_shards = 0
        self.has_read_all = False
        self._tell = tell
        self._out: dict[int, tuple[int, float]] = {}  # rows and share of shards at work
        self._rows = self._new_rows = 0
        self._read = self._kept = self._new = 0.0
        self._began: float | None = None

    def watched(self, shards: Iterator[Shard], done: frozenset[int]) -> Iterator[Shard]:
        """Shards that are not done; the others are counted."""
        for shard in shards:
            self.n_shards += 1
            share, self._read = shard.share - self._read, shard.share
            if shard.number in done:
                self._rows += shard.table.num_rows
                self._kept += share
                continue
            if self._began is None:
                self._began = perf_counter()
            self._out[shard.number] = shard.table.num_rows, share
            yield shard
        self.has_read_all = True

    def done(self, number: int) -> None:
        """Tell that a shard is labelled."""
        rows, share = self._out.pop(number)
        self._rows, self._new_rows = self._rows + rows, self._new_rows + rows
        self._new += share
        seconds = perf_counter() - (self._began or 0.0)
        left = max(0.0, 1 - self._kept - self._new)
        self._tell(
            Step(
                self._rows,
                1 - left,
                self._new_rows / max(seconds, 1e-9),
                seconds * left / self._new if self._new > 0 else None,
            )
        )

"""Card: what is known of a corpus. Values only; they are read from the YAML beside its module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from stance.corpora.names import pick

Faithfulness = Literal["exact", "mapped", "derived", "machine-made"]
AccessKind = Literal["download", "agreement", "packaged"]
Unit = Literal["article", "paragraph", "sentence", "part", "post", "pair"]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a corpus, as it lies upstream at the pinned commit.

    Parameters
    ----------
    path : str
        Where the file belongs, relative to the corpus's own folder, with forward slashes.
    url : str
        Address of exactly these bytes; empty where nobody may fetch them without an agreement.
    sha256 : str
        64 hexadecimal digits, lower case.
    bytes : int
        Size of the file.
    """

    path: str
    url: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Archive:
    """A repository's archive at the pinned commit, of which some folders are kept.

    Parameters
    ----------
    url : str
        Address of the zip file.
    strip : str
        Prefix of every member's name to take away (``"REPOSITORY-COMMIT/"``); members that do not
        begin with it are left out.
    keep : tuple of str
        A member is kept if its name, after stripping, begins with one of these; the name after
        stripping is its path in the corpus's folder. Made for ``name.startswith(keep)``.
    tree_sha256 : str
        Checksum of what was unpacked, since the archive's own bytes are not stable: SHA-256 of
        the lines ``"<sha256 of the file>  <relative path>"``, sorted by path, joined and ended by
        a line feed, in UTF-8. :func:`stance.corpora.tree.tree_sha256` computes it.
    n_files, bytes : int
        Number and total size of the files kept.
    """

    url: str
    strip: str
    keep: tuple[str, ...]
    tree_sha256: str
    n_files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Access:
    """How a corpus is come by.

    Parameters
    ----------
    kind : {"download", "agreement", "packaged"}
        Fetched by ``stance corpora get``; fetched by the user, who agrees to terms on the way; or
        shipped with this package.
    upstream : str
        Address of the repository or page that a reader should look at.
    commit : str
        The revision that all addresses are pinned to; empty where upstream has no revisions.
    files : tuple of RemoteFile
    archive : Archive or None
        In place of ``files`` where the corpus is a folder of many small files.
    note : str
        What else must be known to get it: terms, the steps by hand.
    folder : str
        Where a packaged corpus lies below ``data/`` in a checkout; empty for its own name.
    needs : tuple of str
        Corpora that hold the texts, where the corpus's own files are annotations alone.
    """

    kind: AccessKind
    upstream: str
    commit: str = ""
    files: tuple[RemoteFile, ...] = ()
    archive: Archive | None = None
    note: str = ""
    folder: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Licence:
    """What the terms of a corpus allow, as this project reads them.

    Parameters
    ----------
    name : str
        SPDX identifier where there is one, else "none stated" or a short description.
    may_train_shipped : bool
        Whether a model that ships with the package may learn from it.
    may_show_text : bool
        Whether a report may show a few of its sentences.
    may_redistribute : bool
        Whether the texts may be passed on.
    note : str
    """

    name: str
    may_train_shipped: bool
    may_show_text: bool
    may_redistribute: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to cut a task's data.

    Parameters
    ----------
    name : str
    note : str
        What makes it differ from the other variants.
    counts : mapping of split to mapping of label to int
        Examples per split and label, in the order of the splits; ``unlabelled`` counts examples
        without a label.
    """

    name: str
    counts: Mapping[str, Mapping[str, int]]
    note: str = ""

    @property
    def splits(self) -> dict[str, int]:
        """Number of examples per split."""
        return {split: sum(labels.values()) for split, labels in self.counts.items()}


@dataclass(frozen=True, slots=True)
class Task:
    """One question that a corpus's labels answer.

    Parameters
    ----------
    name : str
    unit : {"article", "paragraph", "sentence", "part", "post", "pair"}
        What one example is.
    language : str
        BCP 47 tag.
    labels : tuple of str
        Every value of the column ``label``; empty for unlabelled corpora and spans.
    faithfulness : {"exact", "mapped", "derived", "machine-made"}
        How ``label`` comes from ``native_label``: the same thing under the same or another name;
        a coarser or different scheme; computed from something that is no label at all; or
        written by a model.
    metric : str
        The number by which systems are compared on this task.
    variants : tuple of Variant
        At least one; the first is the default.
    label_map : mapping of str to str
        Native label to label; native labels that are missing here map by the rule in ``note``.
    columns : mapping of str to str
        Columns beside the common ones, and what they hold.
    note : str
    """

    name: str
    unit: Unit
    language: str
    labels: tuple[str, ...]
    faithfulness: Faithfulness
    metric: str
    variants: tuple[Variant, ...]
    label_map: Mapping[str, str]
    columns: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A published number.

    Parameters
    ----------
    task, split, metric, system : str
    value : float
        In the unit the source prints, mostly per cent.
    source : str
        Paper with author, year and DOI or anthology number.
    """

    task: str
    split: str
    metric: str
    value: float
    system: str
    source: str


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a corpus: what it holds, how good its labels are, what one may do with it.

    Parameters
    ----------
    name : str
        The name that :func:`stance.corpora.load` takes; the stem of the card and of the module.
    title, description : str
        What the corpus is.
    annotation : str
        Who labelled it, how, and how well they agreed.
    tasks : tuple of Task
        At least one; the first is the default.
    licence : Licence
    citation : str
        BibTeX; empty for the project's own corpus.
    access : Access
    traps : tuple of str
        What misleads whoever takes the numbers at face value.
    results : tuple of Result
        Published results, for comparison.
    """

    name: str
    title: str
    description: str
    annotation: str
    tasks: tuple[Task, ...]
    licence: Licence
    citation: str
    access: Access
    traps: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()

    def task(self, name: str | None = None) -> Task:
        """The task of this name, or the first one.

        Raises
        ------
        ValueError
            The corpus has no such task.
        """
        return pick(self.tasks, name, what=f"corpus {self.name!r}: task")

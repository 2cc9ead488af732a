"""The whole labelling job on a corpus: streaming, resumable, on one machine or a cluster.

Data flow::

    corpus ─ source ─▶ batches ─ shards ─▶ shards ─ labeller ─▶ labels, errors ─ parts ─▶ output
             one reader           cut at ends          N processes or           one writer
                                  of articles          a Dask cluster

``label_corpus`` is what ``stance label CORPUS --out labels.parquet`` calls; ``label_dataset`` adds
columns to a ``datasets.Dataset``; a ``Labeller`` goes into ``dataset.map(…, batched=True)``.

Input
-----
A Parquet, Arrow, JSON lines, CSV or TSV file (the last three also ``.gz``, in UTF-8); a folder of
files of one of these kinds, read in the order of their names; a folder of pages (text and HTML
files, also in folders within it); a folder that ``Dataset.save_to_disk`` wrote. A row of a table is
a paragraph. The columns ``group``, ``index``, ``n_paragraphs``, ``headline``, ``previous`` and
``following`` (fields of ``Passage``) are used where there are any. Rows of one group that stand
together are an article, up to 1,000 of them, and are decoded together; without ``index`` they are
taken to be in order.

Output
------
``labels.parquet``, a row for each row that could be labelled, in the order of the input:

============================ ======== ===========================================================
column                       type
============================ ======== ===========================================================
row                          int64    number of the row, from 0 over all files
id                           string   the row's id (a page's path below its folder); may be null
type                         string   the likeliest type, but for the turns of an interview (below)
probability                  float64  of that type, four digits
probability_<type>           float64  one column for each type of the model, in its order
quoted                       float64  only with ``--model accurate``: how likely it is that most of
                                      the paragraph is somebody's words
voice                        string   ``author`` or the source's name; not with ``--types-only``
via                          [string] who passed the words on; not with ``--types-only``
stances                      [struct] only with targets: the voice's stance toward each target that
                                      the paragraph mentions, in the order of the targets; empty
                                      where it mentions none
============================ ======== ===========================================================

Each of the ``stances`` has:

============================ ======== ===========================================================
field                        type
============================ ======== ===========================================================
target                       string   the target's name, as it was given
stance                       string   ``favor``, ``against`` or ``neutral``, the likeliest
probability                  float64  of that stance, four digits
probability_<stance>         float64  one field for each stance
start, end                   int64    where the target is mentioned first: half-open offsets into
                                      the row's text; of pages, into the page's characters
============================ ======== ===========================================================

For pages, every part is a row; ``index``, ``part``, ``reason``, ``start``, ``end`` and ``text``
stand after ``id`` and mean what they mean in ``AnalysedPart``; the types and stances of other parts
than paragraphs are null. ``labels.errors.parquet`` has ``row``, ``id`` and ``reason`` for each row
that could not be labelled: null, not text, nothing visible, over 100,000 characters (pages: 10 MB),
broken encoding, lone surrogates, a line that is no JSON. Both files carry what they were made from
in their metadata, under ``stance``.

Interviews
----------
A type is the likeliest one, as on single pages, but for turns that labels tell for sure: where Q
and A, or names with colons, stand before questions and answers, an answer is a ``quote`` and a
question of the outlet's own interviewer is none, but the likeliest of the other types, whatever the
model says (``stance.quotes.turn_types``). Voices are heard with these types, and ``--types-only``
tells the same ones. Probabilities stay the model's: that of such a turn's type need not be the
highest. Who interviews may be told by a byline, which pages have and rows of a table have not. Only
rows of one group can be an interview.

Stances
-------
``--target NAME=ALIAS,ALIAS`` (also several times) and ``--targets FILE`` (``--targets-file`` is the
same; a line for each target, or JSON, or CSV: ``stance.targets.read_targets``) say what stances are
asked about; in Python, ``Labeller(targets=parse_targets([…]))``. A paragraph mentions a target by a
name of it or by what stands for one ("Lund", "the board", "she"), as on single pages. Stances are
in a list, not in a column for each target: any number of targets, of any names, fits one schema,
and files made for different targets can be read as one. For a spreadsheet, or to count,
``stances_frame`` makes a row of each stance::

    stances = stances_frame("labels.parquet")  # row, id, type, voice, target, stance, …
    stances.groupby(["target", "voice", "stance"]).size()
    stances.to_csv("stances.csv", index=False)

Going on
--------
Until the end, shards (4,096 rows, or 256 pages, up to the next article) lie in
``labels.parquet.parts``, each written beside its name, flushed and renamed. A run that is started
again reads the corpus anew, labels the shards that are not there, and writes the output from all of
them: the same bytes as without a stop, with any number of processes and on a cluster. Leftovers of
another corpus, model, setting, version or list of targets are told and thrown away; an output made
from something else stays, unless ``--fresh`` replaces it. Of a corpus of over 256 MB, 256 blocks of
a megabyte tell whether it has changed, not every byte.

Clusters
--------
Workers need this package in the same version, and no shared disk. On SLURM, with dask-jobqueue::

    from dask_jobqueue import SLURMCluster
    cluster = SLURMCluster(cores=32, processes=32, memory="16GB", walltime="04:00:00")
    cluster.scale(jobs=8)
    print(cluster.scheduler_address)  # stance label … --cluster tcp://…

On Kubernetes, with the Dask operator and an image that has ``stance-lab[cluster]``::

    from dask_kubernetes.operator import KubeCluster
    cluster = KubeCluster(name="stance", image="registry.example/stance-lab")
    cluster.scale(256)

Without Dask, an array of SLURM jobs labels one file each, with an output each.

How long it takes
-----------------
On one core of a small cloud machine, each of 100,000 news paragraphs of 35 words took, from Parquet
to Parquet, 42 µs with ``--types-only --model paragraph-type-fast``, 150 µs with ``--types-only``,
and 276 µs with voices (``reports/speed/labelling``); stances toward three targets took 500 µs in
all. A billion paragraphs take 12, 42 and 77 core hours. The one reader and writer spends 1.8 µs on
each, so that some 23, 83 and 150 workers keep it busy; for more, split the corpus into files and
label each by itself. Every process takes 0.6 s to start and up to 290 MB.
"""

from stance.labelling.columns import Columns
from stance.labelling.dataset import label_dataset
from stance.labelling.frame import stances_frame
from stance.labelling.labeller import Labeller
from stance.labelling.problem import LabellingError
from stance.labelling.run import Outcome, Step, label_corpus

__all__ = [
    "Columns",
    "Labeller",
    "LabellingError",
    "Outcome",
    "Step",
    "label_corpus",
    "label_dataset",
    "stances_frame",
]

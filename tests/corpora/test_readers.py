"""Each reader on files made here, in the form of its corpus, with what they must give."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpora.shelf import reader


def read(name, folder, task, variant="full"):
    return list(reader(name)(folder, task=task, variant=variant))


def brief(examples):
    return [(example.split, example.label, example.passage.text) for example in examples]


def write(path, text, encoding="utf-8"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))


@pytest.fixture
def newsdiscourse(tmp_path):
    page = (
        "URL x\nDATE/ AUTHOR y\n\nH  Port  shuts\n\nS1 The port shut.\nS2 It is a long, long "
        "mistake.\n\nS3 Caption.\n\nS4 She said so.\n"
    )
    labels = (
        "T1\tMain 1 3\tS1\nE1\tMain:T1 \nT2\tDistant_Evaluation 4 6\tS2\nT3\tNA 7 9\tS3\n"
        "T4\tMain 10 12\tS4\nT5\tSpeech 10 12\tS4\nT6\tSpeech 10 11\t4\n"
    )
    for split, inner in (
        ("train", "train 2/kbp/"),
        ("validation", "validation/"),
        ("test", "test/"),
    ):
        with zipfile.ZipFile(tmp_path / f"{split}.zip", "w") as archive:
            archive.writestr(f"__MACOSX/{inner}._a.txt", b"\x00\x05")
            archive.writestr(f"{inner}a.txt", page)
            archive.writestr(f"{inner}a.ann", labels)
    return tmp_path


def test_newsdiscourse_paragraph_takes_the_longer_type(newsdiscourse):
    train = [
        e for e in read("newsdiscourse", newsdiscourse, "type-paragraphs") if e.split == "train"
    ]
    assert [(e.id, e.label, e.native_label) for e in train] == [
        ("kbp/a#0", "analysis", "Main|Distant_Evaluation"),
        ("kbp/a#1", "furniture", "NA"),
        ("kbp/a#2", "quote", "Main+Speech"),
    ]
    first = train[0].passage
    assert first.text == "The port shut. It is a long, long mistake."
    assert (first.headline, first.following, first.group) == ("Port shuts", "Caption.", "kbp/a")


@pytest.mark.parametrize(
    ("task", "labels"),
    [
        ("type-sentences", ["report", "analysis", "furniture", "quote"]),
        ("roles-sentences", ["main", "distant_evaluation", "na", "main"]),
        ("speech", ["other", "other", "other", "quote"]),
    ],
)
def test_newsdiscourse_sentences(newsdiscourse, task, labels):
    test = [e for e in read("newsdiscourse", newsdiscourse, task) if e.split == "test"]
    assert [e.label for e in test] == labels
    assert test[1].passage.previous == "The port shut."


@pytest.fixture
def polnear(tmp_path):
    text = "Title here.\n\n  Ann Oru said the port is shut.\nIt is.\n"
    # Offsets:      15      23   28           41    46
    labels = (
        "T1\tSource 15 22\tAnn Oru\nT2\tCue 23 27\tsaid\nT3\tContent 28 41;46 51\tthe port is s\n"
        "It is\n"
        "T4\tAttribution 23 27\tsaid\nE1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\n"
        "T5\tAttribution-no-source 49 51\tis\nE2\tAttribution-no-source:T5\n"
    )
    for split in ("train", "dev", "test"):
        write(tmp_path / f"data/{split}/text/out_{split}.txt", text)
        write(tmp_path / f"data/{split}/attributions/out_{split}_5fec.ann", labels)
        write(tmp_path / f"data/{split}/attributions/out_{split}_9999.ann", "")
    write(tmp_path / "data/metadata.tsv", 'filename\ttitle\nout_dev\tThe "title\n')
    return tmp_path


def test_polnear_quote_is_half_content(polnear):
    dev = [e for e in read("polnear", polnear, "quote") if e.split == "dev"]
    # 13 of the second paragraph's 30 characters, 5 of the third's 6.
    assert [(e.label, round(e.extra["content_share"], 3)) for e in dev] == [
        ("other", 0.0), ("other", 0.433), ("quote", 0.833),
    ]  # fmt: skip
    assert dev[1].passage.text == "Ann Oru said the port is shut."
    assert {e.passage.headline for e in dev} == {'The "title'}


def test_polnear_spans_are_the_paragraphs_own(polnear):
    dev = [e for e in read("polnear", polnear, "spans") if e.split == "dev"]
    assert [e.label for e in dev] == [None] * 3
    (found,) = dev[1].extra["attributions"]
    assert found == {
        "id": "E1", "source": [[0, 7]], "cue": [[8, 12]], "content": [[13, 26]],
        "source_text": "Ann Oru",
    }  # fmt: skip
    assert [a["id"] for a in dev[2].extra["attributions"]] == ["E2"]


def test_newssd_eng(tmp_path):
    for split in ("train", "val", "test"):
        rows = '"It is,  sadly, shut.\n",SUBJ,True\nIt shut.,OBJ,False\n'
        write(tmp_path / f"data/english/{split}.csv", "Sentence,Label,Solved conflict\n" + rows)
    examples = read("newssd_eng", tmp_path, "subjectivity")
    assert brief(examples)[:2] == [
        ("train", "analysis", "It is, sadly, shut."), ("train", "other", "It shut."),
    ]  # fmt: skip
    assert examples[0].extra == {"is_settled": True}


def test_newsmtsc_forms_agree(tmp_path):
    gids = ["allsides_1_2_3_Ann_0_3", "allsides_1_2_3_Bo_12_14"]
    targets = [
        {"Input.gid": gids[0], "from": 0, "to": 3, "mention": "Ann", "polarity": 6.0},
        {"Input.gid": gids[1], "from": 12, "to": 14, "mention": "Bo", "polarity": 2.0},
    ]
    paper = {"primary_gid": "g", "sentence_normalized": "Ann cheered Bo.", "targets": targets}
    for name in ("train", "devtest_rw", "devtest_mt"):
        write(tmp_path / f"{name}.jsonl", json.dumps(paper) + "\n")
    hub = [
        {"mention": t["mention"], "polarity": p, "from": t["from"], "to": t["to"],
         "sentence": "Ann cheered Bo.", "id": t["Input.gid"]}
        for t, p in zip(targets, (1, -1), strict=True)
    ]  # fmt: skip
    for name in ("rw-hf/train", "rw-hf/dev", "rw-hf/test", "mt-hf/dev", "mt-hf/test"):
        write(tmp_path / f"newsmtsc-{name}.jsonl", "".join(json.dumps(row) + "\n" for row in hub))
    of_paper, of_hub = (read("newsmtsc", tmp_path, "stance", form)[:2] for form in ("paper", "hub"))
    assert of_paper == of_hub
    assert [(e.label, e.native_label) for e in of_hub] == [("favor", "1"), ("against", "-1")]
    assert of_hub[1].passage.target == "Bo" and of_hub[1].passage.mentions == ((12, 14),)
    assert of_hub[0].passage.group == "allsides_1_2"


def test_dse_brackets_leave_spans(tmp_path):
    row = '"""Yes,"" [Ann Oru ] told [the ""Board""]."\tAnn Oru\t"the ""Board"""\t3\n'
    for split in ("train", "valid"):
        write(tmp_path / f"{split}.txt", row)
    write(tmp_path / "test.txt", row + "[Bo] met [Cy].\tBo\tCy\t2\n")
    train = read("dse", tmp_path, "relation", "deduplicated")[0]
    text = train.passage.text
    assert text == '"Yes," Ann Oru  told the "Board".'
    assert train.label == "first-against-second"
    assert (train.passage.voice, train.passage.target) == ("Ann Oru", 'the "Board"')
    assert [text[a:b] for a, b in train.passage.mentions] == ['the "Board"']
    assert [text[a:b] for a, b in train.extra["voice_mentions"]] == ["Ann Oru"]
    published = read("dse", tmp_path, "relation", "published")
    assert [e.id for e in published if e.split == "test"] == ["test-0", "test-1"]
    stances = [e for e in read("dse", tmp_path, "stance", "deduplicated") if e.split == "test"]
    assert [(e.id, e.label, e.passage.voice, e.passage.target) for e in stances] == [
        ("test-1/forth", "neutral", "Bo", "Cy"), ("test-1/back", "favor", "Cy", "Bo"),
    ]  # fmt: skip


def test_gwsd_takes_the_likeliest_and_drops_rows_without_scores(tmp_path):
    workers = "\t".join(f"worker_{i}" for i in range(8))
    head = f"\tsentence\t{workers}\tdisagree\tagree\tneutral\tguid\tin_held_out_test\n"
    votes = "\t".join(["agrees"] * 5 + ["neutral"] * 2 + ["disagrees"])
    rows = f"0\tIt warms.\t{votes}\t0.1\t0.6\t0.3\tg0\tTrue\n1\tHm.\t{votes}\t\t\t\tg1\tFalse\n"
    write(tmp_path / "GWSD.tsv", head + rows)
    (example,) = read("gwsd", tmp_path, "stance")
    assert (example.split, example.label, example.native_label) == ("test", "favor", "agree")
    assert example.extra == {"posterior": [0.6, 0.1, 0.3], "votes": [5, 1, 2]}


def test_semeval_reads_latin_1_and_lone_quotation_marks(tmp_path):
    head = "ID\tTarget\tTweet\tStance\tOpinion towards\tSentiment\r\n"
    for name in ("trialdata", "trainingdata", "testdata-taskA", "testdata-taskB"):
        rows = (
            head
            + '1\tPort\tA "caf\xe9\tNONE\tOTHER\tNEITHER\r\n2\tPort\tNo\tAGAINST\tTARGET\tX\r\n'
        )
        write(tmp_path / f"{name}-all-annotations.txt", rows, encoding="latin-1")
    assert brief(read("semeval2016_t6", tmp_path, "b")) == [
        ("test", "neutral", 'A "café'), ("test", "against", "No"),
    ]  # fmt: skip
    task_a = read("semeval2016_t6", tmp_path, "a")
    assert [e.split for e in task_a] == ["trial"] * 2 + ["train"] * 2 + ["test"] * 2


def test_vast_cuts_by_seen_topics(tmp_path):
    with zipfile.ZipFile(tmp_path / "vast_train.zip", "w") as archive:
        archive.writestr("vast_train.csv", "post,topic_str,label,seen?\nPorts!,ports,1,1\n")
    for split in ("dev", "test"):
        rows = "Tweet,Target 1,Stance 1,seen?\nNo ports.,ports,AGAINST,1\nShips.,ships,NONE,0\n"
        write(tmp_path / f"vast_{split}.csv", rows)
    cut = {v: read("vast", tmp_path, "stance", v) for v in ("all", "zero-shot", "few-shot")}
    assert [(e.split, e.label) for e in cut["all"]] == [
        ("train", "favor"), ("dev", "against"), ("dev", "neutral"),
        ("test", "against"), ("test", "neutral"),
    ]  # fmt: skip
    assert [e.id for e in cut["zero-shot"]] == ["train-0", "dev-1", "test-1"]
    assert [e.id for e in cut["few-shot"]] == ["train-0", "dev-0", "test-0"]


def test_fnc1_joins_headline_and_body(tmp_path):
    for name in ("train_bodies", "competition_test_bodies"):
        write(tmp_path / f"{name}.csv", 'Body ID,articleBody\n7,"A port\n\nshut."\n')
    for name in ("train_train_stances", "train_test_stances", "competition_test_stances"):
        write(tmp_path / f"{name}.csv", f"Headline,Body ID,Stance\nFrom {name},7,discuss\n")
    examples = read("fnc1", tmp_path, "stance")
    assert [(e.id, e.passage.target) for e in examples] == [
        ("train-0", "From train_train_stances"), ("train-1", "From train_test_stances"),
        ("test-0", "From competition_test_stances"),
    ]  # fmt: skip
    assert brief(examples)[0] == ("train", "neutral", "A port\n\nshut.")


def test_wikinews_has_no_labels(tmp_path):
    for year in ("2019", "2020"):
        write(tmp_path / f"data/wikinews_{year}.csv", f"url,date,title,text\nu{year},d,T,Port.\n")
    assert brief(read("wikinews_en", tmp_path, "articles")) == [("all", None, "Port.")] * 2


@pytest.fixture
def seesaw(tmp_path):
    triples = {
        "1": [
            {"id": 0, "subject": "Ann Oru", "sentiment": "NEG", "object": "Bo O'Dun"},
            {"id": 1, "subject": "None", "sentiment": "POS", "object": "Not in the list"},
        ],
        "2": [
            {"id": 0, "subject": "Ann Oru", "sentiment": "POS", "object": "the tax"},
            {"id": 1, "subject": "Bo O'Dun", "sentiment": "NEG", "object": "the tax"},
        ],
        "3": [{"id": 0, "subject": "None", "sentiment": "NEG", "object": "Bo O'Dun"}],
    }
    listed = [["Ann Oru", ["People"], ["Main"]], ["Bo O'Dun", ["People"], ["Main"]],
              ["the tax", ["Topic"], ["Main"]]]  # fmt: skip
    texts = ["", "Ann Oru blamed O’Dun.", "THE TAX split them.", "Oru and the taxes left."]
    sentences = [{"id": i, "text": text} for i, text in enumerate(texts)]
    name = "TRIPLET_000_DOCUMENT_0.json"
    labels = {"entity lists": listed, "sentence-level stances": triples}
    write(tmp_path / "annotations" / name, json.dumps(labels))
    write(tmp_path / "articles" / name, json.dumps({"title": "T", "text": sentences}))
    write(tmp_path / "meta/TRIPLET_000.json", json.dumps({"Split": "valid"}))
    return tmp_path


def test_seesaw_signs_are_the_triples(seesaw):
    examples = read("seesaw", seesaw, "sign")
    assert [(e.label, e.passage.voice, e.passage.target) for e in examples] == [
        ("against", "Ann Oru", "Bo O'Dun"), ("favor", None, None),
        ("favor", "Ann Oru", "the tax"), ("against", "Bo O'Dun", "the tax"),
        ("against", None, "Bo O'Dun"),
    ]  # fmt: skip
    first = examples[0].passage
    assert [first.text[a:b] for a, b in first.mentions] == ["O’Dun"]
    assert (first.index, first.previous, first.following) == (0, "", "THE TAX split them.")


def test_seesaw_derives_neutral_for_the_named(seesaw):
    named = [(e.id[-12:], e.label) for e in read("seesaw", seesaw, "stance", "named")]
    # The tax has both signs in sentence 2, and "the taxes" of sentence 3 do not name it.
    assert named == [("_0#1/Ann Oru", "neutral"), ("0#1/Bo O'Dun", "against"),
                     ("_0#3/Ann Oru", "neutral")]  # fmt: skip
    everything = read("seesaw", seesaw, "stance", "all")
    assert [(e.id[-12:], e.label) for e in everything][-1] == ("0#3/Bo O'Dun", "against")
    assert len(everything) == 4
    assert all(e.passage.voice is None for e in everything)


PLAIN = st.text("ab .“", max_size=6)
NAME = st.text("AB", min_size=1, max_size=4)


@given(PLAIN, NAME, PLAIN, NAME, PLAIN)
def test_dse_marks_come_off_wherever_they_stand(before, first, between, second, after):
    with tempfile.TemporaryDirectory() as folder:
        for split in ("train", "valid", "test"):
            row = f"{before}[{first}]{between}[{second}]{after}\t{first}\t{second}\t0\n"
            write(Path(folder) / f"{split}.txt", row)
        passage = read("dse", Path(folder), "relation", "published")[0].passage
    assert passage.text == before + first + between + second + after
    assert (passage.voice, passage.target) == (first, second)
    ((start, end),) = passage.mentions
    assert start == len(before + first + between) and end == start + len(second)

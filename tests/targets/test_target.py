import json

import pytest

from stance.targets.target import (
    Target,
    TargetError,
    parse_target,
    parse_targets,
    read_targets,
)


def test_a_name_alone():
    assert parse_target("  Russia ") == Target("Russia")


def test_a_name_with_aliases():
    target = parse_target("U.S.-led coalition=United States,American forces,Americans")
    assert target.names == (
        "U.S.-led coalition",
        "United States",
        "American forces",
        "Americans",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a name before any '=', got none"),
        ("=Moscow", "expected a name before any '=', got none"),
        ("Russia=", "expected an alias after '=', got none"),
        ("Russia=,,", "expected an alias after '=', got none"),
        ("Russia=Moscow,", "alias 2 is empty"),
        ("Russia=Moscow,Moscow", "'Moscow' is given twice"),
        ("Russia=Russia", "'Russia' is given twice"),
        ("a=b=c", "expected one '='"),
        ("--", "expected a letter or a digit in the name"),
        ("x" * 301, "expected at most 300 characters, got 301"),
    ],
)
def test_what_cannot_be_a_target(text, message):
    with pytest.raises(TargetError, match=message):
        parse_target(text)


def test_too_many_aliases():
    with pytest.raises(TargetError, match="at most 2000 aliases, got 2001"):
        Target("a", tuple(f"a{i}" for i in range(2001)))


def test_two_targets_of_one_name():
    with pytest.raises(TargetError, match="'russia' is given twice"):
        parse_targets(["Russia", "russia"])


def test_a_file_of_lines(tmp_path):
    file = tmp_path / "targets.txt"
    file.write_text("# sides\nRussia=Moscow\n\nthe tax bill\n", encoding="utf-8")
    assert read_targets(file) == (Target("Russia", ("Moscow",)), Target("the tax bill"))


def test_a_csv_file(tmp_path):
    file = tmp_path / "targets.csv"
    file.write_text('name,aliases\n"Berg, Ola",Berg,\nRussia\n', encoding="utf-8")
    assert read_targets(file) == (Target("Berg, Ola", ("Berg",)), Target("Russia"))


def test_a_json_file(tmp_path):
    file = tmp_path / "targets.json"
    file.write_text(json.dumps(["Russia", {"name": "NATO", "aliases": ["the alliance"]}]))
    assert read_targets(file) == (Target("Russia"), Target("NATO", ("the alliance",)))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.txt", "# none\n", "expected a target, got none"),
        ("t.txt", "Russia\n=x\n", "line 2: .*expected a name"),
        ("t.csv", "Russia,Russia\n", "row 1: .*given twice"),
        ("t.csv", '"open\n', "expected CSV"),
        ("t.json", "{}", "expected a list of targets"),
        ("t.json", "[", "expected JSON"),
        ("t.json", "[3]", "item 1: expected a name or an object"),
        ("t.json", '[{"name": "a", "alias": []}]', "got 'alias' as well"),
        ("t.json", '[{"name": "a", "aliases": "b"}]', "'aliases' to be a list of str"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, message):
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TargetError, match=message):
        read_targets(file)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(TargetError, match="cannot be read"):
        read_targets(tmp_path / "none.txt")


def test_a_file_that_is_not_text(tmp_path):
    file = tmp_path / "t.txt"
    file.write_bytes(b"Russia\xff")
    with pytest.raises(TargetError, match="expected UTF-8, got byte 6"):
        read_targets(file)

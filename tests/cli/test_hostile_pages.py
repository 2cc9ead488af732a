"""Pages that mean harm, through every command that writes HTML: carried as text, nothing runs.

The checks in a browser are slow and need Chromium::

    pytest -m slow tests/cli/test_hostile_pages.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from stance.cli import main

RUN = "document.documentElement.setAttribute('data-run', 'yes')"
HARM = (
    f"</script><script>{RUN}</script>",
    f'<img src=x onerror="{RUN}">',
    f'<svg onload="{RUN}"></svg>',
    f'"><iframe srcdoc="<script>parent.{RUN}</script>">',
    "{{ 7 * 7 }} {% for x in y %}",
    "\u202ereversed\u202c and \u2066isolated",
    "]]></style></title></textarea>-->",
)
PLAIN = "Ice & <harm> in port\n\n" + "\n\n".join(
    f"“The ferry {harm} will sail,” said Ida {harm} Lund. Lund praised Norway {harm} and Norway."
    for harm in HARM
)
MARKUP = (
    f'<html><head><title>Ice</title><script>{RUN}</script></head><body onload="{RUN}">'
    f"<h1>Ice in port</h1><p>“The ferry will sail to Norway,” said Ida Lund of Norway.</p>"
    f"<p>She praised Norway.<script>{RUN}</script></p>"
    f'<iframe src="data:text/html,<script>{RUN}</script>"></iframe>'
    f'<p><a href="javascript:{RUN}">Norway</a> answered &lt;script&gt;{RUN}&lt;/script&gt;.</p>'
    f'<img src="data:image/svg+xml,<svg onload=\'{RUN}\'/>" onerror="{RUN}">{"<div>" * 3000}'
)
COMMANDS = (["label", "--targets", "auto"], ["quotes"], ["map"])
POLICY = "default-src 'none'; style-src 'sha256-"


class Seen(HTMLParser):
    """What a parser finds on a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def stance(*arguments: str | Path) -> int:
    """Exit code of a command."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setattr(sys, "argv", ["stance", *map(str, arguments)])
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture(scope="module", params=[PLAIN, MARKUP], ids=["text", "HTML"])
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What each command makes of a page."""
    folder = tmp_path_factory.mktemp("pages")
    page = folder / "page.txt"
    page.write_text(request.param, encoding="utf-8")
    made = []
    for command in COMMANDS:
        out = folder / f"{command[0]}.html"
        assert stance(command[0], page, *command[1:], "--html", out) == 0
        made.append(out)
    return made


def test_nothing_of_the_page_becomes_markup(pages: list[Path]) -> None:
    for path in pages:
        seen = Seen(path.read_text(encoding="utf-8"))
        assert not seen.tags & {
            "script",
            "iframe",
            "img",
            "object",
            "embed",
            "base",
            "form",
            "link",
        }
        names = {name for name, _ in seen.attributes}
        assert not [name for name in names if name.startswith("on") or name == "style"]
        addresses = [value for name, value in seen.attributes if name in ("href", "src", "srcset")]
        assert all(address.startswith("#") for address in addresses)
        policies = [value for name, value in seen.attributes if value.startswith(POLICY)]
        assert len(policies) == 1 and "unsafe" not in policies[0]


def test_what_the_page_says_is_still_said(tmp_path: Path) -> None:
    page, out = tmp_path / "page.txt", tmp_path / "page.html"
    page.write_text(PLAIN, encoding="utf-8")
    assert stance("label", page, "--html", out) == 0
    text = Seen(out.read_text(encoding="utf-8")).text
    assert f"</script><script>{RUN}</script>" in text and "{{ 7 * 7 }}" in text


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_line_of_100_megabytes_is_refused(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.txt"
    with page.open("wb") as file:
        file.write(b"said " * 100)
        file.truncate(100_000_000)
    assert stance(command[0], page, "--html", tmp_path / "out.html") == 2
    assert "10,000,001 bytes, the limit is 10,000,000" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out.html").exists()


def browsed(page: Path, profile: Path) -> str:
    """The page's tree after a browser has loaded it."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("no chromium on the PATH: that nothing runs in a browser is NOT checked")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--dump-dom")
    run = [browser, *flags, f"--user-data-dir={profile}", page.as_uri()]
    done = subprocess.run(run, capture_output=True, timeout=120, check=True)
    return done.stdout.decode("utf-8", "replace")


@pytest.mark.slow
def test_a_browser_runs_the_harm_where_it_is_not_escaped(tmp_path: Path) -> None:
    page = tmp_path / "harm.html"
    page.write_text(f"<html><body>{HARM[0]}", encoding="utf-8")
    assert 'data-run="yes"' in browsed(page, tmp_path / "profile")


@pytest.mark.slow
def test_a_browser_runs_nothing(pages: list[Path], tmp_path: Path) -> None:
    for path in pages:
        tree = browsed(path, tmp_path / path.stem)
        assert 'data-run="yes"' not in tree.split(">", 2)[1]
        assert len(tree) > 1000 and "<script" not in tree and POLICY in tree
        assert not Seen(tree).tags & {"script", "iframe", "img"}

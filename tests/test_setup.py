"""What set-up fetches is what may be used, and it ties nobody to one registry."""

import re
from pathlib import Path

import pytest

import attest
from tools.fetch_assets import ROOT, VENDOR, licence_text, without_crown, without_source_map

VENDORED = VENDOR / "govuk-frontend"


@pytest.mark.parametrize(
    ("css", "left"),
    [
        ("@font-face{font-family:GDS Transport;src:url(/assets/a.woff2)}a{b:c}", "a{b:c}"),
        ("a{font-family:GDS Transport,arial,sans-serif}", "a{font-family:arial,sans-serif}"),
        ('a{font-family:"GDS Transport", arial}', "a{font-family:arial}"),
        ("a{mask-image:url(/assets/images/govuk-crest.svg)}", "a{mask-image:none}"),
        ("/*! The font is for gov.uk alone. */a{b:c}", "a{b:c}"),
        ("/*! MIT */a{b:c}", "/*! MIT */a{b:c}"),
    ],
)
def test_the_typeface_and_the_crest_are_taken_out(css: str, left: str) -> None:
    assert without_crown(css) == left


def test_a_typeface_that_stays_stops_the_set_up() -> None:
    with pytest.raises(SystemExit, match="GDS Transport"):
        without_crown("a{font-family:arial,GDS Transport}")


def test_source_maps_are_not_asked_for() -> None:
    assert without_source_map("a{b:c}\n/*# sourceMappingURL=a.css.map */\n") == "a{b:c}\n"
    assert without_source_map("f();//# sourceMappingURL=a.js.map") == "f();\n"


def test_the_fetched_stylesheet_asks_for_no_other_file() -> None:
    css = (VENDORED / "govuk-frontend.min.css").read_text(encoding="utf-8")
    assert ".govuk-button" in css
    assert "url(/" not in css
    assert "GDS Transport" not in css


def test_the_fetched_files_come_with_their_licence() -> None:
    licence = (VENDORED / "LICENCE.txt").read_text(encoding="utf-8")
    assert "Crown Copyright" in licence
    assert "Permission is hereby granted" in licence


def test_another_licence_stops_the_set_up(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"license": "UNLICENSED"}')
    with pytest.raises(SystemExit, match="UNLICENSED"):
        licence_text(tmp_path)


@pytest.mark.parametrize(
    "path",
    [*ROOT.glob("requirements*.txt"), *ROOT.glob("tools/*.txt"), ROOT / "package-lock.json"],
    ids=lambda path: path.name,
)
def test_lock_files_name_no_registry(path: Path) -> None:
    assert "://" not in path.read_text(encoding="utf-8")


def test_the_stylesheet_and_the_macros_belong_together() -> None:
    # The release of the macros that renders what 6.3.0 of the stylesheet expects.
    assert "govuk-frontend-jinja==4.1.0" in (ROOT / "requirements.txt").read_text()
    assert '"govuk-frontend": "6.3.0"' in (ROOT / "package.json").read_text()


def test_the_version_looks_like_one() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", attest.__version__)

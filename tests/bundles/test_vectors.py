"""docs/vectors/ is what the script writes, and its README tells of each."""

import json

from tests.bundles.vectors import CHOSEN, FOLDER, files


def test_the_folder_holds_what_the_script_writes():
    wanted = dict(files())
    assert {path.name for path in FOLDER.iterdir()} - {"README.md"} == set(wanted)
    for name, data in wanted.items():
        assert (FOLDER / name).read_bytes() == data, f"{name}: run python -m tests.bundles.vectors"


def test_each_step_refuses_one():
    said = [json.loads((FOLDER / f"{name}.report.json").read_text("utf-8")) for name in CHOSEN]
    refused = [report["failure"]["step"] for report in said if report["status"] == 1]
    assert refused == list(range(1, 14))
    assert {report["status"] for report in said} == {0, 1, 3}


def test_the_readme_names_every_vector():
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert [name for name in CHOSEN if f"`{name}`" not in readme] == []

"""The command line: exit statuses, both forms of the report, and PyNaCl as the only package."""

import io
import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from attest.bundle.command import run
from attest.bundle.trust import Trust, encode_trust
from tests.cast import ANNE
from tests.logs import LogWriter, closed_log, issued_log
from tests.packing import packed, trust_of
from tests.tsa import tsa

LOG = closed_log()
GOOD = packed(LOG, certificate=b"%PDF-1.7")
ROOT = Path(__file__).parents[2]

# Runs the module with every other third-party package out of reach.
ALONE = """
import sys
from importlib.abc import MetaPathFinder

class Only(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        allowed = {"attest", "nacl", "_cffi_backend", "cffi"}
        if top not in sys.stdlib_module_names and top not in allowed:
            raise ModuleNotFoundError(f"{name} is not there")
        return None

sys.meta_path.insert(0, Only())
import runpy
runpy.run_module("attest.bundle", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def files(tmp_path):
    """Writes a bundle and a trust file, and gives the command's arguments."""

    def write(bundle: bytes = GOOD, trust: Trust | bytes | None = None) -> list[str]:
        said = trust_of(LOG) if trust is None else trust
        (tmp_path / "bundle.zip").write_bytes(bundle)
        (tmp_path / "trust.json").write_bytes(
            encode_trust(said) if isinstance(said, Trust) else said
        )
        return [str(tmp_path / "bundle.zip"), "--trust", str(tmp_path / "trust.json")]

    return write


def ran(args: list[str]) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return run(args, out, err), out.getvalue(), err.getvalue()


def test_verified(files):
    status, out, err = ran(files())
    assert (status, err) == (0, "")
    assert out.startswith("VERIFIED\n")
    assert "  list 0.xlsx\n    State         accepted\n" in out
    assert "by Oscar Okafor, Assurance lead, Halden Support Services plc" in out
    assert "proved by a checkpoint that you received on 1 March 2013, 12:00 UTC" in out
    assert "The operator's word" in out
    assert "certificate.pdf is a rendering for people. It is no evidence" in out


def test_intact_but(files):
    status, out, _ = ran(files(trust=trust_of(LOG, pinned=[], witnessed=False)))
    assert status == 3
    assert out.startswith("INTACT, BUT keys not pinned, not witnessed\n")
    assert "With untrusted keys it would stand like this:" in out
    assert "proved by nothing outside" in out


def test_failed(files):
    bodies = [*LOG.bodies[:-1], b"{}"]
    status, out, _ = ran(files(packed(LOG, bodies=bodies)))
    assert status == 1
    assert out.startswith("FAILED\n\nStep          5\nLeaf          17\nReason ")


def test_no_line_is_wider_than_a_terminal(files):
    for trust in (trust_of(LOG), trust_of(LOG, pinned=[], witnessed=False)):
        _, out, _ = ran(files(trust=trust))
        assert max(map(len, out.splitlines())) <= 100


def test_json_says_the_same(files):
    status, out, _ = ran([*files(), "--json"])
    said = json.loads(out)
    assert (status, said["status"], said["verdict"]) == (0, 0, "VERIFIED")
    [first, _] = said["files"]
    assert first["name"] == "list 0.xlsx"
    assert first["state"] == "accepted"
    assert first["attestation"]["holder"]["name"] == "Oscar Okafor"
    assert first["attestation"]["provedBy"] == "2013-03-01T12:00:00Z"
    assert said["operatorsWord"]["letter.sent"] == 2


def test_json_of_a_failure(files):
    status, out, _ = ran([*files(GOOD[:-1]), "--json"])
    said = json.loads(out)
    assert status == said["status"] == 1
    assert said["failure"]["step"] == 1
    assert said["files"] == []


def test_json_without_files(files):
    log = LogWriter()
    log.enrol(ANNE)
    status, out, _ = ran([*files(packed(log), trust_of(log)), "--json"])
    assert (status, json.loads(out)["files"]) == (0, [])


def test_a_bundle_that_is_not_there(files):
    args = files()
    Path(args[0]).unlink()
    status, out, err = ran(args)
    assert (status, out) == (2, "")
    assert "bundle.zip: No such file or directory." in err


def test_a_bundle_that_is_a_folder(files, tmp_path):
    args = files()
    status, _, err = ran([str(tmp_path), *args[1:]])
    assert status == 2
    assert "directory" in err


@pytest.mark.parametrize("trust", [b"", b"{}", b'{"origin":"x"}', b"[" * 2_000_000, b"\xff\xfe"])
def test_a_trust_file_that_cannot_be_read(files, trust):
    status, _, err = ran(files(trust=trust))
    assert status == 2
    assert "trust.json: " in err
    assert "Traceback" not in err


def test_timestamps_need_more_than_pynacl(files):
    # What runs here is `python -m attest.bundle`: nothing is handed in that checks signatures.
    trust = replace(trust_of(LOG), tsa_roots=(tsa("ecdsa").root_pem,))
    status, out, err = ran(files(trust=trust))
    assert (status, out) == (2, "")
    assert "Run `attest verify` with the same arguments." in err


def test_timestamps_are_counted_and_not_checked(files):
    status, out, _ = ran(files(packed(LOG, timestamps={3: b"token"})))
    assert status == 0
    assert "1 timestamp: your trust file has no tsaRoots." in out


@pytest.mark.parametrize("args", [[], ["x.zip"], ["--trust", "x"], ["--nonsense"]])
def test_wrong_usage(args):
    status, out, err = ran(args)
    assert (status, out) == (2, "")
    assert "usage:" in err


def test_help_names_the_exit_statuses():
    status, out, err = ran(["--help"])
    assert (status, err) == (0, "")
    for word in ("VERIFIED", "FAILED", "INTACT, BUT", "--json", "--trust"):
        assert word in out


def test_what_was_typed_never_steers_a_terminal(files):
    log = issued_log()
    log.name_file("list\u009b31m\u00ad.xlsx")
    _, out, _ = ran(files(packed(log), trust_of(log)))
    assert "\u009b" not in out
    assert r"list\u009b31m\u00ad.xlsx" in out


@pytest.mark.parametrize("seed", range(40))
def test_rubbish_is_refused_without_a_traceback(files, seed):
    rng = random.Random(seed)
    data = bytearray(GOOD)
    for _ in range(rng.randrange(1, 200)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    status, out, _ = ran(files(bytes(data)))
    assert status in (1, 2)
    assert "VERIFIED" not in out


def test_it_runs_with_pynacl_alone(files):
    found = f"import sys; sys.path.insert(0, {str(ROOT)!r})"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{found}\n{ALONE}", *files()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout.startswith("VERIFIED\n")


def test_the_hook_really_blocks_packages():
    done = subprocess.run(
        [sys.executable, "-c", ALONE.replace("import runpy", "import flask")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "flask is not there" in done.stderr

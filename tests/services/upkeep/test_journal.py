import structlog

from attest.services.upkeep.journal import set_up_journal


def fail(password: str) -> None:
    raise KeyError(f"no mail server for {len(password)} letters")


def test_a_traceback_names_lines_and_shows_no_values(capsys):
    before = structlog.get_config()
    try:
        set_up_journal()
        try:
            fail("open sesame")
        except KeyError:
            structlog.get_logger().exception("tick failed", tick="send")
    finally:
        structlog.configure(**before)
    output = capsys.readouterr().out
    assert "tick failed" in output
    assert "test_journal.py" in output
    assert "no mail server for 11 letters" in output
    assert "sesame" not in output.replace('fail("open sesame")', "")

import re
import stat
from pathlib import Path

import pytest

from attest.services.instance import create_instance, load_log_key
from attest.settings import SETTINGS, Settings, SettingsError
from attest.signing import b64

DOCUMENT = Path(__file__).parent.parent / "docs" / "settings.md"
ROW = re.compile(r"\| `(\w+)` \| `(ATTEST_\w+)` \| ([^|]+) \|")


@pytest.fixture
def instance(tmp_path) -> Path:
    create_instance(
        tmp_path / "instance",
        instance_name="attest.example.org",
        base_url="http://localhost:8000",
        mail_from="attest@example.org",
    )
    return tmp_path / "instance"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_setting_is_documented_and_nothing_else():
    rows = ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
    assert len(rows) == len(SETTINGS)
    assert {name for name, _, _ in rows} == set(SETTINGS)
    assert all(variable == f"ATTEST_{name.upper()}" for name, variable, _ in rows)


def test_the_documented_defaults_are_the_defaults(instance):
    settings = Settings.load(instance, {})
    documented = {
        name: default.strip("` ")
        for name, _, default in ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
    }
    for name in SETTINGS:
        value = getattr(settings, name)
        if name in {"instance_path", "database_url", "secret_key", "log_key_path"}:
            continue
        if documented[name] == "must be set":
            continue
        words = "none" if value is None else str(value)
        assert documented[name] == (words.lower() if isinstance(value, bool) else words), name


def test_a_new_instance_keeps_its_secrets_to_its_owner(instance):
    assert mode(instance) == 0o700
    assert mode(instance / "mail") == 0o700
    for name in ("log-key", "secret-key", "settings.toml"):
        assert mode(instance / name) == 0o600


def test_a_folder_that_others_could_read_is_closed(tmp_path):
    tmp_path.chmod(0o755)
    create_instance(
        tmp_path, instance_name="a", base_url="http://localhost", mail_from="a@b.example"
    )
    assert mode(tmp_path) == 0o700


def test_a_new_instance_can_be_loaded(instance):
    settings = Settings.load(instance, {})
    assert settings.instance_name == "attest.example.org"
    assert settings.database_url == f"sqlite:///{instance}/attest.sqlite3"
    assert len(settings.secret_key) >= 32
    key = load_log_key(settings)
    assert (instance / "log-key").read_text() == b64(key.seed) + "\n"


def test_two_instances_have_different_keys(instance, tmp_path):
    other = create_instance(
        tmp_path / "other",
        instance_name="attest.example.org",
        base_url="http://localhost:8000",
        mail_from="attest@example.org",
    )
    first = Settings.load(instance, {})
    assert load_log_key(first).keyid != load_log_key(other).keyid
    assert first.secret_key != other.secret_key


def test_an_instance_is_never_written_over(instance):
    before = {path.name: path.read_bytes() for path in instance.iterdir() if path.is_file()}
    with pytest.raises(SettingsError, match="already"):
        create_instance(
            instance, instance_name="x", base_url="http://localhost", mail_from="a@b.example"
        )
    after = {path.name: path.read_bytes() for path in instance.iterdir() if path.is_file()}
    assert after == before


@pytest.mark.parametrize("name", ["with space", "with+plus", "", "a\nb", "ä", "x" * 101])
def test_an_instance_name_that_no_checkpoint_could_carry_is_refused(tmp_path, name):
    with pytest.raises(SettingsError, match="name"):
        create_instance(
            tmp_path / "i", instance_name=name, base_url="http://h", mail_from="a@b.example"
        )
    assert not (tmp_path / "i").exists()


def test_a_wrong_setting_leaves_nothing_behind_that_init_stumbles_over(tmp_path):
    good = {"instance_name": "a", "base_url": "http://localhost", "mail_from": "a@b.example"}
    with pytest.raises(SettingsError, match="smtp_port"):
        create_instance(tmp_path / "i", **good, smtp_port=0)
    settings = create_instance(tmp_path / "i", **good, smtp_port=25, mailbox=True)
    assert (settings.smtp_port, settings.mailbox) == (25, True)


def test_quotes_and_backslashes_survive_the_file(tmp_path):
    settings = create_instance(
        tmp_path / "i",
        instance_name="a",
        base_url="http://localhost",
        mail_from="a@b.example",
        mail_from_name='The "Attest" \\ desk',
    )
    assert settings.mail_from_name == 'The "Attest" \\ desk'


def test_the_environment_wins(instance):
    settings = Settings.load(instance, {"ATTEST_SMTP_PORT": "2525", "ATTEST_MAILBOX": "true"})
    assert settings.smtp_port == 2525
    assert settings.mailbox is True
    assert settings.base_url == "http://localhost:8000"


def test_the_environment_says_where_the_instance_is(instance):
    assert Settings.load(None, {"ATTEST_INSTANCE_PATH": str(instance)}).instance_path == instance


def test_an_empty_variable_is_as_good_as_none(instance):
    assert Settings.load(instance, {"ATTEST_SMTP_HOST": " "}).smtp_host is None


def test_secrets_are_not_shown(instance):
    environment = {
        "ATTEST_SMTP_PASSWORD": "open sesame",
        "ATTEST_DATABASE_URL": "postgresql://me:hunter2@db/attest",
    }
    settings = Settings.load(instance, environment)
    shown = repr(settings)
    assert settings.smtp_password == "open sesame"
    assert "sesame" not in shown
    assert "hunter2" not in shown
    assert settings.secret_key not in shown


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("BASE_URL", "attest.example.org", "address such as"),
        ("BASE_URL", "https://attest.example.org/?a=b", "address such as"),
        ("MAIL_FROM", "nobody", "email address"),
        ("MAIL_FROM", "a@b.example\r\nBcc: c@d.example", "one line"),
        ("MAIL_FROM_NAME", "Attest\nBcc: c@d.example", "one line"),
        ("SMTP_PORT", "70000", "between 1 and 65535"),
        ("SMTP_PORT", "many", "whole number"),
        ("SMTP_PORT", "²", "whole number"),
        ("SMTP_TLS", "maybe", "starttls, tls, none"),
        ("SECRET_KEY", "short", "at least 32"),
        ("SESSION_MINUTES", "0", "between 1"),
        ("TIME_ZONE", "Europe/Atlantis", "Europe/London"),
        ("MAILBOX", "yes", "true or false"),
        ("SIGNED_RETURNS", "maybe", "true or false"),
        ("IMAP_TLS", "maybe", "starttls, tls, none"),
        ("IMAP_FOLDER", 'IN"BOX', "such as INBOX"),
        ("IMAP_HANDLED_FOLDER", "a\\b", "such as INBOX"),
        ("IMAP_SECONDS", "1", "between 5 and 3600"),
        ("TSA_URL", "tsa.example.org", "address such as"),
        ("TSA_URL", "file:///etc/passwd", "address such as"),
        ("TSA_URL", "ftp://tsa.example.org/tsr", "address such as"),
        ("TSA_URL", "https://me:secret@tsa.example.org/tsr", "user name"),
        ("TSA_URL", "https://tsa.example.org/a b", "space"),
        ("TSA_URL", "https://tsa.example.org:99999/", "range"),
        ("TSA_URL", "https://[::1/", "IPv6"),
        ("TSA_ROOTS", "nowhere.pem", "there is no file"),
        ("TSA_MINUTES", "-1", "whole number"),
        ("TSA_TIMEOUT_SECONDS", "61", "between 1 and 60"),
    ],
)
def test_a_wrong_value_is_refused_by_name(instance, name, value, says):
    with pytest.raises(SettingsError) as refused:
        Settings.load(instance, {f"ATTEST_{name}": value})
    assert name.lower() in str(refused.value)
    assert says in str(refused.value)


def test_a_return_address_leaves_room_for_its_token(instance):
    long = "a-rather-long-mailbox-name@attest.example"
    with pytest.raises(SettingsError, match="return_address has more than 21"):
        Settings.load(instance, {"ATTEST_RETURN_ADDRESS": long})
    with pytest.raises(SettingsError, match="mail_from has more than 21"):
        Settings.load(instance, {"ATTEST_MAIL_FROM": long})
    Settings.load(instance, {"ATTEST_MAIL_FROM": long, "ATTEST_SIGNED_RETURNS": "false"})
    both = {"ATTEST_MAIL_FROM": long, "ATTEST_RETURN_ADDRESS": "returns@attest.example"}
    assert Settings.load(instance, both).return_address == "returns@attest.example"


def test_a_mailbox_needs_its_user_and_addresses_that_tell_letters_apart(instance):
    mailbox = {"ATTEST_IMAP_HOST": "imap.attest.example"}
    with pytest.raises(SettingsError, match="imap_host needs imap_user"):
        Settings.load(instance, mailbox)
    mailbox["ATTEST_IMAP_USER"] = "attest"
    # The web server and every command but the worker start without the worker's passwords.
    assert Settings.load(instance, mailbox).imap_password is None
    mailbox["ATTEST_IMAP_PASSWORD"] = "open sesame"
    settings = Settings.load(instance, mailbox)
    assert (settings.imap_port, settings.imap_tls, settings.imap_folder) == (993, "tls", "INBOX")
    assert "sesame" not in repr(settings)
    with pytest.raises(SettingsError, match="imap_host needs signed_returns"):
        Settings.load(instance, {**mailbox, "ATTEST_SIGNED_RETURNS": "false"})


def test_a_password_never_travels_in_the_clear(instance):
    with pytest.raises(SettingsError, match="unencrypted"):
        Settings.load(instance, {"ATTEST_SMTP_TLS": "none", "ATTEST_SMTP_PASSWORD": "x"})


def test_an_authority_without_its_root_is_refused(instance):
    with pytest.raises(SettingsError, match="tsa_url needs tsa_roots"):
        Settings.load(instance, {"ATTEST_TSA_URL": "https://tsa.example.org/tsr"})


def test_the_roots_lie_in_the_instance_or_where_they_are_said_to(instance, tmp_path):
    (instance / "tsa.pem").write_text("a root")
    elsewhere = tmp_path / "roots.pem"
    elsewhere.write_text("a root")
    url = {"ATTEST_TSA_URL": "https://tsa.example.org/account-7/tsr"}
    settings = Settings.load(instance, {**url, "ATTEST_TSA_ROOTS": "tsa.pem"})
    assert settings.tsa_roots == instance / "tsa.pem"
    assert settings.tsa_host == "tsa.example.org"
    assert "account-7" not in repr(settings)
    settings = Settings.load(instance, {**url, "ATTEST_TSA_ROOTS": str(elsewhere)})
    assert settings.tsa_roots == elsewhere


def test_a_name_that_is_no_setting_is_refused(instance):
    with (instance / "settings.toml").open("a") as file:
        file.write("smpt_host = 'mail'\n")
    with pytest.raises(SettingsError, match="smpt_host"):
        Settings.load(instance, {})


def test_a_file_that_is_no_toml_is_refused(instance):
    (instance / "settings.toml").write_text("hello")
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        Settings.load(instance, {})


def test_a_folder_without_an_instance_says_what_to_do(tmp_path):
    with pytest.raises(SettingsError, match="attest init"):
        Settings.load(tmp_path, {})


@pytest.mark.parametrize("name", ["secret-key", "log-key"])
@pytest.mark.parametrize("bits", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_refused(instance, name, bits):
    (instance / name).chmod(bits)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_log_key(Settings.load(instance, {}))


@pytest.mark.parametrize("content", ["", "\n", "no key", "AAAA\n"])
def test_a_log_key_that_is_none_is_refused(instance, content):
    (instance / "log-key").write_text(content)
    with pytest.raises(SettingsError, match="log-key"):
        load_log_key(Settings.load(instance, {}))


def test_a_missing_key_says_what_to_do(instance):
    (instance / "log-key").unlink()
    with pytest.raises(SettingsError, match="attest init"):
        load_log_key(Settings.load(instance, {}))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"S3_ENDPOINT": "https://s.example"}, "s3_endpoint needs s3_bucket"),
        ({"S3_BUCKET": "b", "S3_ACCESS_KEY": "made-up"}, "need each other"),
        ({"S3_BUCKET": "b", "S3_PREFIX": "/evidence"}, "s3_prefix is wrong"),
        ({"EVIDENCE_MEGABYTES": "5000"}, "between 1 and 4295"),
    ],
)
def test_storage_settings_need_each_other(instance, given, sentence):
    with pytest.raises(SettingsError, match=sentence):
        Settings.load(instance, {f"ATTEST_{name}": value for name, value in given.items()})


def test_evidence_files_lie_in_the_instance_or_where_it_is_said(instance, tmp_path):
    assert Settings.load(instance, {}).evidence_path == instance / "attachments"
    moved = Settings.load(instance, {"ATTEST_ATTACHMENTS_PATH": str(tmp_path / "files")})
    assert moved.evidence_path == tmp_path / "files"
    secret = {"ATTEST_S3_BUCKET": "b", "ATTEST_S3_ACCESS_KEY": "k", "ATTEST_S3_SECRET_KEY": "sssh"}
    assert "sssh" not in repr(Settings.load(instance, secret))

"""Settings: read once, refused in words."""

import pytest

from app.settings import Settings, SettingsError

ENVIRON = {"DRYRUN_SECRET_KEY": "long and random"}


def test_without_a_secret_nothing_starts(tmp_path):
    with pytest.raises(SettingsError, match="DRYRUN_SECRET_KEY is not set"):
        Settings.from_environ({"DRYRUN_VAR": str(tmp_path)})


def test_the_secret_may_lie_under_var(tmp_path):
    (tmp_path / "secret_key").write_text("kept here\n", encoding="ascii")
    assert Settings.from_environ({"DRYRUN_VAR": str(tmp_path)}).secret_key == "kept here"


def test_the_defaults_are_one_machine_with_sqlite():
    settings = Settings.from_environ(ENVIRON)
    assert settings.database_url.startswith("sqlite:///")
    assert (settings.https, settings.trusted_proxies) == (False, 0)
    assert (settings.question_bank_directory / "vocabulary.yaml").is_file()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DRYRUN_HTTPS", "true"),
        ("DRYRUN_TRUSTED_PROXIES", "one"),
        ("DRYRUN_GUESTS_PER_MINUTE", "-3"),
    ],
)
def test_a_malformed_setting_is_named(name, value):
    with pytest.raises(SettingsError, match=f"{name} is '{value}'"):
        Settings.from_environ({**ENVIRON, name: value})

"""Everything that differs between installations, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT_DIRECTORY = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is missing or malformed; the message says which and what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One installation's settings; built by :meth:`from_environ`, or directly in tests."""

    # Signs cookies. Changing it signs everybody out.
    secret_key: str
    # SQLAlchemy URL: SQLite for one machine, postgresql+psycopg:// for more.
    database_url: str
    # Where SQLite's file, its copies before migrations and the secret of `make run` live.
    var_directory: Path = PROJECT_DIRECTORY / "var"
    # The folder that holds exams/, items/ and vocabulary.yaml.
    question_bank_directory: Path = PROJECT_DIRECTORY / "question_bank"
    # True when browsers reach the server over https: cookies become Secure and __Host-.
    https: bool = False
    # How many proxies in front of the server may set X-Forwarded-* headers.
    trusted_proxies: int = 0
    # Guests that one address may create in a minute.
    guests_per_minute: int = 120

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings.

        Raises SettingsError, with a sentence, when the secret is missing or a number is not one.
        """
        var_directory = Path(environ.get("DRYRUN_VAR", str(PROJECT_DIRECTORY / "var")))
        secret_key = environ.get("DRYRUN_SECRET_KEY") or _stored_secret(var_directory)
        if not secret_key:
            raise SettingsError(
                "DRYRUN_SECRET_KEY is not set. Set it to a long random value, "
                "or start with `make run`, which keeps one under var/."
            )
        bank = environ.get("DRYRUN_QUESTION_BANK", str(PROJECT_DIRECTORY / "question_bank"))
        return cls(
            secret_key=secret_key,
            database_url=environ.get("DRYRUN_DATABASE_URL", f"sqlite:///{var_directory}/dryrun.db"),
            var_directory=var_directory,
            question_bank_directory=Path(bank),
            https=_switch(environ, "DRYRUN_HTTPS"),
            trusted_proxies=_whole_number(environ, "DRYRUN_TRUSTED_PROXIES", default=0),
            guests_per_minute=_whole_number(environ, "DRYRUN_GUESTS_PER_MINUTE", default=120),
        )


def _stored_secret(var_directory: Path) -> str:
    path = var_directory / "secret_key"
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""


def _whole_number(environ: Mapping[str, str], name: str, *, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdecimal():
        raise SettingsError(f"{name} is {text!r}. Set it to a whole number, 0 or more.")
    return int(text)


def _switch(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "0")
    if text not in ("0", "1"):
        raise SettingsError(f"{name} is {text!r}. Set it to 1 for yes or 0 for no.")
    return text == "1"

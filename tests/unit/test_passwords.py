"""Passwords: what is refused, how they are kept, and that unknown accounts cost the same."""

from statistics import median
from time import process_time

import pytest
from argon2 import PasswordHasher, extract_parameters

from app.accounts import passwords


@pytest.mark.parametrize(
    "password", ["correct horse battery", "aaaaaaaaaaab", "пароль мой длинный", "x" * 128]
)
def test_length_is_enough(password: str) -> None:
    assert passwords.objection(password) is None


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("1234567", "8 or more characters"),
        ("x" * 129, "at most 128 characters"),
        ("password", "everybody tries first"),
        ("PASSWORD", "everybody tries first"),
        ("iloveyou", "everybody tries first"),
        ("Ada Lovelace", "your name or e-mail"),
        ("ADA@example.org", "your name or e-mail"),
    ],
)
def test_a_refused_password_is_told_why(password: str, words: str) -> None:
    objection = passwords.objection(password, own_words=("Ada Lovelace", "ada@example.org"))

    assert objection is not None
    assert words in objection


def test_a_password_matches_its_own_hash_only() -> None:
    kept = passwords.hash_password("correct horse battery")

    assert passwords.matches(kept, "correct horse battery")
    assert not passwords.matches(kept, "correct horse batterY")
    assert not passwords.matches("not a hash at all", "correct horse battery")


def test_nobody_has_the_password_of_nobody() -> None:
    assert not passwords.matches(None, "the password of nobody")


def test_a_password_is_kept_as_argon2id_with_46_mebibytes() -> None:
    parameters = extract_parameters(passwords.hash_password("correct horse battery"))

    assert (parameters.type.name, parameters.memory_cost) == ("ID", 46 * 1024)
    assert (parameters.time_cost, parameters.parallelism) == (1, 1)


def test_a_hash_of_weaker_parameters_is_to_be_replaced() -> None:
    weak = PasswordHasher(memory_cost=1024, time_cost=1, parallelism=1).hash("anything")

    assert passwords.needs_rehash(weak)
    assert not passwords.needs_rehash(passwords.hash_password("anything"))


def test_an_unknown_account_takes_the_same_work_as_a_wrong_password() -> None:
    kept = passwords.hash_password("correct horse battery")
    passwords.matches(None, "warms up")
    known, unknown = [], []
    for _ in range(5):
        known.append(_work(kept))
        unknown.append(_work(None))

    assert 0.5 < median(known) / median(unknown) < 2


def _work(kept: str | None) -> float:
    started = process_time()
    passwords.matches(kept, "a wrong password")
    return process_time() - started

"""Passwords: how they are kept, and which are refused.

Argon2id with 46 MiB, one pass and one lane (OWASP's first choice): about 45 ms of one core. Long
is enough: there are no rules about digits or signs, only a list of passwords that everybody tries
first.
"""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM_LENGTH = 8
MAXIMUM_LENGTH = 128

_hasher = PasswordHasher(memory_cost=46 * 1024, time_cost=1, parallelism=1)


def hash_password(password: str) -> str:
    """Return the hash to keep, with its salt and parameters."""
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Say whether the password is the one that was hashed.

    Without a hash, because nobody has this account or it has no password, the same work is done
    for nothing, so that the time taken does not tell which accounts exist.
    """
    try:
        _hasher.verify(password_hash or _hash_of_nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Say whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def objection(password: str, *, own_words: tuple[str, ...] = ()) -> str | None:
    """Return the sentence that says why the password is refused, or None when it is not.

    ``own_words`` are what an attacker would try first for this person: name and e-mail address.
    """
    if len(password) < MINIMUM_LENGTH:
        return f"Enter a password of {MINIMUM_LENGTH} or more characters."
    if len(password) > MAXIMUM_LENGTH:
        return f"Enter a password of at most {MAXIMUM_LENGTH} characters."
    if password.casefold() in _common_passwords():
        return "Enter another password: this one is among those that everybody tries first."
    if password.casefold() in {word.casefold() for word in own_words}:
        return "Enter another password: this one is your name or e-mail address."
    return None


@lru_cache(maxsize=1)
def _hash_of_nobody() -> str:
    return _hasher.hash("the password of nobody")


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    # Here, because the list takes megabytes that a process without registrations can do without.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    passwords = (word.casefold() for word in FREQUENCY_LISTS["passwords"])
    return frozenset(word for word in passwords if len(word) >= MINIMUM_LENGTH)

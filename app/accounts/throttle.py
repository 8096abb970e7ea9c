"""How often a password may be guessed, and how many guests one address may create.

Guesses per account: five in a row, then one every twelve minutes, at most ten in any hour. A person
who knows the password therefore gets in within twelve minutes of the last wrong guess, without
staff, while ten guesses an hour are too few to find a password that is not on the refused list.
Refused attempts are not verified and do not count, so knocking does not keep the door shut.

Guesses per address: fifty in fifteen minutes, over all accounts, enough for a class of forgetful
people behind one address.
"""

import ipaddress
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock

ACCOUNT_WINDOW = timedelta(hours=1)
ACCOUNT_GUESSES = 10
ACCOUNT_QUICK_GUESSES = 5
ACCOUNT_PAUSE = timedelta(minutes=12)
ADDRESS_WINDOW = timedelta(minutes=15)
ADDRESS_GUESSES = 50


def next_guess_for_account(failures: Sequence[datetime], *, now: datetime) -> datetime | None:
    """Return when the account may be guessed at again, or None when that is now.

    ``failures`` are the times of its wrong guesses in the last hour, in any order.
    """
    recent = sorted(at for at in failures if at > now - ACCOUNT_WINDOW)
    if len(recent) >= ACCOUNT_GUESSES:
        return recent[-ACCOUNT_GUESSES] + ACCOUNT_WINDOW
    if len(recent) >= ACCOUNT_QUICK_GUESSES:
        at = min(recent[-1] + ACCOUNT_PAUSE, recent[-ACCOUNT_QUICK_GUESSES] + ACCOUNT_WINDOW)
        return at if at > now else None
    return None


def next_guess_for_address(failures: Sequence[datetime], *, now: datetime) -> datetime | None:
    """Return when the address may guess again, or None when that is now."""
    recent = sorted(at for at in failures if at > now - ADDRESS_WINDOW)
    return recent[-ADDRESS_GUESSES] + ADDRESS_WINDOW if len(recent) >= ADDRESS_GUESSES else None


def address_key(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


class MinuteGate:
    """Counts arrivals by address in each minute of the clock, within this process.

    It keeps somebody from filling the database with guests. It is no protection of a secret, so it
    needs no rows: with w worker processes an address gets at most w times as many.
    """

    def __init__(self, limit: int) -> None:
        """Let this many through a minute for each address."""
        self._limit = limit
        self._minute = 0
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def admits(self, address: str, *, now: datetime) -> bool:
        """Count one arrival and say whether it is within the limit."""
        minute = int(now.timestamp()) // 60
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._counts.clear()
            self._counts[address_key(address)] += 1
            return self._counts[address_key(address)] <= self._limit


def seconds_to_next_minute(now: datetime) -> int:
    """Return after how many seconds the gate counts anew; at least one."""
    return 60 - int(now.timestamp()) % 60

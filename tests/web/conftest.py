"""Fixtures of the web suite: somebody sitting the golden form in a page-checking browser."""

import pytest

from app.exams.service import AttemptKey
from tests.factories.golden import deal_golden_form, golden_secrets, load_golden_bank


@pytest.fixture
def golden_bank(database, clock):
    """Load the golden bank."""
    database.run_in_transaction(lambda session: load_golden_bank(session, now=clock.now()))


@pytest.fixture
def attempt(database, guest, golden_bank, clock):
    """Deal the golden form to the guest and return how the attempt is named."""
    public_id = database.run_in_transaction(
        lambda session: deal_golden_form(session, user_id=guest.id, now=clock.now())
    )
    return AttemptKey(guest.id, public_id)


@pytest.fixture
def sitting(guest_client, attempt):
    """Return the guest's browser, in which no answer may tell anything of the key."""
    guest_client.secrets = golden_secrets()
    return guest_client

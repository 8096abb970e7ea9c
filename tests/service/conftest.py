"""Fixtures of the service suite: a candidate with the golden form, dealt at ``now``."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.exams.service import AttemptKey
from tests.factories.golden import deal_golden_form, load_golden_bank
from tests.factories.people import make_user


@pytest.fixture
def golden_bank(session: Session, now: datetime) -> None:
    """Load the golden bank."""
    load_golden_bank(session, now=now)


@pytest.fixture
def attempt(session: Session, golden_bank: None, now: datetime) -> AttemptKey:
    """Deal the golden form to a candidate and return how the attempt is named."""
    user = make_user(session, now=now)
    return AttemptKey(user.id, deal_golden_form(session, user_id=user.id, now=now))

"""The audit log: acts that somebody may have to account for."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import AuditEntry
from app.accounts.queries import AuditRow
from app.persistence.types import new_id


def record(
    session: Session,
    action: str,
    *,
    subject: str,
    actor_id: int | None,
    now: datetime,
    **details: object,
) -> None:
    """Append one act: what was done, to which public id, and by whom."""
    session.add(
        AuditEntry(
            id=new_id(), at=now, actor_id=actor_id, action=action, subject=subject, details=details
        )
    )
    session.flush()


def list_audit(session: Session, *, page: int) -> tuple[list[AuditRow], bool]:
    """Return one page of acts, newest first, and whether another page follows."""
    return queries.audit_entries(session, page=page)

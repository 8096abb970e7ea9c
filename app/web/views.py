"""Addresses for machines: is the server alive, and may it be given requests."""

import structlog
from flask import Blueprint, Response, jsonify
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.web.access import public
from app.web.kit import current_kit
from app.web.problems import problem

bp = Blueprint("web", __name__, template_folder="templates")

logger = structlog.get_logger("dryrun")


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Say that the process answers; asks nothing of the database."""
    return jsonify(status="alive")


@bp.get("/readyz")
@public
def readyz() -> Response:
    """Say whether the database answers and its schema is the one this code needs (else 503)."""
    kit = current_kit()
    try:
        with kit.database.reading() as session:
            session.execute(select(1))
        is_current = kit.schema_is_current()
    except SQLAlchemyError as error:
        logger.warning("not ready", exc_info=error)
        return problem(503, "The database does not answer.")
    if not is_current:
        return problem(503, "The database's schema is not the one this version needs.")
    return jsonify(status="ready")

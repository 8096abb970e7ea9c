"""The pages and addresses of sittings; ``bp`` is the blueprint."""

from flask import Blueprint

bp = Blueprint("exams", __name__, template_folder="../templates")

from app.exams.views import catalogue, closing, room, saves, single_item  # noqa: E402,F401

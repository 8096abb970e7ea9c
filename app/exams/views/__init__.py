"""The pages and addresses of sittings; ``bp`` is the blueprint."""

from flask import Blueprint

bp = Blueprint("exams", __name__, template_folder="../templates")

# Below bp, which they import; imported for the routes that they register.
from app.exams.views import catalogue, closing, room, saves, single_item  # noqa: E402,F401

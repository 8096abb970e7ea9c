"""Assembles the Flask application; the only module that knows every room."""

import os

from flask import Flask

from app.accounts import permissions
from app.accounts.views import bp as accounts_bp
from app.exams.views import bp as exams_bp
from app.persistence.database import Database
from app.persistence.schema import schema_is_current
from app.reports.views import bp as reports_bp
from app.settings import Settings
from app.web import kit
from app.web.views import bp as web_bp


def create_app(settings: Settings | None = None, *, database: Database | None = None) -> Flask:
    """Return the application; settings come from the environment unless they are given.

    Raises SettingsError when a setting is missing or malformed.
    """
    settings = settings or Settings.from_environ(os.environ)
    database = database or Database.from_url(settings.database_url)
    app = Flask("app", static_folder=None, template_folder=None)
    kit.install(
        app, settings, database, schema_is_current=lambda: schema_is_current(database.engine)
    )
    permissions.install(app)
    for blueprint in (web_bp, accounts_bp, exams_bp, reports_bp):
        app.register_blueprint(blueprint)
    return app

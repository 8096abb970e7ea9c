"""Forms and fields: how they are filled, and how they say what is wrong.

There is no CSRF field here: the guard has checked the token before a form is built, and the macros
write it into every form.
"""

import re

from wtforms import EmailField, Form, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from app.errors import DomainError

MAXIMUM_NAME = 120
MAXIMUM_EMAIL = 254
# Enough to catch slips; whether an address exists only a message to it would tell.
EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\".]+(\.[^\s@<>\".]+)+")


class PageForm(Form):
    """The base of every form."""

    def text(self, name: str) -> str:
        """Return what was typed into the field, after its filters."""
        return str(self._fields[name].data or "")

    def refuse(self, error: DomainError) -> None:
        """Show a service's refusal at the field that it names, or for the whole form."""
        field = self._fields.get(str(error.details.get("field", "")))
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]


def tidy(text: str | None) -> str:
    """Return the text without control characters and with single spaces."""
    printable = "".join(" " if not each.isprintable() else each for each in text or "")
    return " ".join(printable.split())


def name_field(label: str = "Name") -> StringField:
    """Return a field for the name of a person."""
    return StringField(
        label,
        filters=[tidy],
        validators=[
            DataRequired("Enter your name."),
            Length(max=MAXIMUM_NAME, message=f"Enter a name of at most {MAXIMUM_NAME} characters."),
        ],
    )


def email_field(label: str = "E-mail address") -> EmailField:
    """Return a field for an e-mail address, kept in lower case."""
    return EmailField(
        label,
        filters=[_lower_case],
        validators=[
            DataRequired("Enter your e-mail address."),
            Length(max=MAXIMUM_EMAIL, message="Enter a shorter e-mail address."),
            Regexp(
                re.compile(EMAIL.pattern + r"\Z"),
                message="Enter an e-mail address such as name@example.com.",
            ),
        ],
    )


def password_field(label: str = "Password", *, missing: str = "Enter a password.") -> PasswordField:
    """Return a field for a password, taken exactly as typed."""
    # Longer ones than any password are cut off before they cost time to hash.
    too_long = Length(max=1024, message="Enter a shorter password.")
    return PasswordField(label, validators=[InputRequired(missing), too_long])


def _lower_case(text: str | None) -> str:
    return tidy(text).lower()

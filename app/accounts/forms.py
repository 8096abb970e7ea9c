"""Forms of accounts: their fields and wording."""

from wtforms import BooleanField, HiddenField, RadioField, SearchField

# The published types are one release behind.
# For the type checker: the stubs of WTForms lack this name, which the library has.
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from app.accounts.roles import LABELS
from app.web.fields import PageForm, email_field, name_field, password_field

PASSWORD_HINT = "8 or more characters. Several words are good; signs are not needed."  # noqa: S105 - a hint


class SignInForm(PageForm):
    """E-mail address and password of an account, and the page to go on to."""

    email = email_field()
    password = password_field(missing="Enter your password.")
    next = HiddenField()


class RegisterForm(PageForm):
    """What an account needs."""

    name = name_field()
    email = email_field()
    password = password_field()


class NewPasswordForm(PageForm):
    """A new password, by a reset link."""

    password = password_field("New password")


class ChangePasswordForm(PageForm):
    """The current password and a new one."""

    current_password = password_field("Current password", missing="Enter your current password.")
    password = password_field("New password", missing="Enter a new password.")


class RenameForm(PageForm):
    """A new name."""

    name = name_field()


class FindPeopleForm(PageForm):
    """Part of a name or e-mail address."""

    q = SearchField("Name or e-mail address")


class ChangeRoleForm(PageForm):
    """The role of a person and, for an instructor, the permissions."""

    role = RadioField(
        "Role",
        choices=[SelectChoice(role.value, label) for role, label in LABELS.items()],
        validators=[InputRequired("Select a role.")],
    )
    is_author = BooleanField("Author: may write and change questions")
    is_reviewer = BooleanField("Reviewer: may approve the questions of others")

"""Forms for signing in and what belongs to it."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from shop.web.forms import ShopForm
from shop.web.i18n import LABELS

TOO_LONG = _l("This is too long.")
MISSING_EMAIL = _l("Please give the e-mail address.")
MISSING_PASSWORD = _l("Please give the password.")


class SignInForm(ShopForm):
    """Address and password; `next` is where to go then, `kept` what waits to be sent."""

    email = StringField(_l("E-mail"), [DataRequired(MISSING_EMAIL), Length(max=254, message=TOO_LONG)])
    # no limit on the length here: a wrong password is a wrong password
    password = PasswordField(_l("Password"), [InputRequired(MISSING_PASSWORD)])
    next = HiddenField()
    kept = HiddenField()


class AskResetForm(ShopForm):
    """Whom to send a link for a new password."""

    email = StringField(_l("E-mail"), [DataRequired(MISSING_EMAIL), Length(max=254, message=TOO_LONG)])


class NewPasswordForm(ShopForm):
    """A password to set, typed twice. What it must be is `passwords.hashed`'s business."""

    password = PasswordField(_l("New password"), [InputRequired(MISSING_PASSWORD)])
    password_again = PasswordField(_l("The same password again"), [InputRequired(MISSING_PASSWORD)])

    def validate_password_again(self, field: PasswordField) -> None:
        """The one typing check that needs no rule."""
        if field.data != self.password.data:
            raise ValidationError(str(_l("The two passwords differ.")))


class ChangePasswordForm(NewPasswordForm):
    """As above, by somebody signed in, who proves that she is the one."""

    old_password = PasswordField(_l("Present password"), [InputRequired(MISSING_PASSWORD)])


class LanguageForm(ShopForm):
    """The language she is spoken to in."""

    lang = RadioField(_l("Language"), choices=[SelectChoice(code, label) for code, label in LABELS.items()])

"""The forms of coming in."""

from attest.services.accounts.passwords import RULE
from attest.web.forms import EmailField, Form, PasswordField


class ForgottenForm(Form):
    """Where to send the letter."""

    email = EmailField("Email address", needed="Enter your email address.")


class NewPasswordForm(Form):
    """A password that is being chosen."""

    password = PasswordField("New password", needed="Choose a password.", hint=RULE, new=True)

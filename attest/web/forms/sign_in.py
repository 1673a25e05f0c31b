"""The sign-in form, which a page asks for wherever a session has ended."""

from attest.web.forms.base import Form
from attest.web.forms.fields import EmailField, PasswordField


class SignInForm(Form):
    """Address and password."""

    email = EmailField("Email address", needed="Enter your email address.", autocomplete="username")
    password = PasswordField("Password", needed="Enter your password.")

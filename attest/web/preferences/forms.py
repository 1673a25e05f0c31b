"""What a person, and an organisation, may choose for their letters."""

from attest.web.forms import Form, SelectField, TickField


class OrganisationForm(Form):
    """For everybody of an organisation who has not chosen otherwise."""

    time_zone = SelectField(
        "Time zone",
        hint="Letters that chase arrive in working hours there. Zones are named after a city.",
    )
    language = SelectField(
        "Language of letters", hint="Pages, and what people typed, are not translated."
    )


class OwnForm(OrganisationForm):
    """For oneself."""

    daily_digest = TickField(
        "Send me one letter each working day",
        hint="It says at the beginning of working hours what needs you, what is late and what came "
        "in. What can wait comes with it; what cannot still comes at once.",
    )

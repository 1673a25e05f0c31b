"""GOV.UK Frontend's components, kept in an environment of their own.

Their macros ask for parameters that may be missing, which our own templates must never do
(StrictUndefined). So they are compiled apart, and our templates get the finished macros as
globals: `{{ govukButton({"text": "Sign 5 attestations"}) }}`, without an import.
"""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

Macro = Callable[..., Markup]

_PACKAGE = "govuk_frontend_jinja"
_COMPONENTS = (
    "back-link",
    "breadcrumbs",
    "button",
    "character-count",
    "checkboxes",
    "date-input",
    "details",
    "error-message",
    "error-summary",
    "fieldset",
    "file-upload",
    "generic-header",
    "hint",
    "input",
    "inset-text",
    "label",
    "notification-banner",
    "pagination",
    "panel",
    "password-input",
    "radios",
    "select",
    "service-navigation",
    "skip-link",
    "summary-list",
    "table",
    "tabs",
    "tag",
    "task-list",
    "textarea",
    "warning-text",
)


def macro_name(component: str) -> str:
    """Gives "govukDateInput" for "date-input"."""
    return "govuk" + "".join(part.capitalize() for part in component.split("-"))


@cache
def macros() -> Mapping[str, Macro]:
    """Every component's macro by its name."""
    environment = Environment(
        loader=PrefixLoader({_PACKAGE: PackageLoader(_PACKAGE, "templates")}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found: dict[str, Macro] = {}
    for component in _COMPONENTS:
        name = macro_name(component)
        template = environment.get_template(f"{_PACKAGE}/components/{component}/macro.html")
        found[name] = getattr(template.module, name)
    return MappingProxyType(found)


def render(name: str, params: Mapping[str, Any]) -> Markup:
    """One component as HTML. Text in `params` is escaped, what stands under "html" is not."""
    return Markup(macros()[name](dict(params)))  # noqa: S704 (made by an escaping template)

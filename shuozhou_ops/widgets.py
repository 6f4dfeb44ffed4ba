"""How the widgets of forms become HTML."""

from typing import Any

from django.forms.renderers import DjangoTemplates, Jinja2
from django.template import TemplateDoesNotExist


class Renderer(Jinja2):
    """Django's widgets by Jinja2, compiled once; those that others bring (the admin) by Django's templates.

    The page of a running incident has some 270 widgets. Source: docs/decisions/jinja2.md.
    """

    others = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        """The template of a widget. Raises TemplateDoesNotExist."""
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self.others.get_template(template_name)

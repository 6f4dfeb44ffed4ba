"""What is typed when an incident is left to its county, and when the county says what came of it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import fields
from .acts import ActForm


class LastWordForm(ActForm):
    """A county's last word. counties: (key, name). own: the county itself writes it, so nobody is asked who said it."""

    text = fields.words(gettext_lazy("处置结果"), required=True, most=2000, rows=3)

    def __init__(self, *args: Any, counties: Iterable[tuple[str, str]] = (), own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        county = fields.choice(_("县（市、区）"), list(counties))
        self.fields = {"county": county, **self.fields}
        if not own:
            self.fields["said_by"] = fields.words(_("谁说的（姓名、职务）"), required=True, most=60, rows=1)
            self.fields["said_at"] = fields.moment(_("什么时候说的（不填即现在）"))

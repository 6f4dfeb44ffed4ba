"""A row that has a stream of entries: it carries the stream's head, so appending locks nothing more than the row."""

from typing import ClassVar

from django.db import models


class Streamed(models.Model):
    """A row whose history is a stream of the journal. The head (last seq and hash) lives on the locked row."""

    head_seq = models.PositiveBigIntegerField(default=0, editable=False)
    head_hash = models.CharField(max_length=64, default="", editable=False)

    stream_kind: ClassVar[str]
    stream_key_field: ClassVar[str] = "key"

    class Meta:
        abstract = True

    @property
    def stream(self) -> str:
        """The name of this row's stream, fixed for its life: `incident/7f3a…`."""
        return f"{self.stream_kind}/{getattr(self, self.stream_key_field)}"

"""What may go wrong, in words a user can act on. Pure Python: no framework here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One field that cannot be taken: its name, a code for machines, words for people."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """A refusal: a code for machines, words for people, and the clause it comes from where there is one."""

    http_status = 409

    def __init__(self, code: str, message: str, cite: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.cite = code, message, cite


class NotAuthorised(DomainError):
    """The one who acts is not the one whom the plan names."""

    http_status = 403


class Conflict(DomainError):
    """The thing is no longer as the one who acts saw it, or the act does not fit its state."""


class BadInput(DomainError):
    """What was typed cannot be taken; every fault at once."""

    http_status = 400

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("bad_input", " ".join(error.message for error in errors))
        self.errors = errors

    @property
    def fields(self) -> frozenset[str]:
        """The fields at fault."""
        return frozenset(error.field for error in self.errors)


class BadFacts(BadInput):
    """Facts that the plan does not know or whose values cannot be."""

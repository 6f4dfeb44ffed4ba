"""An act as the page offers it: its form, its button, and whatever stands in its way."""

from dataclasses import dataclass, field

from django.forms import BoundField, Textarea, TextInput
from django.urls import reverse

from response.authority import Obstacle
from response.forms.acts import ActForm
from response.models import Deployment, Incident, LevelDecision
from shuozhou_ops.errors import DomainError


@dataclass
class Attempt:
    """A form that was posted and refused: shown again where it stood, with what was typed.

    placed: its form is on the page; else the refusal stands at the top.
    """

    name: str  # the offer's name: `suggest`, `approve/12`
    form: ActForm
    error: DomainError
    placed: bool = False

    @property
    def typed(self) -> list[tuple[str, str]]:
        """The words that were typed, by label: shown where their form is gone."""
        words = [(str(field.label), str(field.value() or "")) for field in self.form if _holds_words(field)]
        return [(label, text) for label, text in words if text.strip()]


def _holds_words(field: BoundField) -> bool:
    return isinstance(field.field.widget, Textarea | TextInput) and not field.is_hidden


@dataclass
class Offer:
    """One act. `says`: what it will set going; `cite`: the clause it comes from.

    obstacles: why it cannot be done by this person now, each with its own clause.
    """

    name: str
    url: str
    label: str
    form: ActForm
    obstacles: list[Obstacle] = field(default_factory=list)
    says: str = ""
    cite: str = ""
    primary: bool = False
    refusal: DomainError | None = None

    @property
    def allowed(self) -> bool:
        """Whether the button can be pressed."""
        return not self.obstacles

    @property
    def anchor(self) -> str:
        """The id of its form on the page."""
        return "act-" + self.name.replace("/", "-")


def offer(
    attempt: Attempt | None,
    name: str,
    url: str,
    label: str,
    form: ActForm,
    obstacles: list[Obstacle],
    *,
    says: str = "",
    cite: str = "",
    primary: bool = False,
) -> Offer:
    """An offer, with the refused form in its place where this is the one that was tried."""
    made = Offer(name, url, str(label), form, obstacles, says, cite, primary)
    if attempt is not None and attempt.name == name:
        made.form, made.refusal, attempt.placed = attempt.form, attempt.error, True
    made.form.auto_id = f"{made.anchor}-%s"  # several forms of one page have fields of one name
    return made


def of_incident(incident: Incident, act: str) -> str:
    """The address of an act on an incident."""
    return reverse("incident_act", args=[incident.public_id, act])


def of_deployment(deployment: Deployment, act: str) -> str:
    """The address of an act on a deployment."""
    return reverse("deployment_act", args=[deployment.pk, act])


def of_decision(decision: LevelDecision, act: str) -> str:
    """The address of an act on a decision."""
    return reverse("decision_act", args=[decision.pk, act])

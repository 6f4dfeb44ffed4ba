"""The rows behind those whom a plan means."""

from response.bearers import Bearer, Ground, ground_among
from response.models import Incident
from shuozhou_ops.accounts.models import Organisation, Position


class Roster:
    """Every unit and post by key: two queries, whatever the plan."""

    def __init__(self) -> None:
        self.units = {unit.key: unit for unit in Organisation.objects.all()}
        self.posts = {post.key: post for post in Position.objects.select_related("organisation")}

    def unit(self, bearer: Bearer) -> Organisation | None:
        """The unit behind a bearer, by its key or its post's."""
        post = self.posts.get(bearer.post or "")
        return self.units.get(bearer.unit or "") or (post.organisation if post else None)

    def post(self, bearer: Bearer) -> Position | None:
        """The post behind a bearer."""
        return self.posts.get(bearer.post or "")

    def ground_of(self, incident: Incident) -> Ground:
        """Where the incident is, one query."""
        return ground_among(
            self.units.values(), set(incident.places.filter(left_at=None).values_list("county__key", flat=True))
        )

"""One thing that waits for one person."""

from dataclasses import dataclass
from datetime import datetime

from response.models import Incident
from shuozhou_ops.notices.models import Notice


@dataclass(frozen=True)
class Want:
    """One thing that waits. `anchor`: where on the incident's page it is done; `notice`: done by one press here.

    rank: -1 what stands first of all, 0 a decision, 1 a notice, 2 the rest; 3 what a superior may do but another is to.
    """

    incident: Incident
    rank: int
    severity: int
    since: datetime
    act: str
    what: str
    anchor: str = ""
    cite: str = ""
    note: str = ""
    level: int | None = None
    notice: Notice | None = None

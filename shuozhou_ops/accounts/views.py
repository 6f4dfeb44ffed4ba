"""The door."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView

from .models import User


class Login(LoginView):
    """The login page; in demo mode it also names the cast, and `?as=NAME` fills the form in."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True
    http_method_names = ("get", "head", "post", "options")

    def get_initial(self) -> dict[str, Any]:
        """The account asked for by `?as=`, in demo mode only."""
        chosen = self.request.GET.get("as", "")
        return {**super().get_initial(), "username": chosen} if settings.DEMO else super().get_initial()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cast beside the form."""
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            context.update(_cast())
        return context


def _cast() -> dict[str, Any]:
    """The people of the tour who have an account, and the password they share."""
    from demo import cast  # not part of the product: read only where it is shown

    there = User.objects.filter(is_demo=True).in_bulk(field_name="username")
    leads = [(person.username, person.name, person.about) for person in cast.LEADS if person.username in there]
    units = [(name, there[name].name, "") for name in cast.SHOWN_UNITS if name in there]
    return {"people": leads + units, "password": cast.PASSWORD}

"""Where the pages live."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from shuozhou_ops.accounts.views import Login

from . import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("login/", Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("plans.api.urls")),
    path("", include("plans.urls")),
    path("", include("response.urls")),
]

handler400 = "shuozhou_ops.failures.bad_request"
handler403 = "shuozhou_ops.failures.forbidden"
handler404 = "shuozhou_ops.failures.not_found"
handler500 = "shuozhou_ops.failures.broken"

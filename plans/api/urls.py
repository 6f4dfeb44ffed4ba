"""The addresses of the plans for programs; no trailing slash."""

from django.urls import path

from .views import assess

urlpatterns = [path("plans/<str:plan>/assess", assess, name="assess")]

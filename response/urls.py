"""Where the pages of the response live."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

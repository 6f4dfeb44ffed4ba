"""The addresses of the plans' pages."""

from django.urls import path

from . import views

urlpatterns = [
    path("plans/", views.plans, name="plans"),
    path("plans/<slug:key>/", views.plan, name="plan"),
    path("plans/<slug:key>/versions/", views.versions, name="plan_versions"),
    path("plans/<slug:key>/try/", views.trial, name="trial"),
]

"""Where the pages of the response live."""

from django.urls import path

from .views import desk, intake, receipts, work

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("incidents/new/", intake.intake, name="intake"),
    path("incidents/new/assess/", intake.assess, name="intake_assess"),
    path("notices/<int:pk>/acknowledge/", receipts.acknowledge, name="acknowledge"),
    path("tasks/<int:pk>/<str:verb>/", work.act, name="task_act"),
]

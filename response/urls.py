"""Where the pages of the response live."""

from django.urls import path

from .views import acts, desk, incident, intake, receipts, situation, work

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("incidents/new/", intake.intake, name="intake"),
    path("incidents/new/assess/", intake.assess, name="intake_assess"),
    path("incidents/<str:public_id>/", incident.incident, name="incident"),
    path("incidents/<str:public_id>/<str:act>/", acts.incident_act, name="incident_act"),
    path("decisions/<int:pk>/<str:act>/", acts.decision_act, name="decision_act"),
    path("deployments/<int:pk>/<str:act>/", acts.deployment_act, name="deployment_act"),
    path("papers/<int:pk>/submit/", acts.paper_submit, name="paper_submit"),
    path("situation/<int:pk>/", situation.situation, name="situation"),
    path("situation/<int:pk>/<str:act>/", acts.situation_act, name="situation_act"),
    path("notices/<int:pk>/acknowledge/", receipts.acknowledge, name="acknowledge"),
    path("tasks/<int:pk>/<str:verb>/", work.act, name="task_act"),
]

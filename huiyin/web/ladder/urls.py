"""Addresses of the ladder of supervision."""

from django.urls import path

from huiyin.web.ladder import signing, steps, views

app_name = "ladder"
urlpatterns = [
    path("", views.rungs, name="list"),
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/<int:key>/", signing.dismissing, name="dismiss"),
    path("new/<slug:rung>/", signing.sign, name="new"),
    path("<int:key>/", views.rung, name="rung"),
    path("<int:key>/<slug:step>/", steps.take, name="step"),
]

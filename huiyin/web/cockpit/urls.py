"""Addresses of the leader's page."""

from django.urls import path

from huiyin.web.cockpit import views

app_name = "cockpit"
urlpatterns = [path("", views.figures, name="figures"), path("cases/", views.cases, name="cases")]

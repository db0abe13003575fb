"""Addresses of administrator and auditor."""

from django.urls import path

from huiyin.web.keeping import views

app_name = "keeping"
urlpatterns = [path("office/", views.office, name="office"), path("ledger/", views.ledger, name="ledger")]

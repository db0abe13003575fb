"""Addresses of supervision."""

from django.urls import path

from huiyin.web.supervisor import views

app_name = "supervisor"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("matters/", views.matters, name="matters"),
]

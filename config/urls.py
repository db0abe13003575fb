"""Addresses of every page."""

from django.urls import include, path

urlpatterns = [
    path("", include("huiyin.web.urls")),
]
handler400 = "huiyin.web.faults.bad_request"
handler500 = "huiyin.web.faults.server_error"

"""Addresses of the feedback forms."""

from django.urls import path

from huiyin.web.feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.listing, name="listing"),
    path("<int:key>/", views.one, name="one"),
    path("<int:key>/pdf/", views.file, name="file"),
]

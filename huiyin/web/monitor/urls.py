"""Addresses of outside supervisors, and of the questions they ask."""

from django.urls import path

from huiyin.web.monitor import views

app_name = "monitor"
urlpatterns = [
    path("", views.matters, name="matters"),
    path("inquiries/", views.inquiries, name="inquiries"),
    path("inquiries/<int:key>/", views.inquiry, name="inquiry"),
    path("<str:number>/", views.one, name="matter"),
]

"""Addresses of this room, to be included under `consent/`."""

from django.urls import path

from consent import views

app_name = "consent"
urlpatterns = [
    path("", views.ConsentView.as_view(), name="choices"),
    path("preferences/", views.PreferencesView.as_view(), name="preferences"),
]

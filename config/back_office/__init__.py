"""The demo shop's admin: Django's, with its apps in the order in which editors need them."""

"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "config.site.simulator"
    label = "demo_simulator"
    verbose_name = "Simulated visitors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.site.simulator.admin_panels import register_panels
        from config.site.simulator.stores import SimulatedVisitorStore
        from consent import stores

        stores.register(SimulatedVisitorStore())
        register_panels()

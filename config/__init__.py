"""The demo project: settings, URLs and the shop-and-magazine that shows what Attune does."""

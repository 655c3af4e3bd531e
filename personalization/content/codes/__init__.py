"""Codes of offers: kept in stocks, each given away once."""

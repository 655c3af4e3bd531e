"""What goes wrong around a running site: services that end, tables that are locked, input that means harm."""

"""What a variant can show, a module for each kind: a text, a ready-made layout, a call to action, a list of items."""
